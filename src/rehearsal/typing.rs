//! Typing a command as a client understands it: by the registered schema, with the client's own refusals
//! (interactions/application-commands). Nothing is sent from here.

use super::heard::Trouble;
use super::interactions::Act;
use super::view::text_of;
use super::world::{Id, Message, World};
use super::{payloads, permissions, view};
use serde_json::{Map, Value, json};

const SUBCOMMAND: u64 = 1;
const GROUP: u64 = 2;
const USER: u64 = 6;

/// A command line, matched with its registered command.
struct Typed<'a> {
    command: Value,
    /// Sub-command names on the way down.
    path: Vec<String>,
    options: Vec<Value>,
    rest: &'a str,
}

pub fn command(world: &mut World, person: Id, typed: &str) -> Result<Act, Trouble> {
    let place = place(world, person)?;
    let line = find(world, typed)?;
    let name = full_name(&line);
    available(world, person, place, &line.command, &name)?;
    let given = split(&line.options, line.rest, &name)?;
    let mut resolved = Map::new();
    let mut values = Vec::new();
    for (schema, text) in &given {
        values.push(value(world, place, schema, text, &mut resolved)?);
    }
    let missing = line
        .options
        .iter()
        .find(|schema| schema["required"] == true && !given.iter().any(|(one, _)| one["name"] == schema["name"]));
    if let Some(missing) = missing {
        return Err(Trouble::MissingOption { command: name, option: text_of(&missing["name"]) });
    }
    let mut data = data(&line, values);
    if !resolved.is_empty() {
        data["resolved"] = Value::Object(resolved);
    }
    Ok(Act { kind: 2, channel: place, message: None, data, from_component: false })
}

pub fn autocomplete(world: &mut World, person: Id, typed: &str) -> Result<Act, Trouble> {
    let place = place(world, person)?;
    let line = find(world, typed)?;
    let name = full_name(&line);
    available(world, person, place, &line.command, &name)?;
    let given = split(&line.options, line.rest, &name)?;
    let mut values = Vec::new();
    for (at, (schema, text)) in given.iter().enumerate() {
        let mut one = json!({ "type": schema["type"], "name": schema["name"], "value": text });
        if at + 1 == given.len() {
            if schema["autocomplete"] != true {
                let why = "it offers no suggestions".to_owned();
                return Err(Trouble::BadValue { option: text_of(&schema["name"]), value: text.clone(), why });
            }
            one["focused"] = json!(true);
        }
        values.push(one);
    }
    Ok(Act { kind: 4, channel: place, message: None, data: data(&line, values), from_component: false })
}

pub fn message_menu(world: &mut World, person: Id, message: Id, entry: &str) -> Result<Act, Trouble> {
    let found = world.commands.iter().find(|one| one["type"] == 3 && one["name"] == entry).cloned();
    let Some(command) = found else {
        return Err(Trouble::NoSuchCommand { typed: entry.to_owned(), known: known(world) });
    };
    let seen = world.messages.get(&message).filter(|one| world.can_see(person, one)).cloned();
    let Some(target) = seen else {
        return Err(Trouble::NoSuchMessage { who: world.name_of(person), screen: String::new() });
    };
    available(world, person, target.channel, &command, entry)?;
    may_use_menus(world, person, target.channel, entry)?;
    let mut messages = Map::new();
    messages.insert(message.to_string(), payloads::message(world, &target, false));
    let data = json!({
        "id": command["id"],
        "name": command["name"],
        "type": 3,
        "target_id": message.to_string(),
        "resolved": { "messages": messages },
    });
    Ok(Act { kind: 2, channel: target.channel, message: None, data, from_component: false })
}

/// In a server a menu's entry needs Use Application Commands, and Send Messages as well (discord-api-docs, issue 6761).
fn may_use_menus(world: &World, person: Id, channel: Id, entry: &str) -> Result<(), Trouble> {
    const NEEDED: u64 = permissions::USE_APPLICATION_COMMANDS | permissions::SEND_MESSAGES;
    let Some(channel) = world.channels.get(&channel).filter(|channel| channel.guild.is_some()) else { return Ok(()) };
    if world.permissions_in(channel, person) & NEEDED == NEEDED {
        return Ok(());
    }
    let place = format!("in {}", view::place(world, channel.id));
    Err(Trouble::NotHere { command: entry.to_owned(), place, why: "they may not use menus there".to_owned() })
}

/// Where this person types; a channel they can't see or use commands in is no place.
fn place(world: &mut World, person: Id) -> Result<Id, Trouble> {
    let place = world.users.get(&person).and_then(|user| user.place);
    let Some(channel) = place else { return Ok(world.dm_with(person)) };
    let who = world.name_of(person);
    let bits = world.channels.get(&channel).map_or(0, |one| world.permissions_in(one, person));
    if bits & permissions::USE_APPLICATION_COMMANDS == 0 {
        return Err(Trouble::NoSuchPlace { who });
    }
    Ok(channel)
}

fn known(world: &World) -> String {
    world.commands.iter().map(|one| format!("/{}", text_of(&one["name"]))).collect::<Vec<_>>().join(", ")
}

fn find<'a>(world: &World, typed: &'a str) -> Result<Typed<'a>, Trouble> {
    let unknown = || Trouble::NoSuchCommand { typed: typed.to_owned(), known: known(world) };
    let line = typed.trim().strip_prefix('/').ok_or_else(unknown)?;
    let (name, mut rest) = line.split_once(' ').unwrap_or((line, ""));
    let command = world.commands.iter().find(|one| one["type"] == 1 && one["name"] == name).cloned().ok_or_else(unknown)?;
    let mut options = list(&command["options"]);
    let mut path = Vec::new();
    // A command with sub-commands can't be called bare.
    while options.iter().any(|one| matches!(one["type"].as_u64(), Some(SUBCOMMAND | GROUP))) {
        let (head, after) = rest.trim_start().split_once(' ').unwrap_or((rest.trim(), ""));
        let sub = options.iter().find(|one| one["name"] == head).cloned().ok_or_else(unknown)?;
        path.push(head.to_owned());
        options = list(&sub["options"]);
        rest = after;
    }
    Ok(Typed { command, path, options, rest })
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn full_name(line: &Typed<'_>) -> String {
    let mut name = text_of(&line.command["name"]);
    for word in &line.path {
        name.push(' ');
        name.push_str(word);
    }
    name
}

/// Installation and interaction contexts (interactions/application-commands, "Contexts"): a server install gives the command in
/// servers with the bot and, to those who share one, in the DM with it; a user install gives it to that person.
fn available(world: &World, person: Id, place: Id, command: &Value, name: &str) -> Result<(), Trouble> {
    let guild = world.channels.get(&place).and_then(|channel| channel.guild);
    let refuse = |why: &str| {
        let place = if guild.is_some() { format!("in {}", view::place(world, place)) } else { "in the DM".to_owned() };
        Err(Trouble::NotHere { command: name.to_owned(), place, why: why.to_owned() })
    };
    let context = u64::from(guild.is_none());
    if let Some(contexts) = command["contexts"].as_array()
        && !contexts.iter().any(|one| one.as_u64() == Some(context))
    {
        return refuse("its contexts leave this place out");
    }
    let types =
        command["integration_types"].as_array().map_or_else(|| vec![0], |all| all.iter().filter_map(Value::as_u64).collect());
    let by_server = types.contains(&0) && guild.map_or_else(|| world.shares_server(person), |guild| world.bot_is_member(guild));
    let by_user = types.contains(&1) && world.users.get(&person).is_some_and(|user| user.installed);
    if by_server || by_user { Ok(()) } else { refuse("the bot is not installed for it") }
}

/// Cuts `name:value name:value` at the names that the schema knows, so that values may hold spaces and colons.
fn split(options: &[Value], rest: &str, command: &str) -> Result<Vec<(Value, String)>, Trouble> {
    let mut starts: Vec<(usize, usize, &Value)> = Vec::new();
    for schema in options {
        let mark = format!("{}:", text_of(&schema["name"]));
        let begins = |at: usize| at == 0 || rest[..at].ends_with(' ');
        if let Some((at, _)) = rest.match_indices(&mark).find(|(at, _)| begins(*at)) {
            starts.push((at, at + mark.len(), schema));
        }
    }
    starts.sort_unstable_by_key(|(at, ..)| *at);
    let before = rest[..starts.first().map_or(rest.len(), |(at, ..)| *at)].trim();
    if !before.is_empty() {
        let known = options.iter().map(|one| text_of(&one["name"])).collect::<Vec<_>>().join(", ");
        return Err(Trouble::NoSuchOption { command: command.to_owned(), typed: before.to_owned(), known });
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|(at, ..)| *at).chain([rest.len()]).collect();
    Ok(starts.iter().zip(ends).map(|((_, from, schema), to)| ((*schema).clone(), rest[*from..to].trim().to_owned())).collect())
}

fn value(world: &World, place: Id, schema: &Value, text: &str, resolved: &mut Map<String, Value>) -> Result<Value, Trouble> {
    let bad = |why: String| Trouble::BadValue { option: text_of(&schema["name"]), value: text.to_owned(), why };
    let kind = schema["type"].as_u64().unwrap_or_default();
    let value = match kind {
        USER => user(world, place, text, resolved).ok_or_else(|| bad("there is nobody of that name".to_owned()))?,
        5 => json!(text.parse::<bool>().map_err(|_| bad("it takes true or false".to_owned()))?),
        7 => {
            let found =
                world.channels.values().find(|one| text.trim_start_matches('#') == one.name || text == format!("<#{}>", one.id));
            json!(found.ok_or_else(|| bad("there is no such channel".to_owned()))?.id.to_string())
        }
        _ if schema["choices"].as_array().is_some_and(|all| !all.is_empty()) => choice(schema, text).ok_or_else(|| {
            let names = list(&schema["choices"]).iter().map(|one| text_of(&one["name"])).collect::<Vec<_>>().join(", ");
            bad(format!("choices are: {names}"))
        })?,
        4 => number(schema, json!(text.parse::<i64>().map_err(|_| bad("it takes a whole number".to_owned()))?)).map_err(bad)?,
        10 => number(schema, json!(text.parse::<f64>().map_err(|_| bad("it takes a number".to_owned()))?)).map_err(bad)?,
        3 => {
            let units = text.encode_utf16().count() as u64;
            let (min, max) = (schema["min_length"].as_u64().unwrap_or(0), schema["max_length"].as_u64().unwrap_or(6000));
            if units < min.max(1) || units > max {
                return Err(bad(format!("{units} characters, where {min} to {max} fit")));
            }
            json!(text)
        }
        other => return Err(bad(format!("options of type {other} can't be typed here"))),
    };
    Ok(json!({ "type": kind, "name": schema["name"], "value": value }))
}

fn number(schema: &Value, value: Value) -> Result<Value, String> {
    let n = value.as_f64().unwrap_or_default();
    let (min, max) = (schema["min_value"].as_f64(), schema["max_value"].as_f64());
    if min.is_some_and(|min| n < min) || max.is_some_and(|max| n > max) {
        return Err("out of range".to_owned());
    }
    Ok(value)
}

/// By name, by value, or by a beginning that only one choice has.
fn choice(schema: &Value, text: &str) -> Option<Value> {
    let choices = list(&schema["choices"]);
    let same = |one: &Value| one.as_str().map_or_else(|| one.to_string(), str::to_owned).eq_ignore_ascii_case(text);
    if let Some(exact) = choices.iter().find(|one| same(&one["name"]) || same(&one["value"])) {
        return Some(exact["value"].clone());
    }
    let begins: Vec<&Value> =
        choices.iter().filter(|one| text_of(&one["name"]).to_lowercase().starts_with(&text.to_lowercase())).collect();
    (begins.len() == 1).then(|| begins[0]["value"].clone())
}

fn user(world: &World, place: Id, text: &str, resolved: &mut Map<String, Value>) -> Option<Value> {
    let by_id = text.strip_prefix("<@").and_then(|rest| rest.strip_suffix('>')).and_then(|id| id.parse::<Id>().ok());
    let name = text.trim_start_matches('@');
    let found = world.users.values().rev().find(|one| by_id.map_or_else(|| one.name == name, |id| one.id == id))?;
    let id = found.id.to_string();
    insert(resolved, "users", &id, payloads::user(found));
    let channel = world.channels.get(&place)?;
    if let Some(guild) = channel.guild.and_then(|id| world.guilds.get(&id))
        && guild.members.contains_key(&found.id)
    {
        let mut member = payloads::interaction_member(world, guild, channel, found.id, Value::Null);
        if let Some(map) = member.as_object_mut() {
            // Resolved members come without user, deaf and mute (interactions/receiving-and-responding, "Resolved Data").
            for key in ["user", "deaf", "mute"] {
                map.remove(key);
            }
        }
        insert(resolved, "members", &id, member);
    }
    Some(json!(id))
}

fn insert(resolved: &mut Map<String, Value>, kind: &str, id: &str, value: Value) {
    let entry = resolved.entry(kind).or_insert_with(|| json!({}));
    entry[id] = value;
}

fn data(line: &Typed<'_>, values: Vec<Value>) -> Value {
    let mut options = values;
    for (depth, name) in line.path.iter().enumerate().rev() {
        let kind = if depth + 1 == line.path.len() { SUBCOMMAND } else { GROUP };
        options = vec![json!({ "type": kind, "name": name, "options": options })];
    }
    let mut data = json!({ "id": line.command["id"], "name": line.command["name"], "type": 1 });
    if !options.is_empty() {
        data["options"] = json!(options);
    }
    data
}

/// A menu's selection; `None` when something wanted isn't in it or the count doesn't fit.
pub fn selection(world: &World, message: &Message, menu: &Value, wanted: &[&str]) -> Option<Value> {
    let kind = menu["type"].as_u64()?;
    let mut resolved = Map::new();
    let mut values = Vec::new();
    for one in wanted {
        if kind == 3 {
            let options = menu["options"].as_array()?;
            let option = options
                .iter()
                .find(|option| option["label"] == *one)
                .or_else(|| options.iter().find(|option| option["value"] == *one));
            values.push(option?["value"].clone());
        } else {
            values.push(user(world, message.channel, one, &mut resolved)?);
        }
    }
    let count = values.len() as u64;
    if count < menu["min_values"].as_u64().unwrap_or(1) || count > menu["max_values"].as_u64().unwrap_or(1) {
        return None;
    }
    let mut data = json!({ "component_type": kind, "id": menu["id"], "custom_id": menu["custom_id"], "values": values });
    if !resolved.is_empty() {
        data["resolved"] = Value::Object(resolved);
    }
    Some(data)
}
