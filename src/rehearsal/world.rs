//! The world's state: people, servers, channels, messages, and who can see what. Owns every fact; knows no HTTP and no rule
//! about requests. Changes go through its methods, so that gateway events, what people saw and what they can read stay in step.

pub(super) mod posting;
pub(super) mod sight;

use super::clock::WorldClock;
use super::gateway::Gateway;
use super::heard::Notification;
use super::interactions::Interaction;
use super::payloads;
use super::permissions;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

pub type Id = u64;

/// 2015-01-01, the first moment a snowflake can tell (reference, "Snowflakes").
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about an account")]
pub struct User {
    pub id: Id,
    pub name: String,
    pub bot: bool,
    pub dms_open: bool,
    /// Whether this person blocked the bot.
    pub blocks_bot: bool,
    /// Whether this person installed the application for themself.
    pub installed: bool,
    /// Where they type commands; `None` is the DM with the bot.
    pub place: Option<Id>,
    pub visible: HashSet<Id>,
    pub unread: Vec<String>,
    /// Every text that ever stood before their eyes.
    pub saw: Vec<String>,
    pub notifications: Vec<Notification>,
    /// Private replies that a reload took from their screen.
    pub vanished: HashSet<Id>,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub roles: Vec<Id>,
    pub joined_ms: i64,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub id: Id,
    pub name: String,
    pub permissions: u64,
    pub position: i64,
    pub managed_by: Option<Id>,
}

#[derive(Clone, Debug)]
pub struct Guild {
    pub id: Id,
    pub name: String,
    pub owner: Id,
    pub bot_role: Id,
    pub members: BTreeMap<Id, Member>,
    pub roles: BTreeMap<Id, Role>,
    pub channels: Vec<Id>,
    /// 500 on Discord (30013).
    pub max_channels: usize,
    /// Moderation needs two-factor, which the application's owner doesn't have (60003).
    pub needs_two_factor: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwrite {
    pub id: Id,
    pub is_member: bool,
    pub allow: u64,
    pub deny: u64,
}

#[derive(Clone, Debug)]
pub struct Channel {
    pub id: Id,
    pub name: String,
    pub kind: u8,
    /// `None` for a DM.
    pub guild: Option<Id>,
    /// The person at the other end of a DM.
    pub recipient: Option<Id>,
    pub topic: Option<String>,
    pub parent: Option<Id>,
    pub position: i64,
    pub nsfw: bool,
    pub slowmode: u64,
    pub overwrites: Vec<Overwrite>,
    pub last_message: Option<Id>,
    pub last_pin_ms: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Reaction {
    pub emoji: String,
    pub by: Vec<Id>,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub id: Id,
    pub channel: Id,
    pub author: Id,
    pub content: String,
    pub embeds: Vec<Value>,
    /// As answered: with their numeric ids.
    pub components: Vec<Value>,
    pub attachments: Vec<Value>,
    pub flags: u64,
    /// Whom a private reply is for.
    pub only_for: Option<Id>,
    pub mentions: Vec<Id>,
    pub mention_roles: Vec<Id>,
    pub mention_everyone: bool,
    pub sent_ms: i64,
    pub edited_ms: Option<i64>,
    pub pinned_ms: Option<i64>,
    pub nonce: Option<Value>,
    /// `interaction_metadata`, for replies to interactions.
    pub metadata: Option<Value>,
    pub reply_to: Option<Id>,
    pub reactions: Vec<Reaction>,
    pub kind: u8,
    /// A deferred reply that shows "thinking…".
    pub thinking: bool,
    pub edits: u32,
    /// Stickers, a poll, a forwarded message: fields that only a person's message has.
    pub beside: Value,
}

#[derive(Debug)]
pub struct World {
    pub clock: WorldClock,
    pub rng: StdRng,
    pub bot: Id,
    pub owner: Id,
    pub token: String,
    pub users: BTreeMap<Id, User>,
    pub guilds: BTreeMap<Id, Guild>,
    pub channels: BTreeMap<Id, Channel>,
    pub messages: BTreeMap<Id, Message>,
    /// Message ids in order, per channel.
    pub timeline: HashMap<Id, Vec<Id>>,
    pub dms: HashMap<Id, Id>,
    pub commands: Vec<Value>,
    pub interactions: HashMap<Id, Interaction>,
    pub by_token: HashMap<String, Id>,
    pub last_interaction: Option<Id>,
    /// Enforced nonces: author, channel, nonce -> message, when.
    pub nonces: HashMap<(Id, Id, String), (Id, i64)>,
    /// The bytes of attachments, by their id.
    pub files: HashMap<Id, Arc<[u8]>>,
    pub gateway: Gateway,
    last_id: Id,
}

impl World {
    pub fn new(clock: WorldClock, seed: u64) -> Self {
        let mut world = Self {
            clock,
            rng: StdRng::seed_from_u64(seed),
            bot: 0,
            owner: 0,
            token: String::new(),
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            timeline: HashMap::new(),
            dms: HashMap::new(),
            commands: Vec::new(),
            interactions: HashMap::new(),
            by_token: HashMap::new(),
            last_interaction: None,
            nonces: HashMap::new(),
            files: HashMap::new(),
            gateway: Gateway::default(),
            last_id: 0,
        };
        world.bot = world.add_user("Duet", true);
        world.owner = world.add_user("Operator", false);
        world.token = world.new_token();
        world
    }

    /// The shape of a real one: the id in base64, six characters, thirty-eight characters.
    fn new_token(&mut self) -> String {
        use base64::Engine;
        let id = base64::engine::general_purpose::STANDARD_NO_PAD.encode(self.bot.to_string());
        format!("{id}.{}.{}", self.letters(6), self.letters(38))
    }

    pub fn letters(&mut self, count: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..count).map(|_| char::from(ALPHABET[self.rng.random_range(0..ALPHABET.len())])).collect()
    }

    pub fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Snowflakes carry the world's time and always ascend, even when the clock is set back.
    pub fn next_id(&mut self) -> Id {
        let since = u64::try_from(self.now() - DISCORD_EPOCH_MS).unwrap_or(0);
        self.last_id = (self.last_id + 1).max(since << 22);
        self.last_id
    }

    pub fn add_user(&mut self, name: &str, bot: bool) -> Id {
        let id = self.next_id();
        self.users.insert(
            id,
            User {
                id,
                name: name.to_owned(),
                bot,
                dms_open: true,
                blocks_bot: false,
                installed: false,
                place: None,
                visible: HashSet::new(),
                unread: Vec::new(),
                saw: Vec::new(),
                notifications: Vec::new(),
                vanished: HashSet::new(),
            },
        );
        id
    }

    pub fn name_of(&self, user: Id) -> String {
        self.users.get(&user).map_or_else(|| "somebody".to_owned(), |user| user.name.clone())
    }

    pub fn bot_is_member(&self, guild: Id) -> bool {
        self.guilds.get(&guild).is_some_and(|guild| guild.members.contains_key(&self.bot))
    }

    /// Whether the person and the bot are in one server together.
    pub fn shares_server(&self, user: Id) -> bool {
        self.guilds.values().any(|guild| guild.members.contains_key(&user) && guild.members.contains_key(&self.bot))
    }

    /// The DM between the bot and this person; made when it isn't there.
    pub fn dm_with(&mut self, user: Id) -> Id {
        if let Some(id) = self.dms.get(&user) {
            return *id;
        }
        let id = self.next_id();
        let channel = Channel {
            id,
            name: String::new(),
            kind: 1,
            guild: None,
            recipient: Some(user),
            topic: None,
            parent: None,
            position: 0,
            nsfw: false,
            slowmode: 0,
            overwrites: Vec::new(),
            last_message: None,
            last_pin_ms: None,
        };
        self.channels.insert(id, channel);
        self.dms.insert(user, id);
        if let Some(user) = self.users.get_mut(&user) {
            user.visible.insert(id);
        }
        id
    }

    /// Permissions of somebody in a channel. In a DM both ends may do what a DM allows.
    pub fn permissions_in(&self, channel: &Channel, user: Id) -> u64 {
        match channel.guild.and_then(|id| self.guilds.get(&id)) {
            Some(guild) => permissions::in_channel(guild, channel, user),
            None if channel.recipient == Some(user) || user == self.bot => permissions::EVERYONE | permissions::PIN_MESSAGES,
            None => 0,
        }
    }

    /// Tells the gateway about a server, while the bot is in it.
    pub fn tell_guild(&mut self, event: &str, guild: Id, payload: &Value) {
        if self.bot_is_member(guild) {
            self.gateway.dispatch_guild(event, guild, payload);
        }
    }

    /// These attachments are nowhere any more.
    pub fn forget_files(&mut self, attachments: &[Value]) {
        for id in attachments.iter().filter_map(|file| file["id"].as_str()?.parse::<Id>().ok()) {
            self.files.remove(&id);
        }
    }

    pub fn remove_channel(&mut self, id: Id) -> Option<Channel> {
        let channel = self.channels.remove(&id)?;
        let guild = channel.guild?;
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.channels.retain(|other| *other != id);
        }
        for user in self.users.values_mut() {
            if user.visible.remove(&id) {
                user.unread.push(format!("— #{} is gone —", channel.name));
            }
            if user.place == Some(id) {
                user.place = None;
            }
        }
        for message in self.timeline.remove(&id).unwrap_or_default() {
            if let Some(message) = self.messages.remove(&message) {
                self.forget_files(&message.attachments);
            }
        }
        let payload = payloads::channel(self, &channel);
        self.tell_guild("CHANNEL_DELETE", guild, &payload);
        Some(channel)
    }

    pub fn channel_changed(&mut self, event: &str, id: Id) {
        let Some(channel) = self.channels.get(&id) else { return };
        let Some(guild) = channel.guild else { return };
        let payload = payloads::channel(self, channel);
        self.tell_guild(event, guild, &payload);
        self.look_again(guild);
    }
}
