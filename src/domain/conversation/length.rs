//! How far a conversation goes. The couple sets it: longer takes both, shorter takes one.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// The reveal, and an appreciation each.
    Short,
    /// Mirrors before it, one request after it.
    #[default]
    Guided,
    /// Mirrors that say what makes sense and what it may feel like; a yes may become a plan.
    Full,
}

impl Length {
    pub const ALL: [Self; 3] = [Self::Short, Self::Guided, Self::Full];

    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Guided => "guided",
            Self::Full => "full",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|length| length.name() == name)
    }

    /// Whether going from this one to that one binds the partner to more.
    pub fn takes_both(self, to: Self) -> bool {
        to > self
    }
}
