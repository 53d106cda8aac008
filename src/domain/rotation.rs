//! Which prompt comes next for a couple: a shuffled bag, and the rules that bind what Duet chooses.
//!
//! Pure: history, seed and the moment come in. The order of the bag is derived from the seed and each prompt's id, not
//! stored, so that a new prompt finds its place without disturbing the others.
//!
//! | rule | holds |
//! |---|---|
//! | the couple's ceiling, themes left out, what is kept for another occasion, nothing again within 365 days | for every choice |
//! | one family not within 21 days; in any four running one good news and one about *me* | for every choice |
//! | not the theme of the choice before | unless a person named the theme (leaving only one in names it) |
//! | no deeper than [`Limits::step`], never brave; after tender or brave a warm one | unless a person named the depth |

pub mod judge;
mod memory;
mod order;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::couple::Couple;
use super::library::{About, Depth, Library, Occasion, Prompt, PromptId, Theme};
use super::round::Kind;
use memory::Memory;

/// The same prompt does not come back before.
const SAME_PROMPT: SignedDuration = SignedDuration::from_hours(365 * 24);
/// The same idea in other words does not come back before.
const SAME_FAMILY: SignedDuration = SignedDuration::from_hours(21 * 24);
/// After a *heavier*, Duet chooses nothing tender for so long.
const AFTER_HEAVIER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// After so long without a question that opened, two people begin anew.
const LONG_SILENCE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Openings without a *heavier* that earn one step down.
const OPENINGS_PER_STEP: usize = 4;

/// What a couple's rotation remembers. Persisted whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bag {
    /// Drawn once, when the couple begins.
    pub seed: u64,
    /// Every prompt ever put to them, oldest first, those that were swapped or lapsed included.
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

/// Who narrowed the choice: a person who named a theme or a depth, or nobody.
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
    /// The moment it is asked in: prompts that are kept for it come first.
    pub occasion: Option<Occasion>,
}

impl Wish {
    pub fn chosen_by(self) -> ChosenBy {
        if self.theme.is_none() && self.depth.is_none() { ChosenBy::Duet } else { ChosenBy::Person }
    }

    /// With the occasion that this moment is, where nothing was wished for and no other was named.
    #[must_use]
    pub fn at(self, openings: &[Opening], now: Timestamp) -> Self {
        let beginning = self.chosen_by() == ChosenBy::Duet && begins(openings, now);
        Self { occasion: self.occasion.or(beginning.then_some(Occasion::Beginning)), ..self }
    }
}

/// What the couple allows, read at the moment of choosing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The lower of both partners' ceilings. Binds wishes too.
    pub ceiling: Depth,
    /// The themes that either partner left out, and the opt-in ones that not both asked for. Bind wishes too.
    pub left_out: BTreeSet<Theme>,
    /// How deep Duet may go by itself now: see [`depth_step`].
    pub step: Depth,
}

impl Limits {
    /// What this couple allows at this moment. `at_most`: as deep as what asks will have it, whatever they allow.
    ///
    /// What protects holds against a wish, too: after a *heavier* the ceiling itself is lower for a while, and to either of the two
    /// it reads as any other limit.
    pub fn of(couple: &Couple, at_most: Depth, openings: &[Opening], now: Timestamp) -> Self {
        let ceiling = couple.ceiling().min(at_most);
        let ceiling = if is_resting(openings, now) { ceiling.min(Depth::Personal) } else { ceiling };
        Self { ceiling, left_out: couple.left_out(), step: depth_step(openings, now) }
    }
}

/// A chosen prompt. Not `exact`: the wish could not be met, and this is the nearest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    pub prompt: &'a Prompt,
    pub exact: bool,
}

/// Nothing is left in the bag that the rules allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty;

/// A question that opened, or a check-in that left somebody heavier; and when a partner said *heavier* after it, if one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub kind: Kind,
    pub at: Timestamp,
    pub heavier: Option<Timestamp>,
}

/// The next prompt for this couple. The same library, bag, wish, limits and moment give the same prompt.
///
/// A wish that cannot be met gets the nearest one, searched in this order:
/// 1. the named theme at lesser depths, the nearest first;
/// 2. other themes at the named depth, then at lesser ones;
/// 3. what Duet would choose by itself, the named theme and the lesser depths first.
///
/// An occasion goes before all of these, as far as prompts that are kept for it are left.
///
/// Nobody is ever given something deeper than they named while anything lighter is left, nor brave unless they named it.
pub fn choose<'a>(library: &'a Library, bag: &Bag, wish: Wish, limits: &Limits, now: Timestamp) -> Result<Choice<'a>, Empty> {
    let memory = Memory::of(library, bag, limits, now);
    aims(wish)
        .find_map(|aim| {
            let prompt = memory.best(aim)?;
            Some(Choice { prompt, exact: wish.allows(prompt) })
        })
        .ok_or(Empty)
}

/// How deep Duet may go by itself, from the rounds that opened, oldest first: warm, then one step deeper after each four
/// without a *heavier*, as far as tender (brave is chosen, not given). A *heavier* starts the four again, and for seven
/// days nothing tender comes. The couple's ceiling is kept by [`choose`].
///
/// The seven days bind what Duet chooses here; [`Limits::of`] has them bind wishes, too.
pub fn depth_step(openings: &[Opening], now: Timestamp) -> Depth {
    let mut depth = Depth::Warm;
    let mut calm = 0;
    for opening in openings {
        calm = if opening.heavier.is_some() { 0 } else { calm + 1 };
        if calm == OPENINGS_PER_STEP {
            calm = 0;
            depth = depth.deeper().min(Depth::Tender);
        }
    }
    if is_resting(openings, now) { depth.min(Depth::Personal) } else { depth }
}

/// Whether two people begin, for the first time or after a long silence: no question opened for ninety days. Check-ins count for
/// nothing: those among `openings` are here for what they left behind, and a warm-up would tell of it.
pub fn begins(openings: &[Opening], now: Timestamp) -> bool {
    let mut questions = openings.iter().filter(|opening| opening.kind == Kind::Question);
    questions.next_back().is_none_or(|last| now.duration_since(last.at) >= LONG_SILENCE)
}

/// Whether a *heavier* of the last seven days asks for nothing tender or brave.
pub fn is_resting(openings: &[Opening], now: Timestamp) -> bool {
    openings.iter().filter_map(|opening| opening.heavier).any(|at| now.duration_since(at) < AFTER_HEAVIER)
}

impl Wish {
    fn allows(self, prompt: &Prompt) -> bool {
        self.theme.is_none_or(|theme| theme == prompt.theme) && self.depth.is_none_or(|depth| depth == prompt.depth)
    }
}

/// One place to look: a theme and a depth, and for each whether a person named it, which suspends its rule.
#[derive(Clone, Copy, Debug)]
struct Aim {
    theme: Option<Theme>,
    depth: Option<Depth>,
    depth_is_named: bool,
    occasion: Option<Occasion>,
}

/// Where to look for a wish, the nearest places first.
fn aims(wish: Wish) -> impl Iterator<Item = Aim> {
    let kept = wish.occasion.map(|_| Aim {
        theme: wish.theme,
        depth: wish.depth,
        depth_is_named: wish.depth.is_some(),
        occasion: wish.occasion,
    });
    let themes = if wish.theme.is_some() { vec![wish.theme, None] } else { vec![None] };
    let aim = |theme, depth, depth_is_named| Aim { theme, depth, depth_is_named, occasion: None };
    let mut aims = Vec::from_iter(kept);
    match wish.depth {
        Some(named) => {
            for &theme in &themes {
                let lighter = Depth::ALL.into_iter().rev().filter(|depth| *depth <= named);
                aims.extend(lighter.map(|depth| aim(theme, Some(depth), true)));
            }
            for depth in Depth::ALL.into_iter().filter(|depth| *depth > named) {
                aims.extend(themes.iter().map(|&theme| aim(theme, Some(depth), false)));
            }
        }
        None => aims.extend(themes.iter().map(|&theme| aim(theme, None, false))),
    }
    aims.into_iter()
}
