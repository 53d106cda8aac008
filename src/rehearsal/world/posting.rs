//! Messages come, change and go: who sees it, whom it pings, what the gateway says of it. The only writer of what people read.

use super::{Id, Message, World};
use crate::rehearsal::permissions::VIEW_CHANNEL;
use crate::rehearsal::{payloads, view};
use serde_json::{Value, json};

impl World {
    /// A new message stands in its channel: everyone who can see it does, whom it pings is notified, the gateway tells.
    pub fn post(&mut self, message: Message) {
        let (id, channel) = (message.id, message.channel);
        let seen = view::message(self, &message, view::Happening::New);
        let text = view::raw_text(self, &message);
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
        let text = view::raw_text(self, &message);
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
        self.forget_files(&message.attachments);
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
            beside: Value::Null,
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
}
