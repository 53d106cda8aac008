//! How a conversation left somebody: asked of each in private, kept only so far as it changes what is asked next.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feeling {
    Lighter,
    Same,
    Heavier,
}

impl Feeling {
    pub const ALL: [Self; 3] = [Self::Lighter, Self::Same, Self::Heavier];

    /// As the custom id spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lighter => "lighter",
            Self::Same => "same",
            Self::Heavier => "heavier",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feeling| feeling.name() == name)
    }
}
