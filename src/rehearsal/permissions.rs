//! Who may do what where: permission bits, and the base and overwrite computation exactly as Discord documents it
//! (topics/permissions, "Permission Hierarchy" and "Permission Overwrites"). Pure: reads a guild, changes nothing.

use super::world::{Channel, Guild, Id};

pub const ADMINISTRATOR: u64 = 1 << 3;
pub const MANAGE_CHANNELS: u64 = 1 << 4;
pub const ADD_REACTIONS: u64 = 1 << 6;
pub const VIEW_CHANNEL: u64 = 1 << 10;
pub const SEND_MESSAGES: u64 = 1 << 11;
pub const MANAGE_MESSAGES: u64 = 1 << 13;
pub const EMBED_LINKS: u64 = 1 << 14;
pub const ATTACH_FILES: u64 = 1 << 15;
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub const MENTION_EVERYONE: u64 = 1 << 17;
pub const MANAGE_ROLES: u64 = 1 << 28;
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
pub const PIN_MESSAGES: u64 = 1 << 51;
/// All bits that the documentation names (topics/permissions).
pub const ALL: u64 = (1 << 53) - 1;

/// What a new server lets everyone do, in the parts that matter here.
pub const EVERYONE: u64 =
    VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_MESSAGE_HISTORY | ADD_REACTIONS | USE_APPLICATION_COMMANDS;

/// What an invite link for a bot like ours asks for.
pub const BOT: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | MANAGE_CHANNELS
    | ADD_REACTIONS
    | PIN_MESSAGES;

/// Server-wide permissions; nothing for somebody who isn't a member.
pub fn base(guild: &Guild, user: Id) -> u64 {
    let Some(member) = guild.members.get(&user) else { return 0 };
    if guild.owner == user {
        return ALL;
    }
    let mut bits = guild.roles.get(&guild.id).map_or(0, |everyone| everyone.permissions);
    for role in member.roles.iter().filter_map(|id| guild.roles.get(id)) {
        bits |= role.permissions;
    }
    if bits & ADMINISTRATOR == 0 { bits } else { ALL }
}

/// Permissions in one channel, with the implicit rule that who can't view can do nothing.
pub fn in_channel(guild: &Guild, channel: &Channel, user: Id) -> u64 {
    let mut bits = base(guild, user);
    if bits & ADMINISTRATOR != 0 || bits == 0 {
        return bits;
    }
    if let Some(everyone) = channel.overwrites.iter().find(|overwrite| overwrite.id == guild.id) {
        bits = (bits & !everyone.deny) | everyone.allow;
    }
    let roles = guild.members.get(&user).map(|member| member.roles.as_slice()).unwrap_or_default();
    let (mut allow, mut deny) = (0, 0);
    for overwrite in channel.overwrites.iter().filter(|overwrite| !overwrite.is_member && roles.contains(&overwrite.id)) {
        allow |= overwrite.allow;
        deny |= overwrite.deny;
    }
    bits = (bits & !deny) | allow;
    if let Some(own) = channel.overwrites.iter().find(|overwrite| overwrite.is_member && overwrite.id == user) {
        bits = (bits & !own.deny) | own.allow;
    }
    if bits & VIEW_CHANNEL == 0 { 0 } else { bits }
}
