//! What a message may hold (resources/message, "Create Message" and "Embed Limits"; "Allowed Mentions Object").

use super::components;
use super::{Form, snowflake, units};
use crate::rehearsal::rest::attachments::{PLACES, is_picture, name_of};
use crate::rehearsal::rest::{File, Refusal};
use serde_json::Value;
use std::collections::HashSet;

pub const EPHEMERAL: u64 = 1 << 6;
pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
pub const COMPONENTS_V2: u64 = 1 << 15;

/// What may be shown: files that come with the request, and those that stand with the message already.
#[derive(Debug)]
pub struct Uploads<'a> {
    pub files: &'a [File],
    pub standing: &'a [Value],
}

/// Checks the parts that are there; whether the whole is empty is for the one who knows what stood there before. `longest`: how
/// much content its author may send.
pub fn check(body: &Value, uploads: &Uploads<'_>, v2: bool, longest: usize) -> Result<(), Refusal> {
    let mut form = Form::default();
    if !body.is_object() {
        form.fault("_", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return form.finish();
    }
    form.text("content", &body["content"], false, 0, longest);
    form.boolean("tts", &body["tts"]);
    if !body["flags"].is_null() && body["flags"].as_u64().is_none() {
        form.fault("flags", "NUMBER_TYPE_COERCE", "Value is not int.");
    }
    embeds(&mut form, &body["embeds"]);
    allowed_mentions(&mut form, &body["allowed_mentions"]);
    nonce(&mut form, body);
    attachments(&mut form, &body["attachments"], uploads);
    shown(&mut form, body, uploads);
    components::in_message(&mut form, &body["components"], v2);
    if v2 {
        for (key, empty) in
            [("content", body["content"].as_str().is_none_or(str::is_empty)), ("embeds", is_empty(&body["embeds"]))]
        {
            if !empty {
                let message = format!("The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
                form.fault(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
            }
        }
        if !body["poll"].is_null() {
            let message = "The 'poll' field cannot be used when using MessageFlags.IS_COMPONENTS_V2";
            form.fault("poll", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
        }
    }
    form.finish()
}

pub fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

fn embeds(form: &mut Form, value: &Value) {
    let mut total = 0;
    for (at, embed) in form.list("embeds", value, 0, 10).iter().enumerate() {
        let path = |key: &str| format!("embeds.{at}.{key}");
        if !embed.is_object() {
            form.fault(&format!("embeds.{at}"), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
            continue;
        }
        total += form.text(&path("title"), &embed["title"], false, 0, 256);
        total += form.text(&path("description"), &embed["description"], false, 0, 4096);
        total += form.text(&path("footer.text"), &embed["footer"]["text"], embed["footer"].is_object(), 1, 2048);
        total += form.text(&path("author.name"), &embed["author"]["name"], embed["author"].is_object(), 1, 256);
        form.number(&path("color"), &embed["color"], 0, 0xFF_FF_FF);
        form.url(&path("url"), &embed["url"], false);
        form.url(&path("image.url"), &embed["image"]["url"], true);
        form.url(&path("thumbnail.url"), &embed["thumbnail"]["url"], true);
        form.url(&path("footer.icon_url"), &embed["footer"]["icon_url"], true);
        form.url(&path("author.icon_url"), &embed["author"]["icon_url"], true);
        if let Some(time) = embed["timestamp"].as_str()
            && time.parse::<jiff::Timestamp>().is_err()
        {
            form.fault(&path("timestamp"), "DATETIME_TYPE_PARSE", format!("Could not parse {time}. Should be ISO8601."));
        }
        for (n, field) in form.list(&path("fields"), &embed["fields"], 0, 25).iter().enumerate() {
            let path = |key: &str| format!("embeds.{at}.fields.{n}.{key}");
            total += form.text(&path("name"), &field["name"], true, 1, 256);
            total += form.text(&path("value"), &field["value"], true, 1, 1024);
            form.boolean(&path("inline"), &field["inline"]);
        }
    }
    if total > 6000 {
        form.fault("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
    }
}

fn allowed_mentions(form: &mut Form, value: &Value) {
    if value.is_null() {
        return;
    }
    if !value.is_object() {
        form.fault("allowed_mentions", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return;
    }
    let mut kinds = HashSet::new();
    for (at, kind) in form.list("allowed_mentions.parse", &value["parse"], 0, 3).iter().enumerate() {
        let path = format!("allowed_mentions.parse.{at}");
        match kind.as_str() {
            Some(kind @ ("roles" | "users" | "everyone")) if kinds.insert(kind.to_owned()) => {}
            Some("roles" | "users" | "everyone") => {
                form.fault(&path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The list has a value twice.");
            }
            _ => form.fault(&path, "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone')."),
        }
    }
    for key in ["users", "roles"] {
        let path = format!("allowed_mentions.{key}");
        let mut seen = HashSet::new();
        for (at, id) in form.list(&path, &value[key], 0, 100).iter().enumerate() {
            match snowflake(id) {
                None => form.fault(&format!("{path}.{at}"), "NUMBER_TYPE_COERCE", format!("Value \"{id}\" is not snowflake.")),
                Some(id) if !seen.insert(id) => {
                    form.fault(&path, "SET_TYPE_ALREADY_CONTAINS_VALUE", format!("The set already contains the value {id}"));
                }
                Some(_) => {}
            }
        }
        if kinds.contains(key) && !seen.is_empty() {
            let message = format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive.");
            form.fault("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
        }
    }
    form.boolean("allowed_mentions.replied_user", &value["replied_user"]);
}

/// "Can be up to 25 characters": an integer, or a string.
fn nonce(form: &mut Form, body: &Value) {
    match &body["nonce"] {
        Value::Null => {}
        Value::String(text) if units(text) <= 25 => {}
        Value::Number(n) if n.is_i64() => {}
        _ => form.fault("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer characters in length."),
    }
    form.boolean("enforce_nonce", &body["enforce_nonce"]);
}

/// Ten files a message; every id names one of them ("for new attachments this must match the `n` in `files[n]`").
fn attachments(form: &mut Form, value: &Value, uploads: &Uploads<'_>) {
    let mut seen = HashSet::new();
    for (at, one) in form.list("attachments", value, 0, 10).iter().enumerate() {
        let path = |key: &str| format!("attachments.{at}.{key}");
        form.text(&path("description"), &one["description"], false, 0, 1024);
        form.text(&path("filename"), &one["filename"], false, 1, 1024);
        let Some(id) = snowflake(&one["id"]) else {
            form.fault(&path("id"), "BASE_TYPE_REQUIRED", "This field is required");
            continue;
        };
        if !seen.insert(id) {
            form.fault("attachments", "SET_TYPE_ALREADY_CONTAINS_VALUE", format!("The set already contains the value {id}"));
        }
        let comes = uploads.files.iter().any(|file| file.number == id.to_string());
        let stands = uploads.standing.iter().any(|file| snowflake(&file["id"]) == Some(id));
        if !comes && !stands {
            form.fault(&format!("attachments.{at}"), "ATTACHMENT_NOT_FOUND", "Attachment data not found");
        }
    }
    let mut numbers = HashSet::new();
    for file in uploads.files {
        if file.bytes.is_empty() || file.name.is_empty() {
            form.fault("files", "BASE_TYPE_REQUIRED", format!("files[{}] has no bytes or no filename.", file.number));
        }
        if !numbers.insert(&file.number) {
            form.fault("files", "SET_TYPE_ALREADY_CONTAINS_VALUE", format!("files[{}] is there twice.", file.number));
        }
    }
    if uploads.files.len() > 10 {
        form.fault("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
    }
}

/// What an embed calls `attachment://name` must be there, and a picture. Discord lets such an embed through and shows nothing: a
/// rehearsal is the place to hear of it.
fn shown(form: &mut Form, body: &Value, uploads: &Uploads<'_>) {
    let described = &body["attachments"];
    let kept = uploads.standing.iter().filter(|file| {
        described.is_null()
            || described.as_array().into_iter().flatten().any(|one| snowflake(&one["id"]) == snowflake(&file["id"]))
    });
    let mut names: Vec<String> = uploads.files.iter().map(|file| name_of(file, described)).collect();
    names.extend(kept.filter_map(|file| Some(file["filename"].as_str()?.to_owned())));
    for (at, embed) in body["embeds"].as_array().into_iter().flatten().enumerate() {
        for (part, key) in PLACES {
            let Some(name) = embed[part][key].as_str().and_then(|url| url.strip_prefix("attachment://")) else { continue };
            if !names.iter().any(|known| known == name) {
                form.fault(&format!("embeds.{at}.{part}.{key}"), "ATTACHMENT_NOT_FOUND", "Attachment data not found");
            } else if !is_picture(name) {
                form.fault(&format!("embeds.{at}.{part}.{key}"), "URL_TYPE_INVALID_URL", "Not a picture that an embed can show.");
            }
        }
        for part in ["image", "thumbnail"] {
            form.text(&format!("embeds.{at}.{part}.description"), &embed[part]["description"], false, 0, 4096);
        }
    }
}
