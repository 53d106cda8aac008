//! Small words that soften a conversation, for either partner in any step.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    TryAgain,
    Softer,
    MyPart,
}

impl Repair {
    pub const ALL: [Self; 3] = [Self::TryAgain, Self::Softer, Self::MyPart];

    /// As the custom id spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TryAgain => "try_again",
            Self::Softer => "softer",
            Self::MyPart => "my_part",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|repair| repair.name() == name)
    }
}
