//! The rules of rotation told a second time, one by one and plainly, without a look at how [`super::choose`] keeps them: what
//! simulations and tests hold each choice against. Nothing that a couple meets asks it, and it shares no line with what it judges.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{Choice, Empty, Limits, Opening, Past, Wish};
use crate::domain::couple::Partner;
use crate::domain::library::{About, Depth, Library, Occasion, Prompt, PromptId, Theme};
use crate::domain::round::Kind;

/// A rule that a choice can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    // Of the prompt.
    SameWithinAYear,
    FamilyWithin21Days,
    AboveTheCeiling,
    ThemeLeftOut,
    ThemeTwiceRunning,
    WarmAfterTender,
    BeyondTheStep,
    BraveUnasked,
    NoGoodNewsInFour,
    NothingOfMeInFour,
    KeptForAnotherOccasion,
    // Of the choice, beside what else was there.
    OccasionMissed,
    WishMissed,
    DeeperThanNamed,
    NearestCalledExact,
    CalledEmpty,
}

impl Rule {
    pub const ALL: [Self; 16] = [
        Self::SameWithinAYear,
        Self::FamilyWithin21Days,
        Self::AboveTheCeiling,
        Self::ThemeLeftOut,
        Self::ThemeTwiceRunning,
        Self::WarmAfterTender,
        Self::BeyondTheStep,
        Self::BraveUnasked,
        Self::NoGoodNewsInFour,
        Self::NothingOfMeInFour,
        Self::KeptForAnotherOccasion,
        Self::OccasionMissed,
        Self::WishMissed,
        Self::DeeperThanNamed,
        Self::NearestCalledExact,
        Self::CalledEmpty,
    ];

    /// What it asks for.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameWithinAYear => "nothing again within 365 days",
            Self::FamilyWithin21Days => "one family not within 21 days",
            Self::AboveTheCeiling => "never above the ceiling of both, at most personal while a heavier rests",
            Self::ThemeLeftOut => "no theme that one left out, no opt-in theme that not both asked for",
            Self::ThemeTwiceRunning => "no theme twice running",
            Self::WarmAfterTender => "a warm one after each tender or brave",
            Self::BeyondTheStep => "no deeper than four calm openings a step",
            Self::BraveUnasked => "brave only when asked for",
            Self::NoGoodNewsInFour => "one good news in any four",
            Self::NothingOfMeInFour => "one about me in any four",
            Self::KeptForAnotherOccasion => "what is kept for an occasion only then",
            Self::OccasionMissed => "at an occasion what is kept for it first",
            Self::WishMissed => "a wish that can be met is met",
            Self::DeeperThanNamed => "nothing deeper than named while anything lighter is left",
            Self::NearestCalledExact => "what is not what was asked for is called the nearest",
            Self::CalledEmpty => "not called empty while anything is left",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was asked at one moment: see [`Wish`] and [`Limits`].
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub wish: Wish,
    pub limits: &'a Limits,
    pub at: Timestamp,
}

/// All that was put to one couple, as far as the rules ask.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// When each was put to them last.
    prompts: HashMap<PromptId, Timestamp>,
    families: HashMap<String, Timestamp>,
    /// The last three, the newest at the end.
    last: Vec<Past>,
}

impl Book {
    pub fn of(history: &[Past]) -> Self {
        let mut book = Self::default();
        for past in history {
            book.note(past);
        }
        book
    }

    pub fn note(&mut self, past: &Past) {
        self.prompts.insert(past.prompt.clone(), past.at);
        self.families.insert(past.family.clone(), past.at);
        self.last.push(past.clone());
        if self.last.len() > 3 {
            self.last.remove(0);
        }
    }

    /// Whether this prompt was put to them less than so many days ago.
    pub fn had_within(&self, prompt: &PromptId, days: i64, at: Timestamp) -> bool {
        self.prompts.get(prompt).is_some_and(|last| within(*last, days, at))
    }

    /// The rules that this prompt would break.
    pub fn broken(&self, prompt: &Prompt, asked: &Asked<'_>) -> Vec<Rule> {
        let Asked { wish, limits, at } = *asked;
        let last = self.last.last();
        let only_theme = limits.left_out.len() + 1 == Theme::ALL.len();
        let theme_named = wish.theme == Some(prompt.theme) || only_theme;
        let depth_named = wish.depth.is_some_and(|named| prompt.depth <= named);
        let last_is_heavy = last.is_some_and(|past| past.depth >= Depth::Tender);
        let of_three = |is: &dyn Fn(&Past) -> bool| self.last.len() < 3 || self.last.iter().any(is);
        let family_had = self.families.get(&prompt.family).is_some_and(|last| within(*last, 21, at));

        [
            (Rule::SameWithinAYear, self.had_within(&prompt.id, 365, at)),
            (Rule::FamilyWithin21Days, family_had),
            (Rule::AboveTheCeiling, prompt.depth > limits.ceiling),
            (Rule::ThemeLeftOut, limits.left_out.contains(&prompt.theme)),
            (Rule::ThemeTwiceRunning, !theme_named && last.is_some_and(|past| past.theme == prompt.theme)),
            (Rule::WarmAfterTender, !depth_named && last_is_heavy && prompt.depth != Depth::Warm),
            (Rule::BeyondTheStep, !depth_named && prompt.depth > limits.step),
            (Rule::BraveUnasked, wish.depth != Some(Depth::Brave) && prompt.depth == Depth::Brave),
            (Rule::NoGoodNewsInFour, !prompt.good_news && !of_three(&|past| past.good_news)),
            (Rule::NothingOfMeInFour, prompt.about != About::Me && !of_three(&|past| past.about == About::Me)),
            (Rule::KeptForAnotherOccasion, prompt.occasion.is_some() && prompt.occasion != wish.occasion),
        ]
        .into_iter()
        .filter_map(|(rule, is_broken)| is_broken.then_some(rule))
        .collect()
    }

    /// The rules that this choice broke: those of its prompt, and what it owed beside all others of the library.
    pub fn judged(&self, library: &Library, choice: Result<Choice<'_>, Empty>, asked: &Asked<'_>) -> Vec<Rule> {
        let wish = asked.wish;
        let could = |is: &dyn Fn(&Prompt) -> bool| {
            library.prompts().iter().any(|prompt| is(prompt) && self.broken(prompt, asked).is_empty())
        };
        let Ok(Choice { prompt, exact }) = choice else {
            return if could(&|_| true) { vec![Rule::CalledEmpty] } else { Vec::new() };
        };
        let as_wished = |prompt: &Prompt| {
            wish.theme.is_none_or(|theme| prompt.theme == theme) && wish.depth.is_none_or(|depth| prompt.depth == depth)
        };
        let mut broken = self.broken(prompt, asked);
        let is_kept = |other: &Prompt| wish.occasion.is_some() && other.occasion == wish.occasion;
        if wish.occasion.is_some() && !is_kept(prompt) && could(&|other| is_kept(other) && as_wished(other)) {
            broken.push(Rule::OccasionMissed);
        }
        if !as_wished(prompt) && could(&as_wished) {
            broken.push(Rule::WishMissed);
        }
        if let Some(named) = wish.depth
            && prompt.depth > named
            && could(&|other| other.depth <= named)
        {
            broken.push(Rule::DeeperThanNamed);
        }
        if exact != as_wished(prompt) {
            broken.push(Rule::NearestCalledExact);
        }
        broken
    }
}

fn within(last: Timestamp, days: i64, at: Timestamp) -> bool {
    at < last + SignedDuration::from_hours(24 * days)
}

/// What two partners let in at this moment, told from what each of them set and how their rounds went.
pub fn limits(partners: &[Partner; 2], at_most: Depth, openings: &[Opening], at: Timestamp) -> Limits {
    let heavier_lately = openings.iter().any(|opening| opening.heavier.is_some_and(|said| within(said, 7, at)));
    let lets_in = |depth: &Depth| {
        *depth <= at_most
            && partners.iter().all(|partner| *depth <= partner.ceiling)
            && !(heavier_lately && *depth >= Depth::Tender)
    };
    let comes = |theme: &Theme| {
        let both_asked = partners.iter().all(|partner| partner.opt_ins.contains(theme));
        partners.iter().all(|partner| !partner.vetoes.contains(theme)) && (Theme::SHARED.contains(theme) || both_asked)
    };
    // Every four calm openings running are a step; the deepest that is given by itself is tender.
    let steps: usize = openings.split(|opening| opening.heavier.is_some()).map(|calm| calm.len() / 4).sum();
    let earned = [Depth::Warm, Depth::Personal, Depth::Tender][steps.min(2)];
    let left_out: BTreeSet<Theme> = Theme::ALL.into_iter().filter(|theme| !comes(theme)).collect();
    Limits {
        ceiling: Depth::ALL.into_iter().rev().find(lets_in).unwrap_or(Depth::Warm),
        left_out,
        step: if heavier_lately { earned.min(Depth::Personal) } else { earned },
    }
}

/// The occasion that it is when two ask for nothing in particular.
pub fn occasion(openings: &[Opening], at: Timestamp) -> Option<Occasion> {
    let silent = !openings.iter().any(|opening| opening.kind == Kind::Question && within(opening.at, 90, at));
    silent.then_some(Occasion::Beginning)
}
