//! The first answer to an interaction (interactions/receiving-and-responding, "Create Interaction Response").

use super::compose::{self, Draft};
use super::{Answer, Refusal, Reply, Request};
use crate::rehearsal::interactions::{Interaction, Outcome, State};
use crate::rehearsal::limits::{self, message::EPHEMERAL};
use crate::rehearsal::payloads;
use crate::rehearsal::world::{Id, Message, World};
use serde_json::{Value, json};

const PONG: u64 = 1;
const MESSAGE: u64 = 4;
const DEFER: u64 = 5;
const DEFER_UPDATE: u64 = 6;
const UPDATE: u64 = 7;
const CHOICES: u64 = 8;
const MODAL: u64 = 9;

pub fn callback(world: &mut World, request: &Request) -> Answer {
    let id = request.id(1)?;
    let now = world.now();
    let Some(interaction) = world.interactions.get_mut(&id).filter(|one| one.token == request.part(2)) else {
        return Err(Refusal::code(10_062));
    };
    interaction.attempts += 1;
    if interaction.state == State::Answered {
        return Err(Refusal::code(40_060));
    }
    if interaction.is_late(now) {
        interaction.state = State::Void;
        interaction.tell(Outcome::Void);
        return Err(Refusal::code(10_062));
    }
    let body = request.object();
    let kind = allowed(interaction, &body)?;
    let (outcome, resource) = apply(world, id, kind, request, &body["data"])?;
    let message = match &outcome {
        Outcome::Message(id) | Outcome::Updated(id) => Some(*id),
        _ => None,
    };
    let Some(interaction) = world.interactions.get_mut(&id) else { return Err(Refusal::code(10_062)) };
    interaction.state = State::Answered;
    let act = interaction.act.kind;
    let channel = interaction.act.channel;
    let original = interaction.original;
    interaction.tell(outcome);
    if request.query.get("with_response").is_none_or(|value| value != "true") {
        return Ok(Reply::empty());
    }
    let mut about = json!({ "id": id.to_string(), "type": act, "channel_id": channel.to_string() });
    if let Some(guild) = world.channels.get(&channel).and_then(|channel| channel.guild) {
        about["guild_id"] = json!(guild.to_string());
    }
    if let Some(original) = original.or(message) {
        about["response_message_id"] = json!(original.to_string());
        let standing = world.messages.get(&original);
        about["response_message_loading"] = json!(standing.is_some_and(|one| one.thinking));
        about["response_message_ephemeral"] = json!(standing.is_some_and(|one| one.only_for.is_some()));
    }
    let mut answer = json!({ "interaction": about });
    if let Some(message) = resource.and_then(|id| world.messages.get(&id)) {
        answer["resource"] = json!({ "type": kind, "message": payloads::message(world, message, true) });
    }
    Ok(Reply::ok(answer))
}

/// Which answers fit which interactions.
fn allowed(interaction: &Interaction, body: &Value) -> Result<u64, Refusal> {
    let refuse = |message: &str| {
        let fault = json!({ "code": "INTERACTION_CALLBACK_TYPE_INVALID", "message": message });
        Err(Refusal::form(json!({ "type": { "_errors": [fault] } }), "Invalid Form Body"))
    };
    let kind = match body["type"].as_u64() {
        Some(kind @ (MESSAGE..=MODAL)) => kind,
        Some(PONG) => return refuse("Only a ping is answered with a pong."),
        _ => return refuse("Value must be one of {1, 4, 5, 6, 7, 8, 9, 12}."),
    };
    let act = interaction.act.kind;
    match kind {
        MODAL if act == 5 => refuse("A modal submit cannot be answered with a modal."),
        CHOICES if act != 4 => refuse("Only autocomplete is answered with choices."),
        MESSAGE..=UPDATE | MODAL if act == 4 => refuse("Autocomplete is answered with choices."),
        UPDATE | DEFER_UPDATE if !interaction.act.from_component => refuse("There is no component's message to update."),
        _ => Ok(kind),
    }
}

fn apply(world: &mut World, id: Id, kind: u64, request: &Request, data: &Value) -> Result<(Outcome, Option<Id>), Refusal> {
    match kind {
        MESSAGE => {
            let message = reply(world, id, data, request)?;
            let posted = message.id;
            world.post(message);
            set_original(world, id, posted);
            Ok((Outcome::Message(posted), Some(posted)))
        }
        DEFER => {
            let message = thinking(world, id, data)?;
            let posted = message.id;
            world.post(message);
            set_original(world, id, posted);
            Ok((Outcome::Deferred, Some(posted)))
        }
        UPDATE | DEFER_UPDATE => {
            let target = world.interactions.get(&id).and_then(|one| one.act.message);
            let Some(standing) = target.and_then(|id| world.messages.get(&id)).cloned() else {
                return Err(Refusal::code(10_008));
            };
            set_original(world, id, standing.id);
            if kind == DEFER_UPDATE {
                return Ok((Outcome::Deferred, None));
            }
            let empty = json!({});
            let edited =
                compose::edited(world, &standing, if data.is_null() { &empty } else { data }, &request.files).map_err(nest)?;
            world.messages.insert(edited.id, edited);
            world.revise(standing.id);
            Ok((Outcome::Updated(standing.id), Some(standing.id)))
        }
        CHOICES => {
            choices(data)?;
            Ok((Outcome::Choices(data.clone()), None))
        }
        _ => {
            limits::modal::check(data)?;
            Ok((Outcome::Modal(data.clone()), None))
        }
    }
}

fn set_original(world: &mut World, id: Id, message: Id) {
    if let Some(interaction) = world.interactions.get_mut(&id) {
        interaction.original = Some(message);
    }
}

/// Faults in a callback's message stand under `data`.
fn nest(refusal: Refusal) -> Refusal {
    Refusal { errors: refusal.errors.map(|errors| json!({ "data": errors })), ..refusal }
}

/// At most 25 choices, names of 1 to 100, values that fit.
fn choices(data: &Value) -> Result<(), Refusal> {
    let mut form = limits::Form::default();
    for (at, one) in form.list("data.choices", &data["choices"], 0, 25).iter().enumerate() {
        form.text(&format!("data.choices.{at}.name"), &one["name"], true, 1, 100);
        if one["value"].is_string() {
            form.text(&format!("data.choices.{at}.value"), &one["value"], true, 0, 100);
        } else if !one["value"].is_number() {
            form.fault(&format!("data.choices.{at}.value"), "BASE_TYPE_REQUIRED", "This field is required");
        }
    }
    if !data["choices"].is_array() {
        form.fault("data.choices", "BASE_TYPE_REQUIRED", "This field is required");
    }
    form.finish()
}

/// A reply's message: private when its flag says so. Replies need no Send Messages, and closed DMs don't stop them.
pub fn reply(world: &mut World, id: Id, data: &Value, request: &Request) -> Result<Message, Refusal> {
    let Some(interaction) = world.interactions.get(&id) else { return Err(Refusal::code(10_062)) };
    let (channel, user, metadata) = (interaction.act.channel, interaction.user, interaction.metadata.clone());
    if !world.channels.contains_key(&channel) {
        return Err(Refusal::code(10_003));
    }
    let empty = json!({});
    let body = if data.is_null() { &empty } else { data };
    let draft = Draft { author: world.bot, channel, body, files: &request.files, beside: serde_json::Value::Null };
    let mut message = compose::message(world, &draft)?;
    message.only_for = (message.flags & EPHEMERAL != 0).then_some(user);
    message.kind = 20;
    message.metadata = Some(metadata);
    Ok(message)
}

/// "Duet is thinking…"
fn thinking(world: &mut World, id: Id, data: &Value) -> Result<Message, Refusal> {
    let Some(interaction) = world.interactions.get(&id) else { return Err(Refusal::code(10_062)) };
    let (channel, user, metadata) = (interaction.act.channel, interaction.user, interaction.metadata.clone());
    if !world.channels.contains_key(&channel) {
        return Err(Refusal::code(10_003));
    }
    let private = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL;
    let message = world.next_id();
    Ok(Message {
        id: message,
        channel,
        author: world.bot,
        content: String::new(),
        embeds: Vec::new(),
        components: Vec::new(),
        attachments: Vec::new(),
        // LOADING is 1<<7.
        flags: private | 1 << 7,
        only_for: (private != 0).then_some(user),
        mentions: Vec::new(),
        mention_roles: Vec::new(),
        mention_everyone: false,
        sent_ms: world.now(),
        edited_ms: None,
        pinned_ms: None,
        nonce: None,
        metadata: Some(metadata),
        reply_to: None,
        reactions: Vec::new(),
        kind: 20,
        thinking: true,
        edits: 0,
        beside: Value::Null,
    })
}
