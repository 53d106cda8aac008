//! From a request's body to a message: checked, completed as Discord completes it (component ids, embed types, attachment
//! addresses), its mentions worked out. Posts nothing.

use super::{File, Refusal, attachments};
use crate::rehearsal::limits::message::{
    self as rules, COMPONENTS_V2, EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, Uploads,
};
use crate::rehearsal::limits::snowflake;
use crate::rehearsal::permissions::MENTION_EVERYONE;
use crate::rehearsal::world::{Id, Message, World};
use serde_json::{Map, Value, json};

pub struct Draft<'a> {
    pub author: Id,
    pub channel: Id,
    pub body: &'a Value,
    pub files: &'a [File],
    /// What only a person sends: see [`Message::beside`].
    pub beside: Value,
}

pub fn message(world: &mut World, draft: &Draft<'_>) -> Result<Message, Refusal> {
    let Draft { author, channel, body, files, ref beside } = *draft;
    let asked = body["flags"].as_u64().unwrap_or(0);
    // Of the flags a sender may set, Discord takes these; others are dropped.
    let flags = asked & (SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2 | EPHEMERAL);
    rules::check(body, &Uploads { files, standing: &[] }, flags & COMPONENTS_V2 != 0, longest(world, author))?;
    let content = body["content"].as_str().unwrap_or_default().trim().to_owned();
    let id = world.next_id();
    let attachments = attachments::store(world, channel, &body["attachments"], files);
    let embeds = embeds(&body["embeds"], &attachments);
    let components = components(&body["components"]);
    if content.is_empty() && embeds.is_empty() && components.is_empty() && attachments.is_empty() && beside.is_null() {
        return Err(Refusal::code(50_006));
    }
    let reply_to = reply_to(world, channel, &body["message_reference"])?;
    let mut message = Message {
        id,
        channel,
        author,
        content,
        embeds,
        components,
        attachments,
        flags,
        only_for: None,
        mentions: Vec::new(),
        mention_roles: Vec::new(),
        mention_everyone: false,
        sent_ms: world.now(),
        edited_ms: None,
        pinned_ms: None,
        nonce: (!body["nonce"].is_null()).then(|| body["nonce"].clone()),
        metadata: None,
        reply_to,
        reactions: Vec::new(),
        kind: if reply_to.is_some() { 19 } else { 0 },
        thinking: false,
        edits: 0,
        beside: beside.clone(),
    };
    mention(world, &mut message, &body["allowed_mentions"]);
    Ok(message)
}

/// What the message becomes; parts that the body leaves out stay.
pub fn edited(world: &mut World, message: &Message, body: &Value, files: &[File]) -> Result<Message, Refusal> {
    let mut next = message.clone();
    let asked = body["flags"].as_u64().unwrap_or(message.flags);
    let v2 = (message.flags | asked) & COMPONENTS_V2 != 0;
    rules::check(body, &Uploads { files, standing: &message.attachments }, v2, longest(world, message.author))?;
    let has = |key: &str| body.get(key).is_some();
    if has("content") {
        body["content"].as_str().unwrap_or_default().trim().clone_into(&mut next.content);
    }
    let listed = body.get("attachments").filter(|listed| !listed.is_null());
    next.attachments = attachments::kept(&message.attachments, listed);
    let wanted: Vec<File> = attachments::wanted(files, listed).into_iter().cloned().collect();
    next.attachments.extend(attachments::store(world, message.channel, &body["attachments"], &wanted));
    if has("embeds") {
        next.embeds = embeds(&body["embeds"], &next.attachments);
    }
    if has("components") {
        next.components = components(&body["components"]);
    }
    if has("flags") {
        // Only these can be changed later; the second version of components cannot be taken off.
        next.flags = (message.flags & !SUPPRESS_EMBEDS) | (asked & (SUPPRESS_EMBEDS | COMPONENTS_V2));
    }
    if v2 && !(next.content.is_empty() && next.embeds.is_empty()) {
        let fault = json!({ "code": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "message": "Set content and embeds to null." });
        return Err(Refusal::form(json!({ "content": { "_errors": [fault] } }), "Invalid Form Body"));
    }
    let bare = next.content.is_empty() && next.embeds.is_empty() && next.components.is_empty() && next.attachments.is_empty();
    if bare && next.beside.is_null() {
        return Err(Refusal::code(50_006));
    }
    let stays = |file: &&Value| next.attachments.iter().any(|other| other["id"] == file["id"]);
    let gone: Vec<Value> = message.attachments.iter().filter(|file| !stays(file)).cloned().collect();
    world.forget_files(&gone);
    next.edited_ms = Some(world.now());
    next.edits += 1;
    if has("content") || has("allowed_mentions") || has("components") {
        mention(world, &mut next, &body["allowed_mentions"]);
    }
    Ok(next)
}

/// Content in UTF-16 units: 2,000 (resources/message, "Create Message"); a person with Nitro types 4,000 (Discord's page on Nitro).
fn longest(world: &World, author: Id) -> usize {
    if world.users.get(&author).is_some_and(|author| author.bot) { 2_000 } else { 4_000 }
}

fn reply_to(world: &World, channel: Id, reference: &Value) -> Result<Option<Id>, Refusal> {
    let Some(id) = snowflake(&reference["message_id"]) else { return Ok(None) };
    let there = world.messages.get(&id).is_some_and(|other| other.channel == channel && other.only_for.is_none());
    if there {
        return Ok(Some(id));
    }
    if reference["fail_if_not_exists"] == false {
        return Ok(None);
    }
    let fault = json!({ "code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message" });
    Err(Refusal::form(json!({ "message_reference": { "_errors": [fault] } }), "Invalid Form Body"))
}

/// Embeds as Discord gives them back.
fn embeds(value: &Value, files: &[Value]) -> Vec<Value> {
    let mut list = Vec::new();
    for given in value.as_array().into_iter().flatten() {
        let mut embed = Map::new();
        embed.insert("type".into(), json!("rich"));
        for key in ["title", "description", "url", "timestamp", "color", "author", "footer", "image", "thumbnail", "fields"] {
            if let Some(part) = given.get(key).filter(|part| !part.is_null() && part.as_array().is_none_or(|all| !all.is_empty()))
            {
                embed.insert(key.into(), part.clone());
            }
        }
        for field in embed.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
            field["inline"] = json!(field["inline"] == true);
        }
        attachments::resolve(&mut embed, files);
        list.push(Value::Object(embed));
    }
    list
}

/// Components as Discord gives them back: each with a numeric id, menus with their bounds.
fn components(value: &Value) -> Vec<Value> {
    let mut list = value.as_array().cloned().unwrap_or_default();
    let mut taken = Vec::new();
    for one in &list {
        taken_ids(one, &mut taken);
    }
    let mut next = 1;
    for one in &mut list {
        complete(one, &taken, &mut next);
    }
    list
}

fn taken_ids(one: &Value, taken: &mut Vec<u64>) {
    taken.extend(one["id"].as_u64().filter(|id| *id > 0));
    one["components"].as_array().into_iter().flatten().chain(one.get("accessory")).for_each(|child| taken_ids(child, taken));
}

fn complete(one: &mut Value, taken: &[u64], next: &mut u64) {
    let Some(map) = one.as_object_mut() else { return };
    map.retain(|_, value| !value.is_null());
    if map.get("id").and_then(Value::as_u64).is_none_or(|id| id == 0) {
        while taken.contains(next) {
            *next += 1;
        }
        map.insert("id".into(), json!(*next));
        *next += 1;
    }
    let defaults: &[(&str, Value)] = &match map.get("type").and_then(Value::as_u64) {
        Some(3 | 5..=8) => vec![("min_values", json!(1)), ("max_values", json!(1))],
        Some(17) => vec![("accent_color", Value::Null), ("spoiler", json!(false))],
        Some(14) => vec![("divider", json!(true)), ("spacing", json!(1))],
        _ => Vec::new(),
    };
    for (key, default) in defaults {
        map.entry(*key).or_insert_with(|| default.clone());
    }
    if let Some(emoji) = map.get_mut("emoji").and_then(Value::as_object_mut) {
        emoji.retain(|_, value| !value.is_null());
        emoji.remove("animated");
    }
    for child in map.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten() {
        complete(child, taken, next);
    }
    if let Some(accessory) = map.get_mut("accessory") {
        complete(accessory, taken, next);
    }
}

/// Whom a message names and may ping (resources/message, "Allowed Mentions Object"): without the object everything in the
/// text counts; `@everyone` and roles also need the permission.
fn mention(world: &World, message: &mut Message, allowed: &Value) {
    let mut text = message.content.clone();
    texts(&message.components, &mut text);
    let parses =
        |kind: &str| allowed.is_null() || allowed["parse"].as_array().is_some_and(|all| all.iter().any(|one| one == kind));
    let listed =
        |kind: &str, id: Id| allowed[kind].as_array().is_some_and(|all| all.iter().any(|one| snowflake(one) == Some(id)));
    let place = world.channels.get(&message.channel);
    let guild = place.and_then(|channel| channel.guild).and_then(|id| world.guilds.get(&id));
    let may_ping_all =
        guild.is_some() && place.is_some_and(|one| world.permissions_in(one, message.author) & MENTION_EVERYONE != 0);
    message.mentions.clear();
    message.mention_roles.clear();
    for id in ids(&text, "<@").chain(ids(&text, "<@!")) {
        if world.users.contains_key(&id) && (parses("users") || listed("users", id)) && !message.mentions.contains(&id) {
            message.mentions.push(id);
        }
    }
    for id in ids(&text, "<@&") {
        let known = guild.is_some_and(|guild| guild.roles.contains_key(&id));
        if known && may_ping_all && (parses("roles") || listed("roles", id)) && !message.mention_roles.contains(&id) {
            message.mention_roles.push(id);
        }
    }
    message.mention_everyone = may_ping_all && parses("everyone") && (text.contains("@everyone") || text.contains("@here"));
    let replied = allowed.is_null() || allowed["replied_user"] == true;
    if let Some(author) = message.reply_to.filter(|_| replied).and_then(|id| world.messages.get(&id)).map(|other| other.author)
        && !message.mentions.contains(&author)
    {
        message.mentions.push(author);
    }
}

fn texts(components: &[Value], out: &mut String) {
    for one in components {
        if one["type"] == 10 {
            out.push('\n');
            out.push_str(one["content"].as_str().unwrap_or_default());
        }
        texts(one["components"].as_array().map(Vec::as_slice).unwrap_or_default(), out);
    }
}

fn ids<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = Id> + 'a {
    text.match_indices(mark).filter_map(move |(at, _)| {
        let rest = &text[at + mark.len()..];
        rest[..rest.find('>')?].parse().ok()
    })
}
