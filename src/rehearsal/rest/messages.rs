//! Messages in channels: list, send, edit, delete, pin (resources/message).

use super::compose;
pub use super::compose::Draft;
use super::{Answer, Refusal, Reply, Request, need, visible_channel};
use crate::rehearsal::permissions::{
    ATTACH_FILES, EMBED_LINKS, MANAGE_MESSAGES, PIN_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES,
};
use crate::rehearsal::world::{Channel, Id, Message, World};
use crate::rehearsal::{limits, payloads};
use serde_json::{Value, json};

/// "The past few minutes", in world time, within which an enforced nonce folds repeats.
const NONCE_MS: i64 = 3 * 60 * 1000;
const MOST_PINS: usize = 250;

pub fn list(world: &mut World, request: &Request) -> Answer {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    let limit = match request.query.get("limit").map(|text| text.parse::<usize>()) {
        None => 50,
        Some(Ok(limit @ 1..=100)) => limit,
        Some(_) => {
            let fault = json!({ "code": "NUMBER_TYPE_MAX", "message": "int value should be less than or equal to 100." });
            return Err(Refusal::form(json!({ "limit": { "_errors": [fault] } }), "Invalid Form Body"));
        }
    };
    // "If the user is missing Read Message History, no messages will be returned."
    if bits & READ_MESSAGE_HISTORY == 0 {
        return Ok(Reply::ok(json!([])));
    }
    let mark = |key: &str| request.query.get(key).and_then(|text| text.parse::<Id>().ok());
    let timeline = world.timeline.get(&channel.id).map(Vec::as_slice).unwrap_or_default();
    let all: Vec<&Message> =
        timeline.iter().filter_map(|id| world.messages.get(id)).filter(|message| message.only_for.is_none()).collect();
    let mut chosen: Vec<&Message> = if let Some(around) = mark("around") {
        let from = all.partition_point(|message| message.id < around).saturating_sub(limit / 2);
        all.iter().skip(from).take(limit).copied().collect()
    } else if let Some(after) = mark("after") {
        all.iter().filter(|message| message.id > after).take(limit).copied().collect()
    } else {
        let before = mark("before").unwrap_or(Id::MAX);
        all.iter().rev().filter(|message| message.id < before).take(limit).copied().collect()
    };
    chosen.sort_unstable_by_key(|message| std::cmp::Reverse(message.id));
    Ok(Reply::ok(Value::Array(chosen.into_iter().map(|message| payloads::message(world, message, false)).collect())))
}

/// A message of this channel that REST shows: private replies are not among them.
fn standing(world: &World, channel: Id, message: Id) -> Result<Message, Refusal> {
    let found = world.messages.get(&message).filter(|one| one.channel == channel && one.only_for.is_none());
    found.cloned().ok_or_else(|| Refusal::code(10_008))
}

pub fn get(world: &mut World, request: &Request) -> Answer {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    need(bits, READ_MESSAGE_HISTORY)?;
    let message = standing(world, channel.id, request.id(3)?)?;
    Ok(Reply::ok(payloads::message(world, &message, false)))
}

/// Closed DMs are 50007; nothing in common is 50278 (topics/opcodes-and-status-codes).
fn may_write_to(world: &World, channel: &Channel) -> Result<(), Refusal> {
    let Some(user) = channel.recipient.and_then(|id| world.users.get(&id)) else { return Ok(()) };
    if !user.installed && !world.shares_server(user.id) {
        return Err(Refusal::code(50_278));
    }
    if user.dms_open && !user.blocks_bot { Ok(()) } else { Err(Refusal::code(50_007)) }
}

pub fn create(world: &mut World, request: &Request) -> Answer {
    let body = request.object();
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    if !matches!(channel.kind, 0 | 1 | 2 | 5 | 13) {
        return Err(Refusal::new(400, 50_008, "Cannot send messages in a non-text channel"));
    }
    need(bits, SEND_MESSAGES)?;
    if !limits::message::is_empty(&body["embeds"]) {
        need(bits, EMBED_LINKS)?;
    }
    if !request.files.is_empty() {
        need(bits, ATTACH_FILES)?;
    }
    if !body["message_reference"].is_null() && bits & READ_MESSAGE_HISTORY == 0 {
        return Err(Refusal::code(160_002));
    }
    may_write_to(world, &channel)?;
    let draft = Draft { author: world.bot, channel: channel.id, body: &body, files: &request.files, beside: Value::Null };
    let mut message = compose::message(world, &draft)?;
    // Only a reply to an interaction can be for one person alone.
    message.flags &= !limits::message::EPHEMERAL;
    let nonce = body["nonce"].as_str().map(str::to_owned).or_else(|| body["nonce"].as_i64().map(|n| n.to_string()));
    if let Some(nonce) = nonce.filter(|_| body["enforce_nonce"] == true) {
        let key = (message.author, message.channel, nonce);
        let now = world.now();
        let earlier = world.nonces.get(&key).filter(|(_, at)| now - at <= NONCE_MS).and_then(|(id, _)| world.messages.get(id));
        if let Some(earlier) = earlier {
            let payload = payloads::message(world, earlier, true);
            world.forget_files(&message.attachments);
            return Ok(Reply::ok(payload));
        }
        world.nonces.insert(key, (message.id, now));
        if world.nonces.len() > 16_384 {
            world.nonces.retain(|_, (_, at)| now - *at <= NONCE_MS);
        }
    }
    let payload = payloads::message(world, &message, true);
    world.post(message);
    Ok(Reply::ok(payload))
}

/// A person types: the client's own limits, and whether they may write there.
pub fn say(world: &mut World, draft: &Draft<'_>) -> Result<Id, Refusal> {
    let place = world.channels.get(&draft.channel).ok_or_else(|| Refusal::code(10_003))?;
    need(world.permissions_in(place, draft.author), SEND_MESSAGES)?;
    let message = compose::message(world, draft)?;
    let id = message.id;
    world.post(message);
    Ok(id)
}

/// A person edits a message of their own: its words, and nothing else.
pub fn say_again(world: &mut World, author: Id, message: Id, text: &str) -> Result<(), Refusal> {
    let message = world.messages.get(&message).cloned().ok_or_else(|| Refusal::code(10_008))?;
    if message.author != author {
        return Err(Refusal::code(50_005));
    }
    let edited = compose::edited(world, &message, &json!({ "content": text }), &[])?;
    world.messages.insert(edited.id, edited);
    world.revise(message.id);
    Ok(())
}

pub fn edit(world: &mut World, request: &Request) -> Answer {
    let body = request.object();
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    let message = standing(world, channel.id, request.id(3)?)?;
    if message.author != world.bot {
        return Err(Refusal::code(50_005));
    }
    if !request.files.is_empty() {
        need(bits, ATTACH_FILES)?;
    }
    let edited = compose::edited(world, &message, &body, &request.files)?;
    let payload = payloads::message(world, &edited, false);
    world.messages.insert(edited.id, edited);
    world.revise(message.id);
    Ok(Reply::ok(payload))
}

pub fn delete(world: &mut World, request: &Request) -> Answer {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    let message = standing(world, channel.id, request.id(3)?)?;
    if message.author != world.bot {
        if channel.guild.is_none() {
            return Err(Refusal::code(50_003));
        }
        need(bits, MANAGE_MESSAGES)?;
    }
    world.remove_message(message.id);
    Ok(Reply::empty())
}

fn pinned(world: &World, channel: Id) -> Vec<Message> {
    let timeline = world.timeline.get(&channel).map(Vec::as_slice).unwrap_or_default();
    let mut all: Vec<Message> =
        timeline.iter().filter_map(|id| world.messages.get(id)).filter(|one| one.pinned_ms.is_some()).cloned().collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.pinned_ms, one.id)));
    all
}

pub fn pins(world: &mut World, request: &Request) -> Answer {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    let limit = request.query.get("limit").and_then(|text| text.parse().ok()).unwrap_or(50_usize);
    let all = if bits & READ_MESSAGE_HISTORY == 0 { Vec::new() } else { pinned(world, channel.id) };
    let items: Vec<Value> = all
        .iter()
        .take(limit)
        .map(|one| json!({ "pinned_at": payloads::time(one.pinned_ms.unwrap_or_default()), "message": payloads::message(world, one, false) }))
        .collect();
    Ok(Reply::ok(json!({ "items": items, "has_more": all.len() > limit })))
}

pub fn old_pins(world: &mut World, request: &Request) -> Answer {
    let (channel, _) = visible_channel(world, request.id(1)?)?;
    let list = pinned(world, channel.id).iter().map(|one| payloads::message(world, one, false)).collect();
    Ok(Reply::ok(Value::Array(list)))
}

pub fn pin(world: &mut World, request: &Request) -> Answer {
    set_pin(world, request, 4, true)
}

pub fn unpin(world: &mut World, request: &Request) -> Answer {
    set_pin(world, request, 4, false)
}

pub fn old_pin(world: &mut World, request: &Request) -> Answer {
    set_pin(world, request, 3, true)
}

pub fn old_unpin(world: &mut World, request: &Request) -> Answer {
    set_pin(world, request, 3, false)
}

/// Since 2026 pinning has a permission of its own, `PIN_MESSAGES` (changelog).
fn set_pin(world: &mut World, request: &Request, at: usize, on: bool) -> Answer {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    let message = standing(world, channel.id, request.id(at)?)?;
    need(bits, PIN_MESSAGES | READ_MESSAGE_HISTORY)?;
    if on && pinned(world, channel.id).len() >= MOST_PINS {
        return Err(Refusal::code(30_003));
    }
    world.pin(message.id, on);
    Ok(Reply::empty())
}
