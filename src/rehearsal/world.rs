//! The world's state: people, servers, channels, messages, and who can see what. Owns every fact; knows no HTTP and no rule
//! about requests. Changes go through its methods, so that gateway events, what people saw and what they can read stay in step.

use super::clock::WorldClock;
use super::gateway::Gateway;
use super::interactions::Interaction;
use super::permissions::{self, READ_MESSAGE_HISTORY, VIEW_CHANNEL};
use super::person::Notification;
use super::{payloads, view};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

pub type Id = u64;

/// 2015-01-01, the first moment a snowflake can tell (reference, "Snowflakes").
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

#[derive(Debug)]
pub struct User {
    pub id: Id,
    pub name: String,
    pub bot: bool,
    pub dms_open: bool,
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
    pub files: HashMap<Id, Vec<u8>>,
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
            None if channel.recipient == Some(user) || user == self.bot => {
                permissions::EVERYONE | permissions::PIN_MESSAGES
            }
            None => 0,
        }
    }

    pub fn can_see(&self, user: Id, message: &Message) -> bool {
        match message.only_for {
            Some(one) => one == user && self.users.get(&user).is_some_and(|user| !user.vanished.contains(&message.id)),
            None => self.users.get(&user).is_some_and(|user| user.visible.contains(&message.channel)),
        }
    }

    /// Everyone a message in this channel appears before.
    fn audience(&self, message: &Message) -> Vec<Id> {
        if let Some(one) = message.only_for {
            return vec![one];
        }
        match self.channels.get(&message.channel) {
            Some(Channel { recipient: Some(person), .. }) => vec![*person],
            Some(Channel { guild: Some(guild), .. }) => self
                .guilds
                .get(guild)
                .map(|guild| {
                    let sees = |id: &&Id| self.users.get(id).is_some_and(|user| user.visible.contains(&message.channel));
                    guild.members.keys().filter(sees).copied().collect()
                })
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// A new message stands in its channel: everyone who can see it does, whom it pings is notified, the gateway tells.
    pub fn post(&mut self, message: Message) {
        let (id, channel) = (message.id, message.channel);
        let seen = view::message(self, &message, view::Happening::New);
        let text = view::raw_text(&message);
        for person in self.audience(&message) {
            let pings = self.pings(&message, person);
            let notice = pings.then(|| view::notification(self, &message));
            if let Some(user) = self.users.get_mut(&person) {
                if person != message.author {
                    user.unread.push(seen.clone());
                    user.notifications.extend(notice);
                }
                user.saw.push(text.clone());
            }
        }
        if let Some(channel) = self.channels.get_mut(&channel) {
            channel.last_message = Some(id);
        }
        self.timeline.entry(channel).or_default().push(id);
        if message.only_for.is_none() {
            let mut payload = payloads::message(self, &message, true);
            self.add_gateway_fields(&mut payload, &message);
            self.gateway_message("MESSAGE_CREATE", channel, &payload);
        }
        self.messages.insert(id, message);
    }

    /// A push: any message in a DM, or a mention. Private replies are the person's own doing and push nothing.
    fn pings(&self, message: &Message, person: Id) -> bool {
        // Kind 6 is the line that says something was pinned.
        if person == message.author || message.only_for.is_some() || message.kind == 6 {
            return false;
        }
        let in_dm = self.channels.get(&message.channel).is_some_and(|channel| channel.guild.is_none());
        let by_role = || {
            let guild = self.channels.get(&message.channel).and_then(|channel| channel.guild);
            let member = guild.and_then(|id| self.guilds.get(&id)).and_then(|guild| guild.members.get(&person));
            member.is_some_and(|member| member.roles.iter().any(|role| message.mention_roles.contains(role)))
        };
        in_dm || message.mention_everyone || message.mentions.contains(&person) || by_role()
    }

    /// A message changed: its audience sees the new version; nobody is notified.
    pub fn revise(&mut self, id: Id) {
        let Some(message) = self.messages.get(&id).cloned() else { return };
        let seen = view::message(self, &message, view::Happening::Edited);
        let text = view::raw_text(&message);
        for person in self.audience(&message) {
            if let Some(user) = self.users.get_mut(&person) {
                if !user.vanished.contains(&id) {
                    user.unread.push(seen.clone());
                }
                user.saw.push(text.clone());
            }
        }
        if message.only_for.is_none() {
            let mut payload = payloads::message(self, &message, false);
            self.add_gateway_fields(&mut payload, &message);
            self.gateway_message("MESSAGE_UPDATE", message.channel, &payload);
        }
    }

    pub fn remove_message(&mut self, id: Id) {
        let Some(message) = self.messages.remove(&id) else { return };
        let seen = view::message(self, &message, view::Happening::Deleted);
        for person in self.audience(&message) {
            if let Some(user) = self.users.get_mut(&person) {
                user.unread.push(seen.clone());
            }
        }
        if let Some(timeline) = self.timeline.get_mut(&message.channel) {
            timeline.retain(|other| *other != id);
        }
        if message.only_for.is_none() {
            let mut payload = json!({ "id": id.to_string(), "channel_id": message.channel.to_string() });
            if let Some(guild) = self.channels.get(&message.channel).and_then(|channel| channel.guild) {
                payload["guild_id"] = json!(guild.to_string());
            }
            self.gateway_message("MESSAGE_DELETE", message.channel, &payload);
        }
    }

    /// The bot reacted: a small change that notifies nobody here.
    pub fn reacted(&mut self, id: Id, emoji: &str) {
        let Some(message) = self.messages.get(&id).cloned() else { return };
        let line = format!("— {} · {} reacted with {emoji} —", view::place(self, message.channel), self.name_of(self.bot));
        for person in self.audience(&message) {
            if let Some(user) = self.users.get_mut(&person) {
                user.unread.push(line.clone());
            }
        }
    }

    pub fn pin(&mut self, id: Id, on: bool) {
        let now = self.now();
        let Some(message) = self.messages.get_mut(&id) else { return };
        if message.pinned_ms.is_some() == on {
            return;
        }
        message.pinned_ms = on.then_some(now);
        let channel = message.channel;
        if let Some(place) = self.channels.get_mut(&channel)
            && on
        {
            place.last_pin_ms = Some(now);
        }
        let mut payload = json!({ "channel_id": channel.to_string(), "last_pin_timestamp": payloads::time(now) });
        let guild = self.channels.get(&channel).and_then(|place| place.guild);
        if let Some(guild) = guild {
            payload["guild_id"] = json!(guild.to_string());
            self.tell_guild("CHANNEL_PINS_UPDATE", guild, &payload);
        }
        if on {
            self.system_message(channel, id);
        }
    }

    /// "Duet pinned a message to this channel.": message type 6, without content.
    fn system_message(&mut self, channel: Id, about: Id) {
        let id = self.next_id();
        let message = Message {
            id,
            channel,
            author: self.bot,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            attachments: Vec::new(),
            flags: 0,
            only_for: None,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
            sent_ms: self.now(),
            edited_ms: None,
            pinned_ms: None,
            nonce: None,
            metadata: None,
            reply_to: Some(about),
            reactions: Vec::new(),
            kind: 6,
            thinking: false,
            edits: 0,
        };
        self.post(message);
    }

    /// Fields that only gateway events carry (events/gateway-events, "Message Create").
    fn add_gateway_fields(&self, payload: &mut Value, message: &Message) {
        let guild = self.channels.get(&message.channel).and_then(|channel| channel.guild);
        if let Some(guild) = guild.and_then(|id| self.guilds.get(&id)) {
            payload["guild_id"] = json!(guild.id.to_string());
            if let Some(member) = guild.members.get(&message.author) {
                payload["member"] = payloads::partial_member(member);
            }
        }
    }

    fn gateway_message(&mut self, event: &str, channel: Id, payload: &Value) {
        let Some(place) = self.channels.get(&channel) else { return };
        let visible = self.permissions_in(place, self.bot) & VIEW_CHANNEL != 0;
        if visible {
            let (guild, bot) = (place.guild, self.bot);
            self.gateway.dispatch_message(event, guild, payload, bot);
        }
    }

    /// Works out anew who sees which channel of a server. What somebody can now look at counts as seen, with its history.
    pub fn look_again(&mut self, guild_id: Id) {
        let Some(guild) = self.guilds.get(&guild_id) else { return };
        let mut news: Vec<(Id, Id, u64)> = Vec::new();
        for channel in guild.channels.iter().filter_map(|id| self.channels.get(id)) {
            for (id, user) in &self.users {
                let bits = permissions::in_channel(guild, channel, *id);
                if (bits & VIEW_CHANNEL != 0) != user.visible.contains(&channel.id) {
                    news.push((*id, channel.id, bits));
                }
            }
        }
        for (person, channel, bits) in news {
            let sees = bits & VIEW_CHANNEL != 0;
            let name = self.channels.get(&channel).map(|channel| channel.name.clone()).unwrap_or_default();
            let mut history = Vec::new();
            if sees && bits & READ_MESSAGE_HISTORY != 0 {
                let timeline = self.timeline.get(&channel).map(Vec::as_slice).unwrap_or_default();
                for message in timeline.iter().filter_map(|id| self.messages.get(id)).filter(|message| message.only_for.is_none()) {
                    history.push((view::message(self, message, view::Happening::Old), view::raw_text(message)));
                }
            }
            let topic = self.channels.get(&channel).and_then(|channel| channel.topic.clone()).unwrap_or_default();
            let Some(user) = self.users.get_mut(&person) else { continue };
            if sees {
                user.visible.insert(channel);
                user.unread.push(format!("— #{name} appears —"));
                user.saw.push(format!("{name}\n{topic}"));
                for (seen, text) in history {
                    user.unread.push(seen);
                    user.saw.push(text);
                }
            } else {
                user.visible.remove(&channel);
                user.unread.push(format!("— #{name} is gone —"));
            }
        }
    }

    /// Tells the gateway about a server, while the bot is in it.
    pub fn tell_guild(&mut self, event: &str, guild: Id, payload: &Value) {
        if self.bot_is_member(guild) {
            self.gateway.dispatch_guild(event, guild, payload);
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
            self.messages.remove(&message);
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
