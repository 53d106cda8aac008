//! REST, the middle: a parsed request finds its route and its resource; an answer or a refusal comes back. Owns the table of
//! routes and of error codes (topics/opcodes-and-status-codes, "JSON Error Codes"); the resources are in `rest/`.

pub(super) mod application;
pub(super) mod attachments;
pub(super) mod channels;
pub(super) mod commands;
mod compose;
pub(super) mod guilds;
pub(super) mod interactions;
pub(super) mod messages;
pub(super) mod reactions;
pub(super) mod users;
pub(super) mod webhooks;

use super::Shared;
use super::world::{Channel, Id, World};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct File {
    /// The n of `files[n]`.
    pub number: String,
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug)]
pub struct Request {
    pub method: String,
    /// Without `/api/v10` and query.
    pub path: String,
    pub parts: Vec<String>,
    pub query: HashMap<String, String>,
    pub body: Option<Value>,
    pub files: Vec<File>,
}

impl Request {
    pub fn from_line(method: &str, uri: &axum::http::Uri) -> Self {
        let full = uri.path();
        let path = full.strip_prefix("/api/v10").unwrap_or(full).to_owned();
        // Only v10 is spoken here: any other path keeps its prefix and finds no route.
        let parts = path.split('/').skip(1).map(decode).collect();
        let query = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (decode(k), decode(v)));
        let query = query.collect();
        Self { method: method.to_owned(), path, parts, query, body: None, files: Vec::new() }
    }

    pub fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }

    /// The id in the path. What isn't a number can't be one: Discord says 50035.
    pub fn id(&self, at: usize) -> Result<Id, Refusal> {
        self.part(at).parse().map_err(|_| {
            let message = format!("Value \"{}\" is not snowflake.", self.part(at));
            Refusal::form(
                json!({ "id": { "_errors": [{ "code": "NUMBER_TYPE_COERCE", "message": message }] } }),
                "Invalid Form Body",
            )
        })
    }

    /// The body, or an empty object.
    pub fn object(&self) -> Value {
        self.body.clone().unwrap_or_else(|| json!({}))
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let raw = text.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        let hex = raw
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (raw[at], hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                at += 3;
            }
            (byte, _) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Option<Value>,
    pub headers: Vec<(String, String)>,
}

impl Reply {
    pub fn new(status: u16, body: Value) -> Self {
        Self { status, body: Some(body), headers: Vec::new() }
    }

    pub fn ok(body: Value) -> Self {
        Self::new(200, body)
    }

    pub fn empty() -> Self {
        Self { status: 204, body: None, headers: Vec::new() }
    }
}

/// What Discord says no with.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub code: u32,
    pub message: String,
    pub errors: Option<Value>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)?;
        self.errors.as_ref().map_or(Ok(()), |errors| write!(f, " {errors}"))
    }
}

impl Refusal {
    pub fn new(status: u16, code: u32, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), errors: None }
    }

    /// One of the documented JSON error codes, with its status and sentence.
    pub fn code(code: u32) -> Self {
        let (status, message) = match code {
            10003 => (404, "Unknown Channel"),
            10004 => (404, "Unknown Guild"),
            10007 => (404, "Unknown Member"),
            10008 => (404, "Unknown Message"),
            10009 => (404, "Unknown Permission Overwrite"),
            10011 => (404, "Unknown Role"),
            10013 => (404, "Unknown User"),
            10014 => (400, "Unknown Emoji"),
            10015 => (404, "Unknown Webhook"),
            10062 => (404, "Unknown interaction"),
            10063 => (404, "Unknown application command"),
            30003 => (400, "Maximum number of pins reached for the channel (50)"),
            30013 => (400, "Maximum number of guild channels reached (500)"),
            40005 => (413, "Request entity too large"),
            40060 => (400, "Interaction has already been acknowledged."),
            50001 => (403, "Missing Access"),
            50003 => (403, "Cannot execute action on a DM channel"),
            50005 => (403, "Cannot edit a message authored by another user"),
            50006 => (400, "Cannot send an empty message"),
            50007 => (403, "Cannot send messages to this user"),
            50013 => (403, "Missing Permissions"),
            50021 => (403, "Cannot execute action on a system message"),
            50027 => (401, "Invalid Webhook Token"),
            50033 => (400, "Invalid Recipient(s)"),
            50083 => (400, "Thread is archived"),
            50278 => (403, "Cannot send messages to this user due to having no mutual guilds"),
            90001 => (403, "Reaction was blocked"),
            60003 => (403, "Two factor is required for this operation"),
            160_002 => (400, "Cannot reply without permission to read message history"),
            _ => (400, "Bad Request"),
        };
        Self::new(status, code, message)
    }

    /// 50035 with its nested errors.
    pub fn form(errors: Value, message: &str) -> Self {
        Self { status: 400, code: 50_035, message: message.to_owned(), errors: (!errors.is_null()).then_some(errors) }
    }

    pub fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub fn bad_json() -> Self {
        Self::new(400, 50_109, "The request body contains invalid JSON.")
    }

    pub fn into_reply(self) -> Reply {
        let mut body = json!({ "message": self.message, "code": self.code });
        if let Some(errors) = self.errors {
            body["errors"] = errors;
        }
        Reply::new(self.status, body)
    }
}

/// 429 as topics/rate-limits, "Exceeding A Rate Limit", shows it.
pub fn too_many(retry_after: Duration, global: bool, shared: bool) -> Reply {
    let seconds = retry_after.as_secs_f64();
    let message = if shared { "The resource is being rate limited." } else { "You are being rate limited." };
    let mut reply = Reply::new(429, json!({ "message": message, "retry_after": seconds, "global": global, "code": 0 }));
    reply.headers.push(("retry-after".into(), format!("{}", seconds.ceil())));
    let scope = if global {
        "global"
    } else if shared {
        "shared"
    } else {
        "user"
    };
    reply.headers.push(("x-ratelimit-scope".into(), scope.into()));
    if global {
        reply.headers.push(("x-ratelimit-global".into(), "true".into()));
    } else {
        reply.headers.push(("x-ratelimit-reset-after".into(), format!("{seconds:.3}")));
        reply.headers.push(("x-ratelimit-remaining".into(), "0".into()));
    }
    reply
}

pub type Answer = Result<Reply, Refusal>;
type Resource = fn(&mut World, &Request) -> Answer;

/// The template as the `OpenAPI` document writes it, and who answers. `{…}` takes any one part.
const ROUTES: &[(&str, &str, Resource)] = &[
    ("GET", "/gateway", application::gateway),
    ("GET", "/gateway/bot", application::gateway_bot),
    ("GET", "/applications/@me", application::me),
    ("GET", "/oauth2/applications/@me", application::me),
    ("GET", "/applications/{application_id}", application::me),
    ("GET", "/applications/{application_id}/commands", commands::list),
    ("PUT", "/applications/{application_id}/commands", commands::overwrite),
    ("POST", "/applications/{application_id}/commands", commands::create),
    ("DELETE", "/applications/{application_id}/commands/{command_id}", commands::delete),
    ("GET", "/users/@me", users::me),
    ("GET", "/users/@me/guilds", users::guilds),
    ("POST", "/users/@me/channels", users::open_dm),
    ("GET", "/users/{user_id}", users::get),
    ("GET", "/channels/{channel_id}", channels::get),
    ("PATCH", "/channels/{channel_id}", channels::edit),
    ("DELETE", "/channels/{channel_id}", channels::delete),
    ("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", channels::put_overwrite),
    ("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}", channels::delete_overwrite),
    ("POST", "/channels/{channel_id}/typing", channels::typing),
    ("GET", "/channels/{channel_id}/messages", messages::list),
    ("POST", "/channels/{channel_id}/messages", messages::create),
    ("GET", "/channels/{channel_id}/messages/pins", messages::pins),
    ("PUT", "/channels/{channel_id}/messages/pins/{message_id}", messages::pin),
    ("DELETE", "/channels/{channel_id}/messages/pins/{message_id}", messages::unpin),
    ("GET", "/channels/{channel_id}/pins", messages::old_pins),
    ("PUT", "/channels/{channel_id}/pins/{message_id}", messages::old_pin),
    ("DELETE", "/channels/{channel_id}/pins/{message_id}", messages::old_unpin),
    ("GET", "/channels/{channel_id}/messages/{message_id}", messages::get),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", messages::edit),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}", messages::delete),
    ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", reactions::add),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", reactions::remove),
    ("GET", "/guilds/{guild_id}", guilds::get),
    ("GET", "/guilds/{guild_id}/channels", guilds::channels),
    ("POST", "/guilds/{guild_id}/channels", guilds::create_channel),
    ("GET", "/guilds/{guild_id}/roles", guilds::roles),
    ("GET", "/guilds/{guild_id}/roles/member-counts", guilds::member_counts),
    ("GET", "/guilds/{guild_id}/members/{user_id}", guilds::member),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", interactions::callback),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}", webhooks::follow_up),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", webhooks::get),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", webhooks::edit),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", webhooks::delete),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", webhooks::get),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", webhooks::edit),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", webhooks::delete),
];

fn route(request: &Request) -> Option<&'static (&'static str, &'static str, Resource)> {
    ROUTES.iter().find(|(method, template, _)| {
        let mut parts = template.split('/').skip(1);
        *method == request.method
            && request
                .parts
                .iter()
                .all(|part| parts.next().is_some_and(|one| one.starts_with('{') && !part.is_empty() || one == part))
            && parts.next().is_none()
    })
}

pub fn template(request: &Request) -> Option<&'static str> {
    route(request).map(|(_, template, _)| *template)
}

pub fn by_interaction_token(request: &Request) -> bool {
    matches!(request.part(0), "interactions" | "webhooks")
}

pub fn answer(shared: &Arc<Shared>, request: &Request) -> Answer {
    let Some((_, _, resource)) = route(request) else { return Err(Refusal::new(404, 0, "404: Not Found")) };
    resource(&mut shared.world(), request)
}

/// The channel, if the bot may look at it: 10003 when there is none, 50001 when it may not.
fn visible_channel(world: &World, id: Id) -> Result<(Channel, u64), Refusal> {
    let channel = world.channels.get(&id).ok_or_else(|| Refusal::code(10_003))?;
    let bits = world.permissions_in(channel, world.bot);
    if bits & super::permissions::VIEW_CHANNEL == 0 {
        return Err(Refusal::code(50_001));
    }
    Ok((channel.clone(), bits))
}

fn need(bits: u64, wanted: u64) -> Result<(), Refusal> {
    if bits & wanted == wanted { Ok(()) } else { Err(Refusal::code(50_013)) }
}
