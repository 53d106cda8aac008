//! What a server's channel may be (resources/guild, "Create Guild Channel"; resources/channel, "Modify Channel").

use super::{Form, snowflake};
use crate::rehearsal::permissions::{self, ADMINISTRATOR};
use crate::rehearsal::rest::Refusal;
use crate::rehearsal::world::{Guild, Id, Overwrite};
use serde_json::Value;

pub fn check(body: &Value, creating: bool) -> Result<(), Refusal> {
    let mut form = Form::default();
    if creating || !body["name"].is_null() {
        form.text("name", &body["name"], true, 1, 100);
    }
    form.text("topic", &body["topic"], false, 0, 1024);
    form.number("rate_limit_per_user", &body["rate_limit_per_user"], 0, 21_600);
    form.boolean("nsfw", &body["nsfw"]);
    if !body["type"].is_null() {
        form.choice("type", &body["type"], &[0, 2, 4, 5, 13, 14, 15, 16]);
    }
    for (at, one) in form.list("permission_overwrites", &body["permission_overwrites"], 0, 100).iter().enumerate() {
        let path = |key: &str| format!("permission_overwrites.{at}.{key}");
        if snowflake(&one["id"]).is_none() {
            form.fault(&path("id"), "BASE_TYPE_REQUIRED", "This field is required");
        }
        if !matches!(kind(&one["type"]), Some(0 | 1)) {
            form.fault(&path("type"), "BASE_TYPE_CHOICES", "Value must be one of (0, 1).");
        }
        for key in ["allow", "deny"] {
            if !one[key].is_null() && bits(&one[key]).is_none() {
                form.fault(&path(key), "NUMBER_TYPE_COERCE", "Value is not int.");
            }
        }
    }
    form.finish()
}

fn kind(value: &Value) -> Option<u64> {
    match value.as_str() {
        Some("role") => Some(0),
        Some("member") => Some(1),
        _ => snowflake(value),
    }
}

fn bits(value: &Value) -> Option<u64> {
    snowflake(value)
}

/// Reads overwrites that [`check`] let pass. "Only permissions your bot has in the guild can be allowed/denied": 50013.
pub fn overwrites(guild: &Guild, bot: Id, value: &Value) -> Result<Vec<Overwrite>, Refusal> {
    let own = permissions::base(guild, bot);
    let mut list = Vec::new();
    for one in value.as_array().into_iter().flatten() {
        let overwrite = Overwrite {
            id: snowflake(&one["id"]).unwrap_or_default(),
            is_member: kind(&one["type"]) == Some(1),
            allow: bits(&one["allow"]).unwrap_or_default(),
            deny: bits(&one["deny"]).unwrap_or_default(),
        };
        if own & ADMINISTRATOR == 0 && (overwrite.allow | overwrite.deny) & !own != 0 {
            return Err(Refusal::code(50_013));
        }
        if !overwrite.is_member && !guild.roles.contains_key(&overwrite.id) {
            return Err(Refusal::code(10_011));
        }
        list.push(overwrite);
    }
    Ok(list)
}
