//! One thing that happened in a conversation, without its words.

use serde::{Deserialize, Serialize};

use super::said::Said;
use super::stage::{Reply, Sheet};
use crate::domain::ids::PersonId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Its words are in the store, under the turn's number.
    Said(Said),
    Confirmed,
    /// Said aloud, not written.
    Spoken,
    /// Skipped, or left for a day: nobody can tell which.
    LeftOut,
    Replied(Reply),
}

impl What {
    pub fn has_words(self) -> bool {
        matches!(self, Self::Said(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub what: What,
    pub by: PersonId,
    /// Where it is shown.
    pub sheet: Sheet,
    /// The turn that it ended.
    pub turn: u32,
}

impl Line {
    pub(super) fn said(said: Said, by: PersonId, sheet: Sheet, turn: u32) -> Self {
        Self { what: What::Said(said), by, sheet, turn }
    }
}
