//! The steps of a conversation, each with whose it is, and the sheets on which they stand.

use serde::{Deserialize, Serialize};

use crate::domain::ids::PersonId;

/// Which of the two turns of listening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    First,
    Second,
}

impl Heard {
    pub fn sheet(self) -> Sheet {
        match self {
            Self::First => Sheet::FirstMirror,
            Self::Second => Sheet::SecondMirror,
        }
    }
}

/// A step that waits for one partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// To say what they heard. `corrections`: how many the speaker has made in this turn.
    Listening { by: PersonId, heard: Heard, corrections: u8 },
    /// The speaker: whether it was heard.
    Confirming { by: PersonId, heard: Heard, corrections: u8 },
    /// `last`: the other has had their word.
    Appreciating { by: PersonId, last: bool },
    /// Whether there is something that they would like.
    Asking { by: PersonId, last: bool },
    /// Which of the four answers it has.
    Answering { by: PersonId },
    /// What they will do, and when.
    Planning { by: PersonId },
}

impl Stage {
    /// Whose turn it is.
    pub fn by(self) -> PersonId {
        match self {
            Self::Listening { by, .. }
            | Self::Confirming { by, .. }
            | Self::Appreciating { by, .. }
            | Self::Asking { by, .. }
            | Self::Answering { by }
            | Self::Planning { by } => by,
        }
    }

    /// The sheet on which it begins.
    pub fn sheet(self) -> Sheet {
        match self {
            Self::Listening { heard, .. } | Self::Confirming { heard, .. } => heard.sheet(),
            Self::Appreciating { .. } => Sheet::Appreciation,
            Self::Asking { .. } | Self::Answering { .. } | Self::Planning { .. } => Sheet::Request,
        }
    }
}

/// What follows a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Next(Stage),
    /// There is nothing left to do.
    Ended,
    /// Nobody came back.
    Left,
}

/// The messages of a conversation, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sheet {
    /// The two answers. Nothing in it is ever edited for the conversation's sake.
    Reveal,
    FirstMirror,
    SecondMirror,
    Appreciation,
    Request,
    /// One sentence, where nothing else stands.
    Closing,
}

impl Sheet {
    pub const ALL: [Self; 6] =
        [Self::Reveal, Self::FirstMirror, Self::SecondMirror, Self::Appreciation, Self::Request, Self::Closing];

    /// As tables and buttons spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::FirstMirror => "first_mirror",
            Self::SecondMirror => "second_mirror",
            Self::Appreciation => "appreciation",
            Self::Request => "request",
            Self::Closing => "closing",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sheet| sheet.name() == name)
    }
}

/// The four answers to a request. All are good ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    Yes,
    SmallerYes,
    NotNow,
    No,
}

impl Reply {
    pub const ALL: [Self; 4] = [Self::Yes, Self::SmallerYes, Self::NotNow, Self::No];

    /// As the custom id spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::SmallerYes => "smaller_yes",
            Self::NotNow => "not_now",
            Self::No => "no",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reply| reply.name() == name)
    }

    pub fn may_become_a_plan(self) -> bool {
        matches!(self, Self::Yes | Self::SmallerYes)
    }
}
