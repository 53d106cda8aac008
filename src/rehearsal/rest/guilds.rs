//! Servers: what the bot may read of them, and new channels (resources/guild).

use super::{Answer, Refusal, Reply, Request, need};
use crate::rehearsal::limits;
use crate::rehearsal::world::{Channel, Guild, World};
use crate::rehearsal::{payloads, permissions};
use serde_json::{Map, Value, json};

/// A server that the bot isn't in is, to it, an unknown one.
fn own(world: &World, request: &Request) -> Result<Guild, Refusal> {
    let id = request.id(1)?;
    let guild = world.guilds.get(&id).ok_or_else(|| Refusal::code(10_004))?;
    if !guild.members.contains_key(&world.bot) {
        return Err(Refusal::code(50_001));
    }
    Ok(guild.clone())
}

pub fn get(world: &mut World, request: &Request) -> Answer {
    let guild = own(world, request)?;
    let mut payload = payloads::guild(&guild);
    if request.query.get("with_counts").is_none_or(|value| value != "true")
        && let Some(map) = payload.as_object_mut()
    {
        map.remove("approximate_member_count");
        map.remove("approximate_presence_count");
    }
    Ok(Reply::ok(payload))
}

pub fn channels(world: &mut World, request: &Request) -> Answer {
    let guild = own(world, request)?;
    let list = guild.channels.iter().filter_map(|id| world.channels.get(id)).map(|one| payloads::channel(world, one));
    Ok(Reply::ok(Value::Array(list.collect())))
}

pub fn roles(world: &mut World, request: &Request) -> Answer {
    let guild = own(world, request)?;
    Ok(Reply::ok(Value::Array(guild.roles.values().map(payloads::role).collect())))
}

/// Role ids with the number of members that have them; `@everyone` is not among them.
pub fn member_counts(world: &mut World, request: &Request) -> Answer {
    let guild = own(world, request)?;
    let mut counts = Map::new();
    for role in guild.roles.keys().filter(|role| **role != guild.id) {
        let count = guild.members.values().filter(|member| member.roles.contains(role)).count();
        counts.insert(role.to_string(), json!(count));
    }
    Ok(Reply::ok(Value::Object(counts)))
}

pub fn member(world: &mut World, request: &Request) -> Answer {
    let guild = own(world, request)?;
    let id = request.id(3)?;
    if !world.users.contains_key(&id) {
        return Err(Refusal::code(10_013));
    }
    let member = guild.members.get(&id).ok_or_else(|| Refusal::code(10_007))?;
    Ok(Reply::ok(payloads::member(world, member, id)))
}

pub fn create_channel(world: &mut World, request: &Request) -> Answer {
    let guild = own(world, request)?;
    need(permissions::base(&guild, world.bot), permissions::MANAGE_CHANNELS)?;
    if guild.needs_two_factor {
        return Err(Refusal::code(60_003));
    }
    let body = request.object();
    limits::channel::check(&body, true)?;
    if guild.channels.len() >= guild.max_channels {
        return Err(Refusal::code(30_013));
    }
    let overwrites = limits::channel::overwrites(&guild, world.bot, &body["permission_overwrites"])?;
    let kind = body["type"].as_u64().and_then(|kind| u8::try_from(kind).ok()).unwrap_or(0);
    let id = world.next_id();
    let name = body["name"].as_str().unwrap_or_default();
    let channel = Channel {
        id,
        name: super::channels::channel_name(name, kind),
        kind,
        guild: Some(guild.id),
        recipient: None,
        topic: body["topic"].as_str().map(str::to_owned),
        parent: limits::snowflake(&body["parent_id"]),
        position: i64::try_from(guild.channels.len()).unwrap_or(i64::MAX),
        nsfw: body["nsfw"] == true,
        slowmode: body["rate_limit_per_user"].as_u64().unwrap_or(0),
        overwrites,
        last_message: None,
        last_pin_ms: None,
    };
    world.channels.insert(id, channel);
    if let Some(guild) = world.guilds.get_mut(&guild.id) {
        guild.channels.push(id);
    }
    world.channel_changed("CHANNEL_CREATE", id);
    Ok(Reply::new(201, payloads::channel(world, &world.channels[&id])))
}
