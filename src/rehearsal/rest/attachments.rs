//! Files of a message (reference, "Uploading Files"; resources/message, "Attachment Object"): stored, named, shown in embeds,
//! and given back as Discord gives them back. What they may be is for `limits`.

use super::File;
use crate::rehearsal::limits::snowflake;
use crate::rehearsal::world::{Id, Message, World};
use serde_json::{Map, Value, json};

/// Where an embed may show a picture: the part and its key.
pub const PLACES: [(&str, &str); 4] = [("image", "url"), ("thumbnail", "url"), ("footer", "icon_url"), ("author", "icon_url")];

/// What `attachments` says about an uploaded file, by the n of `files[n]`.
fn about<'a>(file: &File, described: &'a Value) -> Option<&'a Value> {
    described.as_array().into_iter().flatten().find(|one| snowflake(&one["id"]).is_some_and(|id| id.to_string() == file.number))
}

/// The name under which a file stands: letters, digits, `_`, `-` and `.`; anything else becomes `_`.
pub fn name_of(file: &File, described: &Value) -> String {
    let given = about(file, described).and_then(|one| one["filename"].as_str()).unwrap_or(&file.name);
    given.chars().map(|one| if one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.') { one } else { '_' }).collect()
}

/// The media type, by the name's ending.
fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        _ => return None,
    })
}

/// "Only .jpg, .jpeg, .png, .webp, and .gif may be used" in embeds (reference, "Using Attachments within Embeds").
pub fn is_picture(name: &str) -> bool {
    kind_of(name).is_some_and(|kind| kind.starts_with("image/") && kind != "image/svg+xml")
}

/// Width and height from a PNG's first chunk; of other kinds nothing is known here.
fn size_of(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..16)?.strip_prefix(b"IHDR")?;
    let (width, height) = header.split_at(4);
    Some((u32::from_be_bytes(width.try_into().ok()?), u32::from_be_bytes(height.try_into().ok()?)))
}

/// Uploaded files as attachments, with what `attachments` says about them.
pub fn store(world: &mut World, channel: Id, described: &Value, files: &[File]) -> Vec<Value> {
    let mut list = Vec::new();
    for file in files {
        let name = name_of(file, described);
        let id = world.next_id();
        let part = format!("attachments/{channel}/{id}/{name}");
        let mut one = json!({
            "id": id.to_string(),
            "filename": name,
            "size": file.bytes.len(),
            "url": format!("https://cdn.rehearsal.invalid/{part}"),
            "proxy_url": format!("https://media.rehearsal.invalid/{part}"),
        });
        if let Some(words) = about(file, described).and_then(|one| one["description"].as_str()).filter(|words| !words.is_empty())
        {
            one["description"] = json!(words);
        }
        if let Some(kind) = kind_of(&name) {
            one["content_type"] = json!(kind);
        }
        if let Some((width, height)) = size_of(&file.bytes) {
            one["width"] = json!(width);
            one["height"] = json!(height);
        }
        world.files.insert(id, file.bytes.as_slice().into());
        list.push(one);
    }
    list
}

/// What stays of the files of a message that is edited: all, or those that `attachments` names, with their new descriptions.
/// "When making a PATCH request, only files listed in the `attachments` parameter will be appended."
pub fn kept(standing: &[Value], listed: Option<&Value>) -> Vec<Value> {
    let Some(listed) = listed else { return standing.to_vec() };
    let mut kept = Vec::new();
    for one in standing {
        let same = |other: &&Value| snowflake(&other["id"]) == snowflake(&one["id"]);
        let Some(again) = listed.as_array().into_iter().flatten().find(same) else { continue };
        let mut one = one.clone();
        if let Some(words) = again["description"].as_str() {
            one["description"] = json!(words);
        }
        kept.push(one);
    }
    kept
}

/// Those of the new files that an edit wants: all, or those that `attachments` names.
pub fn wanted<'a>(files: &'a [File], listed: Option<&Value>) -> Vec<&'a File> {
    files.iter().filter(|file| listed.is_none_or(|listed| about(file, listed).is_some())).collect()
}

/// Embeds as they are sent name a file `attachment://name`; as Discord gives them back they have its address. A description
/// stays only where the embed itself has one: that of the attachment is not taken over (discord-api-docs, issue 8373).
pub fn resolve(embed: &mut Map<String, Value>, attachments: &[Value]) {
    for (part, key) in PLACES {
        let Some(shown) = embed.get_mut(part).and_then(Value::as_object_mut) else { continue };
        let name = shown.get(key).and_then(Value::as_str).and_then(|url| url.strip_prefix("attachment://"));
        let Some(file) = name.and_then(|name| attachments.iter().find(|file| file["filename"] == name)) else { continue };
        shown.insert(key.into(), file["url"].clone());
        if key == "url" {
            for about in ["proxy_url", "width", "height", "content_type"] {
                match file.get(about) {
                    Some(value) => shown.insert(about.into(), value.clone()),
                    None => shown.remove(about),
                };
            }
        } else {
            shown.insert(format!("proxy_{key}"), file["proxy_url"].clone());
        }
    }
}

/// "Any attached files that are not referenced in embeds or components": an edit that takes the embed away and leaves the file brings
/// it out again (discord-api-docs, issue 1340).
pub fn loose(message: &Message) -> impl Iterator<Item = &Value> {
    let is_shown =
        |file: &Value| message.embeds.iter().any(|embed| PLACES.iter().any(|(part, key)| embed[*part][*key] == file["url"]));
    message.attachments.iter().filter(move |file| !is_shown(file))
}
