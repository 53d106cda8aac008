//! A server and what those who run it do: channels, roles, overwrites, members. Owns no state of its own.

use super::permissions::{self, VIEW_CHANNEL};
use super::person::Person;
use super::world::{Channel, Guild, Id, Member, Overwrite, Role, World};
use super::{Shared, payloads};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A place where messages stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRef {
    id: Id,
    name: String,
}

impl ChannelRef {
    pub(super) fn new(channel: &Channel) -> Self {
        Self { id: channel.id, name: channel.name.clone() }
    }

    pub fn id(&self) -> u64 {
        self.id
    }

    /// Empty for a DM.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn mention(&self) -> String {
        format!("<#{}>", self.id)
    }
}

/// Whom an overwrite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Role(u64),
    User(u64),
}

impl From<&Person> for Target {
    fn from(person: &Person) -> Self {
        Self::User(person.id())
    }
}

#[derive(Clone, Debug)]
pub struct Server {
    shared: Arc<Shared>,
    id: Id,
    general: ChannelRef,
}

impl Server {
    pub(super) fn found(shared: &Arc<Shared>, name: &str, people: &[&Person]) -> Self {
        let mut world = shared.world();
        let id = world.next_id();
        let bot_role = world.next_id();
        let bot = world.bot;
        let owner = people.first().map_or(world.owner, |person| person.id());
        let everyone = Role { id, name: "@everyone".into(), permissions: permissions::EVERYONE, position: 0, managed_by: None };
        let own =
            Role { id: bot_role, name: world.name_of(bot), permissions: permissions::BOT, position: 1, managed_by: Some(bot) };
        let joined_ms = world.now();
        let mut members = BTreeMap::from([(bot, Member { roles: vec![bot_role], joined_ms })]);
        for user in people.iter().map(|person| person.id()).chain([owner]) {
            members.insert(user, Member { roles: Vec::new(), joined_ms });
        }
        let roles = BTreeMap::from([(id, everyone), (bot_role, own)]);
        let guild = Guild {
            id,
            name: name.to_owned(),
            owner,
            bot_role,
            members,
            roles,
            channels: Vec::new(),
            max_channels: 500,
            needs_two_factor: false,
        };
        world.guilds.insert(id, guild);
        let unread: Vec<usize> =
            people.iter().map(|one| world.users.get(&one.id()).map_or(0, |user| user.unread.len())).collect();
        let general = add_channel(&mut world, id, "general", Vec::new());
        // That a server has a #general is no news to those who are there from its first moment.
        for (person, before) in people.iter().zip(unread) {
            if let Some(user) = world.users.get_mut(&person.id()) {
                user.unread.truncate(before);
            }
        }
        let payload = payloads::guild_create(&world, id);
        world.tell_guild("GUILD_CREATE", id, &payload);
        drop(world);
        shared.tick();
        Self { shared: Arc::clone(shared), id, general }
    }

    pub fn id(&self) -> u64 {
        self.id
    }

    pub fn general(&self) -> ChannelRef {
        self.general.clone()
    }

    /// A new text channel; with people named, one that denies everyone else, the bot included.
    pub fn channel(&self, name: &str, private_to: &[&Person]) -> ChannelRef {
        let mut overwrites = Vec::new();
        if !private_to.is_empty() {
            overwrites.push(Overwrite { id: self.id, is_member: false, allow: 0, deny: VIEW_CHANNEL });
            for person in private_to {
                overwrites.push(Overwrite { id: person.id(), is_member: true, allow: VIEW_CHANNEL, deny: 0 });
            }
        }
        self.change(|world| {
            let channel = add_channel(world, self.id, name, overwrites);
            world.channel_changed("CHANNEL_CREATE", channel.id);
            channel
        })
    }

    /// All channels, those the bot made too, in order.
    pub fn channels(&self) -> Vec<ChannelRef> {
        let world = self.shared.world();
        let ids = world.guilds.get(&self.id).map(|guild| guild.channels.clone()).unwrap_or_default();
        ids.iter().filter_map(|id| world.channels.get(id)).map(ChannelRef::new).collect()
    }

    /// The newest channel of that name.
    pub fn channel_named(&self, name: &str) -> Option<ChannelRef> {
        self.channels().into_iter().rev().find(|channel| channel.name == name)
    }

    pub fn delete_channel(&self, channel: &ChannelRef) {
        self.change(|world| world.remove_channel(channel.id));
    }

    /// A moderator deletes a message, whoever's it is.
    pub fn delete_message(&self, message: u64) {
        self.change(|world| world.remove_message(message));
    }

    /// The member leaves. The bot isn't told: that event needs the privileged members intent.
    pub fn remove(&self, person: &Person) {
        self.change(|world| {
            if let Some(guild) = world.guilds.get_mut(&self.id) {
                guild.members.remove(&person.id());
            }
            world.look_again(self.id);
        });
    }

    pub fn add(&self, person: &Person) {
        self.change(|world| {
            let joined_ms = world.now();
            if let Some(guild) = world.guilds.get_mut(&self.id) {
                guild.members.insert(person.id(), Member { roles: Vec::new(), joined_ms });
            }
            world.look_again(self.id);
        });
    }

    /// A new role with these permissions, given to these people.
    pub fn role(&self, name: &str, permissions: u64, people: &[&Person]) -> u64 {
        let id = self.change(|world| {
            let id = world.next_id();
            let guild = world.guilds.get_mut(&self.id)?;
            let position = i64::try_from(guild.roles.len()).unwrap_or(i64::MAX);
            let role = Role { id, name: name.to_owned(), permissions, position, managed_by: None };
            let payload = json!({ "guild_id": self.id.to_string(), "role": payloads::role(&role) });
            guild.roles.insert(id, role);
            world.tell_guild("GUILD_ROLE_CREATE", self.id, &payload);
            Some(id)
        });
        let id = id.unwrap_or_default();
        for person in people {
            self.grant(id, person);
        }
        id
    }

    pub fn grant(&self, role: u64, person: &Person) {
        self.change(|world| {
            let member = world.guilds.get_mut(&self.id).and_then(|guild| guild.members.get_mut(&person.id()));
            if let Some(member) = member
                && !member.roles.contains(&role)
            {
                member.roles.push(role);
            }
            world.look_again(self.id);
        });
    }

    pub fn ungrant(&self, role: u64, person: &Person) {
        self.change(|world| {
            if let Some(member) = world.guilds.get_mut(&self.id).and_then(|guild| guild.members.get_mut(&person.id())) {
                member.roles.retain(|other| *other != role);
            }
            world.look_again(self.id);
        });
    }

    /// Changes a role's permissions (`server.id()` is @everyone's).
    pub fn role_permissions(&self, role: u64, permissions: u64) {
        self.change(|world| {
            let Some(role) = world.guilds.get_mut(&self.id).and_then(|guild| guild.roles.get_mut(&role)) else { return };
            role.permissions = permissions;
            let payload = json!({ "guild_id": self.id.to_string(), "role": payloads::role(role) });
            world.tell_guild("GUILD_ROLE_UPDATE", self.id, &payload);
            world.look_again(self.id);
        });
    }

    pub fn delete_role(&self, role: u64) {
        self.change(|world| {
            let Some(guild) = world.guilds.get_mut(&self.id) else { return };
            guild.roles.remove(&role);
            for member in guild.members.values_mut() {
                member.roles.retain(|other| *other != role);
            }
            let payload = json!({ "guild_id": self.id.to_string(), "role_id": role.to_string() });
            world.tell_guild("GUILD_ROLE_DELETE", self.id, &payload);
            world.look_again(self.id);
        });
    }

    /// The role that came with the bot.
    pub fn bot_role(&self) -> u64 {
        self.shared.world().guilds.get(&self.id).map_or(0, |guild| guild.bot_role)
    }

    /// What the bot's own role allows.
    pub fn bot_permissions(&self, permissions: u64) {
        let role = self.shared.world().guilds.get(&self.id).map(|guild| guild.bot_role);
        if let Some(role) = role {
            self.role_permissions(role, permissions);
        }
    }

    pub fn topic(&self, channel: &ChannelRef) -> String {
        self.shared.world().channels.get(&channel.id).and_then(|channel| channel.topic.clone()).unwrap_or_default()
    }

    /// Adds View Channel to what is already allowed there.
    pub fn allow_view(&self, channel: &ChannelRef, target: impl Into<Target>) {
        let target = target.into();
        let (allow, deny) = self.overwrite(channel, target);
        self.set_overwrite(channel, target, allow | VIEW_CHANNEL, deny & !VIEW_CHANNEL);
    }

    fn overwrite(&self, channel: &ChannelRef, target: Target) -> (u64, u64) {
        let (Target::Role(id) | Target::User(id)) = target;
        let world = self.shared.world();
        let found = world.channels.get(&channel.id).and_then(|channel| channel.overwrites.iter().find(|one| one.id == id));
        found.map_or((0, 0), |one| (one.allow, one.deny))
    }

    pub fn set_overwrite(&self, channel: &ChannelRef, target: impl Into<Target>, allow: u64, deny: u64) {
        let (id, is_member) = match target.into() {
            Target::Role(id) => (id, false),
            Target::User(id) => (id, true),
        };
        self.change(|world| {
            if let Some(channel) = world.channels.get_mut(&channel.id) {
                channel.overwrites.retain(|overwrite| overwrite.id != id);
                channel.overwrites.push(Overwrite { id, is_member, allow, deny });
            }
            world.channel_changed("CHANNEL_UPDATE", channel.id);
        });
    }

    pub fn clear_overwrite(&self, channel: &ChannelRef, target: impl Into<Target>) {
        let (Target::Role(id) | Target::User(id)) = target.into();
        self.change(|world| {
            if let Some(channel) = world.channels.get_mut(&channel.id) {
                channel.overwrites.retain(|overwrite| overwrite.id != id);
            }
            world.channel_changed("CHANNEL_UPDATE", channel.id);
        });
    }

    pub fn kick_bot(&self) {
        self.change(|world| {
            let bot = world.bot;
            let payload = json!({ "id": self.id.to_string() });
            world.tell_guild("GUILD_DELETE", self.id, &payload);
            if let Some(guild) = world.guilds.get_mut(&self.id) {
                guild.members.remove(&bot);
                let own = guild.bot_role;
                guild.roles.remove(&own);
            }
        });
    }

    /// How many channels fit (Discord: 500); one more is 30013.
    pub fn max_channels(&self, count: usize) {
        self.change(|world| {
            if let Some(guild) = world.guilds.get_mut(&self.id) {
                guild.max_channels = count;
            }
        });
    }

    /// From now on moderation asks for two-factor, which the bot's owner lacks (60003).
    pub fn needs_two_factor(&self, on: bool) {
        self.change(|world| {
            if let Some(guild) = world.guilds.get_mut(&self.id) {
                guild.needs_two_factor = on;
            }
        });
    }

    fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let result = act(&mut self.shared.world());
        self.shared.tick();
        result
    }
}

fn add_channel(world: &mut World, guild: Id, name: &str, overwrites: Vec<Overwrite>) -> ChannelRef {
    let id = world.next_id();
    let position = world.guilds.get(&guild).map_or(0, |guild| i64::try_from(guild.channels.len()).unwrap_or(i64::MAX));
    let channel = Channel {
        id,
        name: name.to_owned(),
        kind: 0,
        guild: Some(guild),
        recipient: None,
        topic: None,
        parent: None,
        position,
        nsfw: false,
        slowmode: 0,
        overwrites,
        last_message: None,
        last_pin_ms: None,
    };
    let handle = ChannelRef::new(&channel);
    world.channels.insert(id, channel);
    if let Some(guild) = world.guilds.get_mut(&guild) {
        guild.channels.push(id);
    }
    world.look_again(guild);
    handle
}
