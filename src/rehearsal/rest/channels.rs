//! Channels: read, change, delete, overwrites (resources/channel).

use super::{Answer, Refusal, Reply, Request, need, visible_channel};
use crate::rehearsal::limits::{self, snowflake};
use crate::rehearsal::payloads;
use crate::rehearsal::permissions::{MANAGE_CHANNELS, MANAGE_ROLES, SEND_MESSAGES};
use crate::rehearsal::world::{Channel, Overwrite, World};
use serde_json::json;

pub fn get(world: &mut World, request: &Request) -> Answer {
    let (channel, _) = visible_channel(world, request.id(1)?)?;
    Ok(Reply::ok(payloads::channel(world, &channel)))
}

/// Text channels are lower case with hyphens, whatever was asked for.
pub fn channel_name(name: &str, kind: u8) -> String {
    if kind == 0 { name.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-") } else { name.to_owned() }
}

fn managed(world: &World, request: &Request) -> Result<(Channel, u64), Refusal> {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    need(bits, MANAGE_CHANNELS)?;
    let locked = channel.guild.and_then(|id| world.guilds.get(&id)).is_some_and(|guild| guild.needs_two_factor);
    if locked { Err(Refusal::code(60_003)) } else { Ok((channel, bits)) }
}

pub fn edit(world: &mut World, request: &Request) -> Answer {
    let body = request.object();
    let (channel, bits) = managed(world, request)?;
    limits::channel::check(&body, false)?;
    let mut overwrites = None;
    if body["permission_overwrites"].is_array()
        && let Some(guild) = channel.guild.and_then(|id| world.guilds.get(&id))
    {
        // Overwrites of a standing channel need Manage Roles; when it is made they don't.
        need(bits, MANAGE_ROLES)?;
        overwrites = Some(limits::channel::overwrites(guild, world.bot, &body["permission_overwrites"])?);
    }
    let Some(standing) = world.channels.get_mut(&channel.id) else { return Err(Refusal::code(10_003)) };
    if let Some(name) = body["name"].as_str() {
        standing.name = channel_name(name, standing.kind);
    }
    if let Some(topic) = body.get("topic") {
        standing.topic = topic.as_str().map(str::to_owned);
    }
    if let Some(parent) = body.get("parent_id") {
        standing.parent = snowflake(parent);
    }
    if let Some(position) = body["position"].as_i64() {
        standing.position = position;
    }
    if let Some(nsfw) = body["nsfw"].as_bool() {
        standing.nsfw = nsfw;
    }
    if let Some(seconds) = body["rate_limit_per_user"].as_u64() {
        standing.slowmode = seconds;
    }
    if let Some(overwrites) = overwrites {
        standing.overwrites = overwrites;
    }
    world.channel_changed("CHANNEL_UPDATE", channel.id);
    Ok(Reply::ok(payloads::channel(world, &world.channels[&channel.id])))
}

pub fn delete(world: &mut World, request: &Request) -> Answer {
    let (channel, _) = visible_channel(world, request.id(1)?)?;
    // "Deleting" a DM closes it for the bot; the person keeps theirs.
    if channel.guild.is_none() {
        return Ok(Reply::ok(payloads::channel(world, &channel)));
    }
    managed(world, request)?;
    let payload = payloads::channel(world, &channel);
    world.remove_channel(channel.id);
    Ok(Reply::ok(payload))
}

/// Manage Roles, and nothing allowed or denied that the bot lacks there.
fn overwritable(world: &World, request: &Request) -> Result<(Channel, u64), Refusal> {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    if channel.guild.is_none() {
        return Err(Refusal::code(50_003));
    }
    need(bits, MANAGE_ROLES)?;
    Ok((channel, bits))
}

pub fn put_overwrite(world: &mut World, request: &Request) -> Answer {
    let (channel, _) = overwritable(world, request)?;
    let id = request.id(3)?;
    let mut body = request.object();
    body["id"] = json!(id.to_string());
    let list = json!({ "permission_overwrites": [body] });
    limits::channel::check(&list, false)?;
    let Some(guild) = channel.guild.and_then(|id| world.guilds.get(&id)) else { return Err(Refusal::code(10_004)) };
    let wanted = limits::channel::overwrites(guild, world.bot, &list["permission_overwrites"])?;
    if let Some(standing) = world.channels.get_mut(&channel.id) {
        standing.overwrites.retain(|one: &Overwrite| one.id != id);
        standing.overwrites.extend(wanted);
    }
    world.channel_changed("CHANNEL_UPDATE", channel.id);
    Ok(Reply::empty())
}

pub fn delete_overwrite(world: &mut World, request: &Request) -> Answer {
    let (channel, _) = overwritable(world, request)?;
    let id = request.id(3)?;
    if !channel.overwrites.iter().any(|one| one.id == id) {
        return Err(Refusal::code(10_009));
    }
    if let Some(standing) = world.channels.get_mut(&channel.id) {
        standing.overwrites.retain(|one| one.id != id);
    }
    world.channel_changed("CHANNEL_UPDATE", channel.id);
    Ok(Reply::empty())
}

pub fn typing(world: &mut World, request: &Request) -> Answer {
    let (_, bits) = visible_channel(world, request.id(1)?)?;
    need(bits, SEND_MESSAGES)?;
    Ok(Reply::empty())
}
