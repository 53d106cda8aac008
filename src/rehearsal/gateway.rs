//! The gateway's side of the world: sessions, what each has been sent, who is listening (events/gateway). Owns sequence
//! numbers and the replay buffer; decides which session hears an event by shard and intents. Sockets are in `gateway/socket`.

pub(super) mod socket;

use super::world::Id;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

pub const GUILDS: u64 = 1 << 0;
const GUILD_MESSAGES: u64 = 1 << 9;
const DIRECT_MESSAGES: u64 = 1 << 12;
const MESSAGE_CONTENT: u64 = 1 << 15;
/// `GUILD_MEMBERS`, `GUILD_PRESENCES`, `MESSAGE_CONTENT`: granted to nobody here, so asking for them is 4014.
pub const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | MESSAGE_CONTENT;
/// All intents that the documentation names; others are 4013.
pub const KNOWN_INTENTS: u64 = ((1 << 17) - 1) | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;

/// How many events a disconnected session can be given back.
const REPLAY: usize = 1_000;

/// What a connection is told to do.
#[derive(Clone, Debug)]
pub enum Wire {
    Text(String),
    Close(Option<u16>, &'static str),
    Cut,
}

#[derive(Debug)]
pub struct Session {
    pub shard: (u64, u64),
    pub intents: u64,
    pub seq: u64,
    replay: VecDeque<(u64, Value)>,
    /// The connection that serves it now.
    pub connection: Option<u64>,
}

#[derive(Debug, Default)]
pub struct Gateway {
    pub sessions: HashMap<String, Session>,
    pub connections: HashMap<u64, UnboundedSender<Wire>>,
    next_connection: u64,
    /// What `GET /gateway` hands out.
    pub url: String,
    /// What `GET /gateway/bot` recommends.
    pub shards: u64,
    /// What `GET /gateway/bot` says, and how many buckets identifies fall into.
    pub max_concurrency: u64,
    pub identifies: usize,
    /// Those that came too soon after another.
    pub hasty_identifies: usize,
    pub resumes: usize,
    /// When each bucket last saw an identify, in real time.
    identified_at: HashMap<u64, Instant>,
}

/// Which shard owns a server (events/gateway, "Sharding"): DMs, without a server, come to shard 0.
pub fn owns(shard: (u64, u64), guild: Option<Id>) -> bool {
    match guild {
        Some(guild) => (guild >> 22) % shard.1.max(1) == shard.0,
        None => shard.0 == 0,
    }
}

impl Gateway {
    pub fn connect(&mut self, sender: UnboundedSender<Wire>) -> u64 {
        self.next_connection += 1;
        self.connections.insert(self.next_connection, sender);
        self.next_connection
    }

    pub fn disconnect(&mut self, connection: u64) {
        self.connections.remove(&connection);
        for session in self.sessions.values_mut().filter(|session| session.connection == Some(connection)) {
            session.connection = None;
        }
    }

    pub fn is_connected(&self) -> bool {
        self.sessions.values().any(|session| session.connection.is_some_and(|id| self.connections.contains_key(&id)))
    }

    /// How far a shard's listening session was told.
    pub fn told(&self, shard: u64) -> Option<u64> {
        let connected = |session: &&Session| session.connection.is_some_and(|id| self.connections.contains_key(&id));
        let mut sessions = self.sessions.values().filter(connected).filter(|session| session.shard.0 == shard);
        sessions.next().map(|session| session.seq)
    }

    /// The shards that somebody is connected for, in order.
    pub fn listening(&self) -> Vec<(u64, u64)> {
        let connected = |session: &&Session| session.connection.is_some_and(|id| self.connections.contains_key(&id));
        let mut shards: Vec<_> = self.sessions.values().filter(connected).map(|session| session.shard).collect();
        shards.sort_unstable();
        shards
    }

    /// Whether this shard may identify now: in its bucket, `shard_id % max_concurrency`, one in `every`, whatever connection or
    /// process it comes from, for the limit is the token's (events/gateway, "Session Start Limit"; "Max Concurrency").
    pub fn may_identify(&mut self, shard: u64, every: Duration) -> bool {
        let bucket = shard % self.max_concurrency.max(1);
        if self.identified_at.get(&bucket).is_some_and(|at| at.elapsed() < every) {
            self.hasty_identifies += 1;
            return false;
        }
        self.identified_at.insert(bucket, Instant::now());
        true
    }

    pub fn add_session(&mut self, id: String, shard: (u64, u64), intents: u64, connection: u64) {
        let session = Session { shard, intents, seq: 0, replay: VecDeque::new(), connection: Some(connection) };
        self.sessions.insert(id, session);
    }

    /// Moves a session to a new connection and sends what it missed. `None`: it can't be resumed from there.
    pub fn resume(&mut self, id: &str, after: u64, connection: u64) -> Option<()> {
        let session = self.sessions.get_mut(id)?;
        let oldest = session.replay.front().map_or(session.seq + 1, |(seq, _)| *seq);
        if after > session.seq || after + 1 < oldest {
            return None;
        }
        session.connection = Some(connection);
        let missed: Vec<Value> = session.replay.iter().filter(|(seq, _)| *seq > after).map(|(_, frame)| frame.clone()).collect();
        let sender = self.connections.get(&connection)?;
        for frame in missed {
            // A connection that just closed keeps its events in the buffer.
            let _ = sender.send(Wire::Text(frame.to_string()));
        }
        self.resumes += 1;
        self.send(id, "RESUMED", &json!({}));
        Some(())
    }

    /// One event to one session, kept for replay.
    pub fn send(&mut self, id: &str, event: &str, data: &Value) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        session.seq += 1;
        let frame = json!({ "op": 0, "t": event, "s": session.seq, "d": data });
        if let Some(sender) = session.connection.and_then(|connection| self.connections.get(&connection)) {
            let _ = sender.send(Wire::Text(frame.to_string()));
        }
        session.replay.push_back((session.seq, frame));
        if session.replay.len() > REPLAY {
            session.replay.pop_front();
        }
    }

    fn dispatch(&mut self, event: &str, guild: Option<Id>, data: &Value, wants: impl Fn(&Session) -> bool) {
        let chosen: Vec<String> = self
            .sessions
            .iter()
            .filter(|(_, session)| owns(session.shard, guild) && wants(session))
            .map(|(id, _)| id.clone())
            .collect();
        for id in chosen {
            self.send(&id, event, data);
        }
    }

    /// Events of the GUILDS intent: servers, roles, channels.
    pub fn dispatch_guild(&mut self, event: &str, guild: Id, data: &Value) {
        self.dispatch(event, Some(guild), data, |session| session.intents & GUILDS != 0);
    }

    /// Interactions need no intent.
    pub fn dispatch_interaction(&mut self, guild: Option<Id>, data: &Value) {
        self.dispatch("INTERACTION_CREATE", guild, data, |_| true);
    }

    /// Messages: by intent; content of others' messages in servers only with `MESSAGE_CONTENT`, unless they mention the bot.
    pub fn dispatch_message(&mut self, event: &str, guild: Option<Id>, data: &Value, bot: Id) {
        let needed = if guild.is_some() { GUILD_MESSAGES } else { DIRECT_MESSAGES };
        let bot = bot.to_string();
        let mentions_bot = data["mentions"].as_array().is_some_and(|all| all.iter().any(|user| user["id"] == bot));
        let mut shown = data.clone();
        if guild.is_some() && data.get("author").is_some_and(|author| author["id"] != bot) && !mentions_bot {
            shown["content"] = json!("");
            for key in ["embeds", "attachments", "components"] {
                shown[key] = json!([]);
            }
        }
        self.dispatch(event, guild, &shown, |session| session.intents & needed != 0);
    }

    fn tell_all(&mut self, wire: &Wire) {
        for sender in self.connections.values() {
            let _ = sender.send(wire.clone());
        }
    }

    /// Everything in the world that hangs on a connection lets go of it at once: what happens next is for the replay.
    fn let_go(&mut self) {
        for session in self.sessions.values_mut() {
            session.connection = None;
        }
        self.connections.clear();
    }

    pub fn cut_all(&mut self) {
        self.tell_all(&Wire::Cut);
        self.let_go();
    }

    pub fn close_all(&mut self, code: Option<u16>, reason: &'static str) {
        self.tell_all(&Wire::Close(code, reason));
        self.let_go();
        // After these a session cannot be resumed (topics/opcodes-and-status-codes, "Gateway Close Event Codes").
        if code.is_some_and(|code| matches!(code, 4003 | 4004 | 4007 | 4009 | 4010..=4014)) {
            self.sessions.clear();
        }
    }

    pub fn reconnect_all(&mut self) {
        self.tell_all(&Wire::Text(json!({ "op": 7, "d": null, "s": null, "t": null }).to_string()));
    }

    pub fn invalidate_all(&mut self, resumable: bool) {
        self.tell_all(&Wire::Text(json!({ "op": 9, "d": resumable, "s": null, "t": null }).to_string()));
        for session in self.sessions.values_mut() {
            session.connection = None;
        }
        if !resumable {
            self.sessions.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(receiver: &mut tokio::sync::mpsc::UnboundedReceiver<Wire>) -> Vec<String> {
        let mut events = Vec::new();
        while let Ok(Wire::Text(text)) = receiver.try_recv() {
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            events.push(format!("{} {}", frame["s"], frame["t"].as_str().unwrap_or_default()));
        }
        events
    }

    #[test]
    fn a_server_belongs_to_one_shard_and_dms_to_the_first() {
        let guild = Some(7 << 22);
        assert_eq!((0..4).filter(|shard| owns((*shard, 4), guild)).collect::<Vec<_>>(), [3]);
        assert!(owns((0, 4), None) && !owns((1, 4), None));
    }

    #[test]
    fn a_bucket_identifies_once_in_an_interval_and_others_beside_it() {
        let every = Duration::from_mins(1);
        let mut gateway = Gateway { max_concurrency: 2, ..Gateway::default() };
        assert_eq!([0, 1, 2, 3].map(|shard| gateway.may_identify(shard, every)), [true, true, false, false]);
        assert_eq!(gateway.hasty_identifies, 2);
        assert!(gateway.may_identify(2, Duration::ZERO));
    }

    #[test]
    fn a_session_hears_what_its_intents_ask_for() {
        let mut gateway = Gateway::default();
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let connection = gateway.connect(sender);
        gateway.add_session("s".into(), (0, 1), GUILDS | DIRECT_MESSAGES, connection);
        gateway.dispatch_guild("CHANNEL_CREATE", 1, &json!({}));
        gateway.dispatch_message("MESSAGE_CREATE", Some(1), &json!({}), 2);
        gateway.dispatch_message("MESSAGE_CREATE", None, &json!({}), 2);
        gateway.dispatch_interaction(Some(1), &json!({}));
        assert_eq!(frames(&mut receiver), ["1 CHANNEL_CREATE", "2 MESSAGE_CREATE", "3 INTERACTION_CREATE"]);
    }

    #[test]
    fn a_resume_gives_back_what_was_missed_and_no_more_than_was_kept() {
        let mut gateway = Gateway::default();
        let (sender, _gone) = tokio::sync::mpsc::unbounded_channel();
        let first = gateway.connect(sender);
        gateway.add_session("s".into(), (0, 1), GUILDS, first);
        gateway.disconnect(first);
        for _ in 0..REPLAY + 5 {
            gateway.dispatch_guild("X", 1, &json!({}));
        }
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let second = gateway.connect(sender);
        assert_eq!(gateway.resume("s", 3, second), None, "too long ago");
        assert_eq!(gateway.resume("unknown", 3, second), None);
        assert_eq!(gateway.resume("s", REPLAY as u64 + 3, second), Some(()));
        assert_eq!(frames(&mut receiver), ["1004 X", "1005 X", "1006 RESUMED"]);
    }
}
