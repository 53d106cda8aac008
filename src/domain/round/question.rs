//! What a round asks: a prompt of the library, a partner's own words, or the lines of a check-in.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::super::checkin;
use super::super::couple::Terms;
use super::super::ids::PersonId;
use super::super::library::Prompt;

/// A couple may have one round of each kind awaiting answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Question,
    CheckIn,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Question, Self::CheckIn];

    /// As the table spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::CheckIn => "check_in",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Question {
    /// A copy of the prompt, so that the round survives an edited deck.
    Library { prompt: Box<Prompt> },
    /// A partner's own words, sealed like an answer.
    Own { by: PersonId },
    /// Five ratings and these lines: a copy, for the same reason.
    CheckIn { lines: Vec<String> },
}

impl Question {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Library { .. } | Self::Own { .. } => Kind::Question,
            Self::CheckIn { .. } => Kind::CheckIn,
        }
    }

    /// Labels of the fields in which an answer is written: one to three, in the longer look of a check-in four.
    pub fn fields(&self) -> Vec<String> {
        match self {
            Self::Library { prompt } if !prompt.fields.is_empty() => prompt.fields.clone(),
            Self::CheckIn { lines } => lines.clone(),
            Self::Library { .. } | Self::Own { .. } => vec!["My answer".to_owned()],
        }
    }

    /// Most UTF-16 units of one field, so that two whole answers fit one message (6,000 over all embeds: resources/message).
    /// A check-in leaves room for its ratings, and for what its picture says.
    pub fn field_limit(&self) -> usize {
        let whole = match self.kind() {
            Kind::Question => 2_500,
            Kind::CheckIn => 2_000,
        };
        whole / self.fields().len().max(1)
    }

    /// How long it waits for both answers.
    pub(super) fn window(&self, terms: &Terms) -> SignedDuration {
        match self.kind() {
            Kind::Question => terms.window,
            Kind::CheckIn => checkin::WINDOW,
        }
    }
}
