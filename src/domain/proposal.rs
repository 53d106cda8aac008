//! What binds both takes both: one partner proposes, and it holds once the other agrees.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::conversation::Length;
use super::hours::{OpeningHour, Zone};
use super::ids::{PersonId, RoundId};
use super::schedule::Slot;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "propose", rename_all = "snake_case")]
pub enum Proposal {
    MoveToDms,
    MoveToChannel,
    /// `None` opens at once again.
    OpeningHour {
        hour: Option<OpeningHour>,
    },
    /// How far conversations go from the next reveal on. A shorter one takes only one partner.
    Length {
        length: Length,
    },
    /// A weekly check-in on this day, at this time.
    Schedule {
        slot: Slot,
    },
    /// Another question while the status line is hidden.
    /// `swaps` tells which of the round's questions it is about.
    AnotherQuestion {
        round: RoundId,
        swaps: u8,
    },
    /// `Send to both by DM` of a held post.
    SendByDm {
        round: RoundId,
    },
}

/// One open proposal of each kind in a couple: a newer one of the same kind replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    MoveToDms,
    MoveToChannel,
    OpeningHour,
    Length,
    Schedule,
    AnotherQuestion,
    SendByDm,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::MoveToDms,
        Self::MoveToChannel,
        Self::OpeningHour,
        Self::Length,
        Self::Schedule,
        Self::AnotherQuestion,
        Self::SendByDm,
    ];

    /// As the table and the custom id spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::MoveToDms => "move_to_dms",
            Self::MoveToChannel => "move_to_channel",
            Self::OpeningHour => "opening_hour",
            Self::Length => "length",
            Self::Schedule => "schedule",
            Self::AnotherQuestion => "another_question",
            Self::SendByDm => "send_by_dm",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Proposal {
    pub fn kind(&self) -> Kind {
        match self {
            Self::MoveToDms => Kind::MoveToDms,
            Self::MoveToChannel => Kind::MoveToChannel,
            Self::OpeningHour { .. } => Kind::OpeningHour,
            Self::Length { .. } => Kind::Length,
            Self::Schedule { .. } => Kind::Schedule,
            Self::AnotherQuestion { .. } => Kind::AnotherQuestion,
            Self::SendByDm { .. } => Kind::SendByDm,
        }
    }
}

/// A proposal on the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    pub proposal: Proposal,
    pub by: PersonId,
    pub at: Timestamp,
}

/// How long a proposal lies on the table.
pub const LIES: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Proposed {
    /// Whether it still lies there.
    pub fn lies_at(&self, now: Timestamp) -> bool {
        self.at.saturating_add(LIES).is_ok_and(|end| now < end)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// The other one proposed the same: it holds now.
    Agreed,
    /// On the table until the other agrees.
    Waits,
}

/// What `who` proposing comes to, with what lies on the table.
pub fn meet(on_table: Option<&Proposed>, who: PersonId, proposal: &Proposal) -> Met {
    match on_table {
        Some(proposed) if proposed.proposal == *proposal && proposed.by != who => Met::Agreed,
        _ => Met::Waits,
    }
}

/// A zone is needed to propose an hour: the proposer's own.
pub fn opening_hour(at: super::hours::Minute, zone: &Zone) -> Proposal {
    Proposal::OpeningHour { hour: Some(OpeningHour { at, zone: zone.clone() }) }
}
