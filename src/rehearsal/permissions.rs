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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearsal::world::{Member, Overwrite, Role};
    use std::collections::BTreeMap;

    const GUILD: Id = 1;
    const OWNER: Id = 10;
    const ADA: Id = 11;

    fn guild(everyone: u64, roles: &[(Id, u64)]) -> Guild {
        let role = |id, permissions| (id, Role { id, name: String::new(), permissions, position: 0, managed_by: None });
        let member = |roles| Member { roles, joined_ms: 0 };
        let ids = roles.iter().map(|(id, _)| *id).collect();
        Guild {
            id: GUILD,
            name: String::new(),
            owner: OWNER,
            bot_role: 2,
            members: BTreeMap::from([(OWNER, member(Vec::new())), (ADA, member(ids))]),
            roles: roles.iter().map(|(id, bits)| role(*id, *bits)).chain([role(GUILD, everyone)]).collect(),
            channels: Vec::new(),
            max_channels: 500,
            needs_two_factor: false,
        }
    }

    fn channel(overwrites: &[(Id, bool, u64, u64)]) -> Channel {
        let overwrites = overwrites.iter().map(|(id, is_member, allow, deny)| Overwrite {
            id: *id,
            is_member: *is_member,
            allow: *allow,
            deny: *deny,
        });
        Channel {
            id: 5,
            name: String::new(),
            kind: 0,
            guild: Some(GUILD),
            recipient: None,
            topic: None,
            parent: None,
            position: 0,
            nsfw: false,
            slowmode: 0,
            overwrites: overwrites.collect(),
            last_message: None,
            last_pin_ms: None,
        }
    }

    #[test]
    fn the_owner_and_administrators_may_everything_whatever_a_channel_denies() {
        let closed = channel(&[(GUILD, false, 0, ALL), (ADA, true, 0, ALL)]);
        let guild = guild(0, &[(3, ADMINISTRATOR)]);
        assert_eq!(in_channel(&guild, &closed, OWNER), ALL);
        assert_eq!(in_channel(&guild, &closed, ADA), ALL);
        assert_eq!(in_channel(&guild, &closed, 99), 0);
    }

    #[test]
    fn overwrites_go_everyone_then_roles_together_then_the_member() {
        let guild = guild(VIEW_CHANNEL | SEND_MESSAGES, &[(3, 0), (4, 0)]);
        let both = channel(&[(GUILD, false, 0, SEND_MESSAGES), (3, false, 0, SEND_MESSAGES), (4, false, SEND_MESSAGES, 0)]);
        assert_eq!(
            in_channel(&guild, &both, ADA),
            VIEW_CHANNEL | SEND_MESSAGES,
            "an allow of one role wins over a deny of another"
        );
        let own = channel(&[(4, false, SEND_MESSAGES, 0), (ADA, true, 0, SEND_MESSAGES)]);
        assert_eq!(in_channel(&guild, &own, ADA), VIEW_CHANNEL, "the member's own overwrite is last");
        let hidden = channel(&[(GUILD, false, 0, VIEW_CHANNEL)]);
        assert_eq!(in_channel(&guild, &hidden, ADA), 0, "who cannot view can do nothing");
    }
}
