//! From a person's act to the bot's answer: builds `INTERACTION_CREATE`, keeps the three seconds and the fifteen minutes
//! (interactions/receiving-and-responding), and is the point where a story waits. What a callback may hold is `rest`'s.

use super::heard::Heard;
use super::modal::OpenModal;
use super::person::Person;
use super::world::{Id, World};
use super::{Shared, payloads, view};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// "Your app must respond within 3 seconds."
pub const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// "Interaction tokens are valid for 15 minutes."
pub const TOKEN_MS: i64 = 15 * 60 * 1000;

/// What somebody did, before Discord makes an interaction of it.
#[derive(Clone, Debug)]
pub struct Act {
    /// 2 command, 3 component, 4 autocomplete, 5 modal submit.
    pub kind: u8,
    pub channel: Id,
    /// The message that a component stands on, or whose component opened the modal.
    pub message: Option<Id>,
    pub data: Value,
    /// Whether the act comes from a component, directly or through its modal: then the message may be updated.
    pub from_component: bool,
}

/// What the first callback did.
#[derive(Debug)]
pub enum Outcome {
    Message(Id),
    Updated(Id),
    Modal(Value),
    Choices(Value),
    Deferred,
    Void,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum State {
    Waiting,
    Answered,
    /// Three seconds passed, or the world's clock did, or a fault voided it.
    Void,
}

#[derive(Debug)]
pub struct Interaction {
    pub token: String,
    pub act: Act,
    pub user: Id,
    pub guild: Option<Id>,
    pub created_ms: i64,
    pub created: Instant,
    pub state: State,
    /// `@original`, once there is one.
    pub original: Option<Id>,
    pub metadata: Value,
    pub payload: Value,
    /// How often the bot tried a callback.
    pub attempts: usize,
    heard: Option<oneshot::Sender<Outcome>>,
}

impl Interaction {
    pub fn tell(&mut self, outcome: Outcome) {
        if let Some(heard) = self.heard.take() {
            // The person may have stopped waiting.
            let _ = heard.send(outcome);
        }
    }

    /// Whether a first answer still counts, now.
    pub fn is_late(&self, now_ms: i64) -> bool {
        self.state == State::Void || self.created.elapsed() > FIRST_ANSWER || now_ms - self.created_ms > 3_000
    }

    pub fn token_expired(&self, now_ms: i64) -> bool {
        now_ms - self.created_ms > TOKEN_MS
    }
}

/// Does it and waits for the bot's first answer, as long as Discord does.
pub async fn perform(person: &Person, act: Act) -> Heard {
    let shared = &person.shared;
    let (id, answer) = begin(shared, person.id(), act);
    let outcome = match tokio::time::timeout(FIRST_ANSWER, answer).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) | Err(_) => Outcome::Void,
    };
    let mut world = shared.world();
    if matches!(outcome, Outcome::Void)
        && let Some(interaction) = world.interactions.get_mut(&id)
    {
        interaction.state = State::Void;
    }
    let heard = hear(&mut world, person, id, outcome);
    drop(world);
    shared.tick();
    heard
}

fn hear(world: &mut World, person: &Person, id: Id, outcome: Outcome) -> Heard {
    let seen = |world: &World, id: Id| world.messages.get(&id).map(|message| view::seen(world, message));
    match outcome {
        Outcome::Message(id) => match seen(world, id) {
            Some(message) if message.private => Heard::Private(message),
            Some(message) => Heard::Public(message),
            None => Heard::Deferred,
        },
        Outcome::Updated(id) => seen(world, id).map_or(Heard::Deferred, Heard::Updated),
        Outcome::Modal(data) => {
            let (text, mut raw) = (view::modal(world, &data), String::new());
            view::strings(&data, &mut raw);
            if let Some(user) = world.users.get_mut(&person.id()) {
                user.unread.push(text);
                user.saw.push(raw);
            }
            let act = world.interactions.get(&id).map(|interaction| interaction.act.clone());
            let (channel, message) = act.map_or((0, None), |act| (act.channel, act.message));
            Heard::Modal(OpenModal { person: person.clone(), data, channel, message })
        }
        Outcome::Choices(data) => {
            let mut raw = String::new();
            view::strings(&data, &mut raw);
            if let Some(user) = world.users.get_mut(&person.id()) {
                user.saw.push(raw);
            }
            let choices = data["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
            let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Heard::Choices(choices.iter().map(|choice| (plain(&choice["name"]), plain(&choice["value"]))).collect())
        }
        Outcome::Deferred => Heard::Deferred,
        Outcome::Void => {
            if let Some(user) = world.users.get_mut(&person.id()) {
                user.unread.push("— The application did not respond —".to_owned());
            }
            Heard::NoAnswer
        }
    }
}

fn begin(shared: &Arc<Shared>, user: Id, act: Act) -> (Id, oneshot::Receiver<Outcome>) {
    let mut world = shared.world();
    let (id, token_end) = (world.next_id(), world.letters(160));
    let token = {
        use base64::Engine;
        let head = format!("interaction:{id}:{token_end}");
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(head)
    };
    let guild = world.channels.get(&act.channel).and_then(|channel| channel.guild);
    let too_late = shared.faults.too_late.swap(false, Ordering::SeqCst);
    let metadata = metadata(&world, id, user, guild, &act);
    let payload = payload(&world, id, &token, user, guild, &act);
    let (heard, answer) = oneshot::channel();
    let interaction = Interaction {
        token: token.clone(),
        act,
        user,
        guild,
        created_ms: world.now(),
        created: Instant::now(),
        state: if too_late { State::Void } else { State::Waiting },
        original: None,
        metadata,
        payload: payload.clone(),
        attempts: 0,
        heard: Some(heard),
    };
    forget_old(&mut world);
    world.interactions.insert(id, interaction);
    world.by_token.insert(token, id);
    world.last_interaction = Some(id);
    world.gateway.dispatch_interaction(guild, &payload);
    (id, answer)
}

/// A long rehearsal keeps only the interactions whose tokens could still matter.
fn forget_old(world: &mut World) {
    const KEPT: usize = 4_096;
    if world.interactions.len() < KEPT * 2 {
        return;
    }
    let mut ids: Vec<Id> = world.interactions.keys().copied().collect();
    ids.sort_unstable();
    for id in &ids[..ids.len() - KEPT] {
        if let Some(old) = world.interactions.remove(id) {
            world.by_token.remove(&old.token);
        }
    }
}

fn owners(world: &World, user: Id, guild: Option<Id>) -> Value {
    let mut owners = serde_json::Map::new();
    match guild {
        Some(guild) if world.bot_is_member(guild) => {
            owners.insert("0".into(), json!(guild.to_string()));
        }
        // "0" in a DM with the bot means: installed in a server that both share.
        None if world.shares_server(user) => {
            owners.insert("0".into(), json!("0"));
        }
        _ => {}
    }
    if world.users.get(&user).is_some_and(|user| user.installed) {
        owners.insert("1".into(), json!(user.to_string()));
    }
    Value::Object(owners)
}

fn metadata(world: &World, id: Id, user: Id, guild: Option<Id>, act: &Act) -> Value {
    let mut metadata = json!({
        "id": id.to_string(),
        "type": act.kind,
        "user": payloads::user(&world.users[&user]),
        "authorizing_integration_owners": owners(world, user, guild),
    });
    let command_like = |id: Id| {
        json!({
            "id": id.to_string(),
            "type": 3,
            "user": payloads::user(&world.users[&user]),
            "authorizing_integration_owners": owners(world, user, guild),
            "interacted_message_id": act.message.map(|id| id.to_string()),
        })
    };
    match (act.kind, act.message) {
        (3, Some(message)) => metadata["interacted_message_id"] = json!(message.to_string()),
        (5, Some(_)) => metadata["triggering_interaction_metadata"] = command_like(id),
        (5, None) => {
            metadata["triggering_interaction_metadata"] = json!({
                "id": id.to_string(),
                "type": 2,
                "user": payloads::user(&world.users[&user]),
                "authorizing_integration_owners": owners(world, user, guild),
            });
        }
        _ => {}
    }
    metadata
}

fn payload(world: &World, id: Id, token: &str, user: Id, guild: Option<Id>, act: &Act) -> Value {
    let channel = &world.channels[&act.channel];
    let mut payload = json!({
        "id": id.to_string(),
        "application_id": world.bot.to_string(),
        "type": act.kind,
        "data": act.data,
        "channel_id": act.channel.to_string(),
        "channel": payloads::interaction_channel(world, channel, user),
        "token": token,
        "version": 1,
        "app_permissions": world.permissions_in(channel, world.bot).to_string(),
        "locale": "en-US",
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(world, user, guild),
        "context": u8::from(guild.is_none()),
        "attachment_size_limit": 10_485_760,
    });
    let user_payload = payloads::user(&world.users[&user]);
    if let Some(guild) = guild.and_then(|id| world.guilds.get(&id)) {
        payload["guild_id"] = json!(guild.id.to_string());
        payload["guild_locale"] = json!("en-US");
        payload["guild"] = json!({ "id": guild.id.to_string(), "locale": "en-US", "features": [] });
        payload["member"] = payloads::interaction_member(world, guild, channel, user, user_payload);
    } else {
        payload["user"] = user_payload;
    }
    if matches!(act.kind, 3 | 5)
        && let Some(message) = act.message.and_then(|id| world.messages.get(&id))
    {
        payload["message"] = payloads::message(world, message, false);
    }
    payload
}

pub async fn redeliver_last(shared: &Arc<Shared>) -> bool {
    let before = {
        let mut world = shared.world();
        let Some(id) = world.last_interaction else { return false };
        let Some(interaction) = world.interactions.get(&id) else { return false };
        let (payload, guild, attempts) = (interaction.payload.clone(), interaction.guild, interaction.attempts);
        world.gateway.dispatch_interaction(guild, &payload);
        (id, attempts)
    };
    let tried = |world: &mut World| {
        let interaction = world.interactions.get(&before.0)?;
        (interaction.attempts > before.1).then_some(())
    };
    shared.until(Duration::from_secs(1), tried).await.is_some()
}
