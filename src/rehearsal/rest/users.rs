//! Users and the opening of DMs (resources/user).

#![expect(clippy::unnecessary_wraps, reason = "every resource has one signature, for the table of routes")]

use super::{Answer, Refusal, Reply, Request};
use crate::rehearsal::limits::snowflake;
use crate::rehearsal::world::World;
use crate::rehearsal::{payloads, permissions};
use serde_json::{Value, json};

pub fn me(world: &mut World, _: &Request) -> Answer {
    Ok(Reply::ok(payloads::current_user(world)))
}

pub fn get(world: &mut World, request: &Request) -> Answer {
    let user = world.users.get(&request.id(1)?).ok_or_else(|| Refusal::code(10_013))?;
    Ok(Reply::ok(payloads::user(user)))
}

pub fn guilds(world: &mut World, _: &Request) -> Answer {
    let own = world.guilds.values().filter(|guild| guild.members.contains_key(&world.bot));
    let list: Vec<Value> = own
        .map(|guild| {
            json!({
                "id": guild.id.to_string(),
                "name": guild.name,
                "icon": null,
                "banner": null,
                "owner": false,
                "permissions": permissions::base(guild, world.bot).to_string(),
                "features": [],
            })
        })
        .collect();
    Ok(Reply::ok(json!(list)))
}

/// Works for anyone; whether they can be written to shows at the first message.
pub fn open_dm(world: &mut World, request: &Request) -> Answer {
    let body = request.object();
    let Some(recipient) = snowflake(&body["recipient_id"]) else {
        let errors =
            json!({ "recipient_id": { "_errors": [{ "code": "BASE_TYPE_REQUIRED", "message": "This field is required" }] } });
        return Err(Refusal::form(errors, "Invalid Form Body"));
    };
    match world.users.get(&recipient) {
        None => return Err(Refusal::code(50_033)),
        Some(user) if user.bot => return Err(Refusal::code(50_007)),
        Some(_) => {}
    }
    let id = world.dm_with(recipient);
    Ok(Reply::ok(payloads::channel(world, &world.channels[&id])))
}
