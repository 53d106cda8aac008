//! The few things we read out of Discord's answers and events, as types of our own.
//!
//! Owns their reading; unknown fields are passed over, so that a new one breaks nothing. Must never hold words that a
//! person typed.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::domain::ids::{ChannelId, MessageId, PersonId, ServerId};

/// A snowflake that only the wire knows.
macro_rules! wire_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

wire_id! {
    /// A role in a server; the role of everybody has the server's id.
    RoleId,
    /// One press, command or submit.
    InteractionId,
    /// The bot's application.
    ApplicationId,
}

/// The bot's own application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub id: ApplicationId,
    pub name: String,
    /// The bot's user, where Discord tells.
    pub bot: Option<PersonId>,
    /// The owner, or every accepted member of the team that owns it.
    pub owners: Vec<PersonId>,
    pub flags: u64,
    /// Whether interactions go to an address of the owner's over HTTP: then none comes through the gateway.
    pub has_endpoint: bool,
}

/// A server that the bot is in, as the list of its own servers tells it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwnServer {
    #[serde(deserialize_with = "id")]
    pub id: ServerId,
    pub name: String,
    /// What the bot may do there, as the roles allow it; channels may differ.
    #[serde(deserialize_with = "id")]
    pub permissions: u64,
}

/// A server, as far as a home needs it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Server {
    #[serde(deserialize_with = "id")]
    pub id: ServerId,
    pub name: String,
    #[serde(rename = "owner_id", deserialize_with = "id")]
    pub owner: PersonId,
    pub roles: Vec<Role>,
    /// Only in the event that introduces the server; empty elsewhere.
    #[serde(default)]
    pub channels: Vec<Channel>,
}

/// A role and what it allows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Role {
    #[serde(deserialize_with = "id")]
    pub id: RoleId,
    pub name: String,
    /// Discord's permission bits.
    #[serde(deserialize_with = "id")]
    pub permissions: u64,
    #[serde(default)]
    pub tags: RoleTags,
}

/// What Discord itself made a role for (topics/permissions, "Role Tags Structure").
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct RoleTags {
    /// The bot whose own role this is; nobody else can have it.
    #[serde(default, deserialize_with = "maybe_id")]
    pub bot_id: Option<PersonId>,
}

/// A channel, DMs included.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Channel {
    #[serde(deserialize_with = "id")]
    pub id: ChannelId,
    #[serde(rename = "guild_id", default, deserialize_with = "maybe_id")]
    pub server: Option<ServerId>,
    /// Discord's channel type: 0 text, 1 DM, 4 category.
    #[serde(rename = "type")]
    pub kind: u8,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub topic: Option<String>,
    #[serde(rename = "parent_id", default, deserialize_with = "maybe_id")]
    pub parent: Option<ChannelId>,
    #[serde(rename = "permission_overwrites", default)]
    pub overwrites: Vec<Overwrite>,
}

/// Whom an overwrite is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Role(RoleId),
    Member(PersonId),
}

/// What a channel allows and denies to one role or member, in Discord's permission bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overwrite {
    pub subject: Subject,
    pub allow: u64,
    pub deny: u64,
}

impl<'de> Deserialize<'de> for Overwrite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            #[serde(deserialize_with = "id")]
            id: i64,
            /// 0 or 1; older documents have them as strings.
            #[serde(rename = "type", deserialize_with = "id")]
            kind: u8,
            #[serde(deserialize_with = "id")]
            allow: u64,
            #[serde(deserialize_with = "id")]
            deny: u64,
        }
        let raw = Raw::deserialize(deserializer)?;
        let subject = match raw.kind {
            0 => Subject::Role(RoleId(raw.id)),
            1 => Subject::Member(PersonId(raw.id)),
            _ => return Err(D::Error::custom("an overwrite is about a role or a member")),
        };
        Ok(Self { subject, allow: raw.allow, deny: raw.deny })
    }
}

/// A person in a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub roles: Vec<RoleId>,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            user: Named,
            roles: Vec<Id<RoleId>>,
        }
        let raw = Raw::deserialize(deserializer)?;
        Ok(Self { person: PersonId(raw.user.id), roles: raw.roles.into_iter().map(|role| role.0).collect() })
    }
}

/// A message in a channel's history: who wrote it, and which buttons it carries. Nonces do not come back here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastMessage {
    pub id: MessageId,
    pub author: PersonId,
    pub custom_ids: Vec<String>,
}

impl<'de> Deserialize<'de> for PastMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            #[serde(deserialize_with = "id")]
            id: MessageId,
            author: Named,
            #[serde(default)]
            components: Value,
        }
        let raw = Raw::deserialize(deserializer)?;
        let mut custom_ids = Vec::new();
        collect_custom_ids(&raw.components, &mut custom_ids);
        Ok(Self { id: raw.id, author: PersonId(raw.author.id), custom_ids })
    }
}

fn collect_custom_ids(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_custom_ids(item, found)),
        Value::Object(fields) => {
            for (field, inner) in fields {
                match inner {
                    Value::String(text) if field == "custom_id" => found.push(text.clone()),
                    inner => collect_custom_ids(inner, found),
                }
            }
        }
        _ => {}
    }
}

/// The answer of `GET /gateway/bot`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GatewayBot {
    pub url: String,
    /// How many shards Discord recommends.
    pub shards: u32,
    pub session_start_limit: SessionStartLimit,
}

/// How many times the bot may still identify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct SessionStartLimit {
    pub total: u32,
    pub remaining: u32,
    /// Milliseconds.
    pub reset_after: u64,
    /// Identifies allowed per 5 seconds.
    pub max_concurrency: u16,
}

/// Anything of which only the id matters.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(deserialize_with = "id")]
    pub id: i64,
}

impl<'de> Deserialize<'de> for Application {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            #[serde(deserialize_with = "id")]
            id: ApplicationId,
            #[serde(default)]
            name: String,
            bot: Option<Named>,
            owner: Option<Named>,
            team: Option<Team>,
            #[serde(default)]
            flags: u64,
            interactions_endpoint_url: Option<String>,
        }
        #[derive(Deserialize)]
        struct Team {
            members: Vec<TeamMember>,
        }
        #[derive(Deserialize)]
        struct TeamMember {
            user: Named,
            /// 1 invited, 2 accepted.
            membership_state: u8,
        }
        let raw = Raw::deserialize(deserializer)?;
        let owners = match raw.team {
            // The owner of a team's application is a user that stands for the team and is nobody.
            Some(team) => {
                team.members.iter().filter(|member| member.membership_state == 2).map(|member| PersonId(member.user.id)).collect()
            }
            None => raw.owner.iter().map(|owner| PersonId(owner.id)).collect(),
        };
        Ok(Self {
            id: raw.id,
            name: raw.name,
            bot: raw.bot.map(|bot| PersonId(bot.id)),
            owners,
            flags: raw.flags,
            has_endpoint: raw.interactions_endpoint_url.is_some_and(|url| !url.is_empty()),
        })
    }
}

/// For lists of ids.
struct Id<T>(T);

impl<'de, T: FromStr> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        id(deserializer).map(Self)
    }
}

/// A number that Discord writes as a string, since JavaScript has no large integers.
pub(super) fn id<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<T, D::Error> {
    struct AsText<T>(PhantomData<T>);
    impl<T: FromStr> Visitor<'_> for AsText<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number, mostly written as a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(|_| E::custom("not a number"))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
            self.visit_str(&number.to_string())
        }
    }
    deserializer.deserialize_any(AsText(PhantomData))
}

pub(super) fn maybe_id<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<Id<T>>::deserialize(deserializer)?.map(|id| id.0))
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn a_server_with_its_channels_and_overwrites() {
        let server: Server = from_value(json!({
            "id": "10", "name": "Home", "owner_id": "1", "unknown": {"a": 1},
            "roles": [{"id": "10", "name": "@everyone", "permissions": "1024", "color": 0}],
            "channels": [{"id": "11", "type": 0, "name": "us", "parent_id": null, "permission_overwrites": [
                {"id": "10", "type": 0, "allow": "0", "deny": "1024"}, {"id": "2", "type": 1, "allow": "1024", "deny": "0"}]}],
        }))
        .unwrap();
        assert_eq!(server.roles[0].permissions, 1024);
        assert_eq!(server.channels[0].parent, None);
        assert_eq!(server.channels[0].overwrites[1], Overwrite { subject: Subject::Member(PersonId(2)), allow: 1024, deny: 0 });
    }

    #[test]
    fn a_past_message_names_its_buttons_at_any_depth() {
        let message: PastMessage = from_value(json!({
            "id": "5", "author": {"id": "9", "username": "duet"}, "content": "x",
            "components": [{"type": 17, "components": [{"type": 1, "components": [{"type": 2, "custom_id": "a:1"}]}]}, {"custom_id": "b:2"}],
        }))
        .unwrap();
        assert_eq!(message.custom_ids, ["a:1", "b:2"]);
    }

    #[test]
    fn a_teams_application_is_owned_by_those_who_accepted() {
        let application: Application = from_value(json!({
            "id": "7", "name": "Duet", "flags": 8_388_608, "owner": {"id": "99"},
            "team": {"members": [{"user": {"id": "1"}, "membership_state": 2}, {"user": {"id": "2"}, "membership_state": 1}]},
        }))
        .unwrap();
        assert_eq!(application.owners, [PersonId(1)]);
    }
}
