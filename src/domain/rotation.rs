//! Which prompt comes next for a couple: a shuffled bag and the rules that bind what Duet chooses.
//!
//! Pure: history, seed and the moment come in. The order of the bag is derived from the seed and each prompt's id, not
//! stored, so that a new prompt finds its place without disturbing the others.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::library::{About, Depth, Library, Prompt, PromptId, Theme};

/// What a couple's rotation remembers. Persisted whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bag {
    /// Drawn once, when the couple begins.
    pub seed: u64,
    /// Every prompt ever put to them, oldest first, swapped ones included.
    pub history: Vec<Past>,
}

/// A prompt that was put to the couple, with the facts the rules ask about (it may have left the library since).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub prompt: PromptId,
    pub family: String,
    pub theme: Theme,
    pub depth: Depth,
    pub about: About,
    pub good_news: bool,
    pub at: Timestamp,
    pub chosen_by: ChosenBy,
}

impl Past {
    pub fn of(prompt: &Prompt, at: Timestamp, chosen_by: ChosenBy) -> Self {
        Self {
            prompt: prompt.id.clone(),
            family: prompt.family.clone(),
            theme: prompt.theme,
            depth: prompt.depth,
            about: prompt.about,
            good_news: prompt.good_news,
            at,
            chosen_by,
        }
    }
}

/// Whether somebody named a theme or a depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    Duet,
    Person,
}

/// What a person asked for; nothing at all is the usual case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub theme: Option<Theme>,
    pub depth: Option<Depth>,
}

/// What the couple allows, read at the moment of choosing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The lower of both partners' ceilings. Binds wishes too.
    pub ceiling: Depth,
    /// The themes that either partner has vetoed. Bind wishes too.
    pub vetoes: BTreeSet<Theme>,
    /// How deep Duet may go by itself now: see [`depth_step`].
    pub step: Depth,
}

/// A chosen prompt. Not `exact`: the wish could not be met, and this is the nearest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    pub prompt: &'a Prompt,
    pub exact: bool,
}

/// Nothing in the bag that the rules allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty;

/// A round that opened, and whether either partner said *heavier* after it, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub at: Timestamp,
    pub heavier: Option<Timestamp>,
}

pub fn choose<'a>(library: &'a Library, bag: &Bag, wish: Wish, limits: &Limits, now: Timestamp) -> Result<Choice<'a>, Empty> {
    let _ = (bag, wish, limits, now);
    library.prompts().first().map(|prompt| Choice { prompt, exact: true }).ok_or(Empty)
}

/// How deep Duet may go by itself: `openings` oldest first.
pub fn depth_step(openings: &[Opening], now: Timestamp) -> Depth {
    let _ = (openings, now);
    Depth::Warm
}
