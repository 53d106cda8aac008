//! The application's global commands (interactions/application-commands, "Bulk Overwrite Global Application Commands").

use super::{Answer, Refusal, Reply, Request};
use crate::rehearsal::limits;
use crate::rehearsal::world::World;
use serde_json::{Value, json};

fn own(world: &World, request: &Request) -> Result<(), Refusal> {
    if request.id(1)? == world.bot {
        Ok(())
    } else {
        Err(Refusal::new(403, 20_012, "You are not authorized to perform this action on this application"))
    }
}

pub fn list(world: &mut World, request: &Request) -> Answer {
    own(world, request)?;
    let localized = request.query.get("with_localizations").is_some_and(|value| value == "true");
    let mut list = world.commands.clone();
    if !localized {
        for one in &mut list {
            without_localizations(one);
        }
    }
    Ok(Reply::ok(Value::Array(list)))
}

fn without_localizations(one: &mut Value) {
    let Some(map) = one.as_object_mut() else { return };
    map.remove("name_localizations");
    map.remove("description_localizations");
    for key in ["options", "choices"] {
        for child in map.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            without_localizations(child);
        }
    }
}

pub fn overwrite(world: &mut World, request: &Request) -> Answer {
    own(world, request)?;
    let Some(commands) = request.body.as_ref().and_then(Value::as_array) else {
        return Err(Refusal::form(Value::Null, "Invalid Form Body"));
    };
    limits::commands::check_all(commands)?;
    register(world, commands.clone());
    Ok(Reply::ok(Value::Array(world.commands.clone())))
}

/// A POST of a name that is there replaces it (200); a new one is 201.
pub fn create(world: &mut World, request: &Request) -> Answer {
    own(world, request)?;
    let body = request.object();
    limits::commands::check_all(std::slice::from_ref(&body))
        .map_err(|refusal| Refusal { errors: refusal.errors.map(|errors| errors["0"].clone()), ..refusal })?;
    let same = |one: &Value| one["name"] == body["name"] && one["type"] == body.get("type").cloned().unwrap_or(json!(1));
    let known = world.commands.iter().any(same);
    let mut all: Vec<Value> = world.commands.iter().filter(|one| !same(one)).cloned().collect();
    all.push(body.clone());
    register(world, all);
    let made = world.commands.last().cloned().unwrap_or_default();
    Ok(Reply::new(if known { 200 } else { 201 }, made))
}

pub fn delete(world: &mut World, request: &Request) -> Answer {
    own(world, request)?;
    let id = request.id(3)?.to_string();
    let before = world.commands.len();
    world.commands.retain(|one| one["id"] != id.as_str());
    if world.commands.len() == before { Err(Refusal::code(10_063)) } else { Ok(Reply::empty()) }
}

/// Takes a whole registration; a command keeps its id by name and type, and its version while nothing about it changed.
pub fn register(world: &mut World, commands: Vec<Value>) {
    let mut list = Vec::new();
    for mut command in commands {
        let kind = command.get("type").filter(|kind| !kind.is_null()).cloned().unwrap_or(json!(1));
        let standing = world.commands.iter().find(|one| one["name"] == command["name"] && one["type"] == kind).cloned();
        let id = standing.as_ref().map_or_else(|| json!(world.next_id().to_string()), |one| one["id"].clone());
        command["id"] = id;
        command["type"] = kind;
        command["application_id"] = json!(world.bot.to_string());
        for (key, default) in [
            ("description", json!("")),
            ("default_member_permissions", Value::Null),
            ("nsfw", json!(false)),
            ("dm_permission", json!(true)),
            ("contexts", Value::Null),
            // The application is set up for both kinds of installation; by default a command serves servers only.
            ("integration_types", json!([0])),
        ] {
            if command.get(key).is_none_or(Value::is_null) {
                command[key] = default;
            }
        }
        command["version"] = Value::Null;
        let same = standing.as_ref().is_some_and(|one| {
            let mut one = one.clone();
            one["version"] = Value::Null;
            one == command
        });
        command["version"] = match standing {
            Some(standing) if same => standing["version"].clone(),
            _ => json!(world.next_id().to_string()),
        };
        list.push(command);
    }
    world.commands = list;
}
