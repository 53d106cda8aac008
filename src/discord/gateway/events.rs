//! Gateway messages as the events that concern us.
//!
//! Owns which events those are. Must never keep more of a home than ids and permissions, nor judge what was said.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::discord::payloads::{Channel, Named, Role, RoleId, Server, id, maybe_id};
use crate::domain::ids::{ChannelId, MessageId, PersonId, ServerId};

/// What came in. Raw texts are the event's data (`d`) as Discord wrote it, and hold private words.
pub enum Inbound {
    /// A new session: whatever happened before it was missed. Servers are told anew.
    Ready {
        shard: u32,
        me: PersonId,
    },
    /// The session goes on; what was missed has been told again before this.
    Resumed {
        shard: u32,
    },
    Interaction(String),
    /// Somebody (not a bot) wrote to the bot.
    DirectMessage(String),
    /// Somebody (not a bot) edited what they wrote to the bot.
    MessageUpdated(String),
    MessageDeleted {
        channel: ChannelId,
        message: MessageId,
    },
    Home(HomeEvent),
}

impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ready { shard, .. } => write!(f, "Ready({shard})"),
            Self::Resumed { shard } => write!(f, "Resumed({shard})"),
            Self::Interaction(text) => write!(f, "Interaction({} bytes)", text.len()),
            Self::DirectMessage(text) => write!(f, "DirectMessage({} bytes)", text.len()),
            Self::MessageUpdated(text) => write!(f, "MessageUpdated({} bytes)", text.len()),
            Self::MessageDeleted { channel, message } => {
                write!(f, "MessageDeleted({channel}/{message})")
            }
            Self::Home(event) => event.fmt(f),
        }
    }
}

/// What became true of a server that may hold a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeEvent {
    /// All of a server, with its channels: after a new session, or when the bot was added.
    Server(Server),
    /// Name, owner or roles; `channels` is empty and says nothing.
    ServerChanged(Server),
    /// The bot is not in the server any more.
    ServerGone {
        server: ServerId,
    },
    /// Discord has an outage there; nothing was lost.
    ServerAway {
        server: ServerId,
    },
    /// A channel is new or changed.
    Channel(Channel),
    ChannelGone {
        server: Option<ServerId>,
        channel: ChannelId,
    },
    /// A role is new or changed.
    Role {
        server: ServerId,
        role: Role,
    },
    RoleGone {
        server: ServerId,
        role: RoleId,
    },
}

/// Which queue an event goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    Hurried,
    Unhurried,
}

impl Inbound {
    pub(super) fn urgency(&self) -> Urgency {
        match self {
            Self::Interaction(_) => Urgency::Hurried,
            // In order with the beginning of a session: only then it is known from when that of homes is current, and what was
            // missed comes before what is typed now.
            _ => Urgency::Unhurried,
        }
    }
}

/// A dispatched event, unread.
pub(super) struct Dispatch<'a> {
    pub sequence: u64,
    pub name: Cow<'a, str>,
    data: &'a RawValue,
}

pub(super) enum Read {
    Event(Inbound),
    /// An event that does not concern us.
    Nothing,
    Unreadable,
}

#[derive(Deserialize)]
struct Away {
    #[serde(deserialize_with = "id")]
    id: ServerId,
    #[serde(default)]
    unavailable: bool,
}

impl<'a> Dispatch<'a> {
    /// Nothing for what is no dispatch: hello, heartbeats, reconnects are twilight's.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            op: u8,
            s: Option<u64>,
            #[serde(borrow)]
            t: Option<Cow<'a, str>>,
            #[serde(borrow)]
            d: &'a RawValue,
        }
        let envelope: Envelope<'a> = serde_json::from_str(text).ok()?;
        (envelope.op == 0).then_some(())?;
        Some(Self { sequence: envelope.s?, name: envelope.t?, data: envelope.d })
    }

    pub(super) fn read(&self, shard: u32) -> Read {
        let event = match &*self.name {
            "READY" => self.data().map(|ready: Ready| Inbound::Ready { shard, me: PersonId(ready.user.id) }),
            "RESUMED" => Some(Inbound::Resumed { shard }),
            "INTERACTION_CREATE" => Some(Inbound::Interaction(self.data.get().to_owned())),
            "MESSAGE_CREATE" | "MESSAGE_UPDATE" | "MESSAGE_DELETE" => return self.read_message(),
            "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE" | "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "CHANNEL_DELETE"
            | "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE" => self.read_home().map(Inbound::Home),
            _ => return Read::Nothing,
        };
        event.map_or(Read::Unreadable, Read::Event)
    }

    fn read_message(&self) -> Read {
        #[derive(Deserialize)]
        struct Peek {
            #[serde(deserialize_with = "id")]
            id: MessageId,
            #[serde(deserialize_with = "id")]
            channel_id: ChannelId,
            #[serde(default, deserialize_with = "maybe_id")]
            guild_id: Option<ServerId>,
            author: Option<Author>,
        }
        #[derive(Deserialize)]
        struct Author {
            #[serde(default)]
            bot: bool,
        }
        let Some(peek) = self.data::<Peek>() else {
            return Read::Unreadable;
        };
        // Words in servers are none of our business, and our own messages come back as events too.
        if peek.guild_id.is_some() || peek.author.is_some_and(|author| author.bot) {
            return Read::Nothing;
        }
        Read::Event(match &*self.name {
            "MESSAGE_CREATE" => Inbound::DirectMessage(self.data.get().to_owned()),
            "MESSAGE_UPDATE" => Inbound::MessageUpdated(self.data.get().to_owned()),
            _ => Inbound::MessageDeleted { channel: peek.channel_id, message: peek.id },
        })
    }

    fn read_home(&self) -> Option<HomeEvent> {
        #[derive(Deserialize)]
        struct RoleIn {
            #[serde(deserialize_with = "id")]
            guild_id: ServerId,
            role: Role,
        }
        #[derive(Deserialize)]
        struct RoleOut {
            #[serde(deserialize_with = "id")]
            guild_id: ServerId,
            #[serde(deserialize_with = "id")]
            role_id: RoleId,
        }
        Some(match &*self.name {
            "GUILD_CREATE" => {
                let away: Away = self.data()?;
                if away.unavailable {
                    return Some(HomeEvent::ServerAway { server: away.id });
                }
                let mut server: Server = self.data()?;
                for channel in &mut server.channels {
                    // Channels in this event do not name the server they are in.
                    channel.server = Some(server.id);
                }
                HomeEvent::Server(server)
            }
            "GUILD_UPDATE" => HomeEvent::ServerChanged(self.data()?),
            "GUILD_DELETE" => {
                let Away { id: server, unavailable } = self.data()?;
                if unavailable { HomeEvent::ServerAway { server } } else { HomeEvent::ServerGone { server } }
            }
            "CHANNEL_DELETE" => {
                let channel: Channel = self.data()?;
                HomeEvent::ChannelGone { server: channel.server, channel: channel.id }
            }
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => {
                let RoleIn { guild_id, role } = self.data()?;
                HomeEvent::Role { server: guild_id, role }
            }
            "GUILD_ROLE_DELETE" => {
                let RoleOut { guild_id, role_id } = self.data()?;
                HomeEvent::RoleGone { server: guild_id, role: role_id }
            }
            _ => HomeEvent::Channel(self.data()?),
        })
    }

    fn data<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.data.get()).ok()
    }
}

#[derive(Deserialize)]
struct Ready {
    user: Named,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(name: &str, data: &Value) -> Read {
        let text = json!({ "op": 0, "s": 7, "t": name, "d": data }).to_string();
        let dispatch = Dispatch::of(&text).unwrap();
        assert_eq!(dispatch.sequence, 7);
        dispatch.read(0)
    }

    fn home(name: &str, data: &Value) -> HomeEvent {
        match read(name, data) {
            Read::Event(Inbound::Home(event)) => event,
            _ => panic!("{name} is not read"),
        }
    }

    #[test]
    fn only_what_is_said_to_the_bot_in_dms_comes_in() {
        let dm = json!({"id": "1", "channel_id": "2", "author": {"id": "3"}, "content": "hello"});
        let Read::Event(Inbound::DirectMessage(raw)) = read("MESSAGE_CREATE", &dm) else { panic!() };
        assert_eq!(serde_json::from_str::<Value>(&raw).unwrap(), dm);
        let in_server = json!({"id": "1", "channel_id": "2", "guild_id": "9", "author": {"id": "3"}, "content": "hello"});
        assert!(matches!(read("MESSAGE_CREATE", &in_server), Read::Nothing));
        let own = json!({"id": "1", "channel_id": "2", "author": {"id": "3", "bot": true}, "content": "hello"});
        assert!(matches!(read("MESSAGE_UPDATE", &own), Read::Nothing));
        let deleted = json!({"id": "1", "channel_id": "2"});
        assert!(matches!(
            read("MESSAGE_DELETE", &deleted),
            Read::Event(Inbound::MessageDeleted { channel: ChannelId(2), message: MessageId(1) })
        ));
    }

    #[test]
    fn homes_are_told_apart_from_outages() {
        assert_eq!(home("GUILD_DELETE", &json!({"id": "5"})), HomeEvent::ServerGone { server: ServerId(5) });
        let away = HomeEvent::ServerAway { server: ServerId(5) };
        assert_eq!(home("GUILD_DELETE", &json!({"id": "5", "unavailable": true})), away);
        assert_eq!(home("GUILD_CREATE", &json!({"id": "5", "unavailable": true})), away);
        let HomeEvent::Server(server) = home(
            "GUILD_CREATE",
            &json!({"id": "5", "name": "n", "owner_id": "1", "roles": [], "channels": [{"id": "6", "type": 0}], "member_count": 3}),
        ) else {
            panic!()
        };
        assert_eq!(server.channels[0].server, Some(ServerId(5)));
        assert_eq!(
            home("GUILD_ROLE_DELETE", &json!({"guild_id": "5", "role_id": "8"})),
            HomeEvent::RoleGone { server: ServerId(5), role: RoleId(8) }
        );
    }

    #[test]
    fn an_event_that_does_not_read_is_told_from_one_that_does_not_concern_us() {
        assert!(matches!(read("GUILD_CREATE", &json!({"id": {}})), Read::Unreadable));
        assert!(matches!(read("TYPING_START", &json!({})), Read::Nothing));
        assert!(Dispatch::of(r#"{"op":11,"s":null,"t":null,"d":null}"#).is_none());
    }

    #[test]
    fn debug_of_an_event_shows_no_words() {
        let event = Inbound::DirectMessage("my private words".into());
        assert_eq!(format!("{event:?}"), "DirectMessage(16 bytes)");
    }
}
