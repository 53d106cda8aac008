//! Names of things, each its own type, so that a round's id cannot be handed in for a couple's.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A Discord snowflake: 63 bits in use, stored as BIGINT.
macro_rules! snowflake {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

snowflake! {
    /// A person on Discord.
    PersonId,
    /// A server.
    ServerId,
    /// A channel, a DM included.
    ChannelId,
    /// A message.
    MessageId,
}

/// 2015-01-01 in epoch milliseconds (reference, snowflakes: milliseconds since then, 22 bits up).
const FIRST_MS: i64 = 1_420_070_400_000;

impl MessageId {
    /// The first id that a message of this moment can have.
    pub fn first_of(moment: Timestamp) -> Self {
        Self((moment.as_millisecond() - FIRST_MS).max(0) << 22)
    }

    /// When it was sent, by Discord's clock.
    pub fn moment(self) -> Timestamp {
        Timestamp::from_millisecond((self.0 >> 22) + FIRST_MS).unwrap_or(Timestamp::MAX)
    }
}

/// One of our own ids: a `UUIDv7`, made by the caller from the moment and its own chance.
macro_rules! own_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_simple().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

own_id! {
    /// A couple.
    CoupleId,
    /// A round.
    RoundId,
    /// An invitation to become a couple.
    InvitationId,
    /// A practice that somebody began.
    SittingId,
    /// An entry of a journal.
    EntryId,
    /// A passage that somebody shares.
    PassageId,
    /// That somebody keeps a piece.
    KeptId,
    /// What somebody put on the board.
    ItemId,
    /// A row of the outbox: one thing to say, in one place.
    NoticeId,
}
