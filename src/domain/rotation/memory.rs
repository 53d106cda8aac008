//! The rules applied: what the couple's past leaves open, and which open prompt is best drawn now.

use std::collections::HashSet;

use jiff::Timestamp;

use super::order::rank;
use super::{Aim, Bag, Limits, SAME_FAMILY, SAME_PROMPT};
use crate::domain::library::{About, Depth, Library, Prompt, Theme};

/// In any four choices running, one good news and one about *me*: three without is the most.
const MOST_WITHOUT: usize = 3;
/// How many prompts are tried for a follow-up before the first of them is taken anyhow.
const LOOKS_AHEAD: usize = 8;

/// What the couple's past says about the next choice.
pub(super) struct Memory<'l, 'b> {
    library: &'l Library,
    limits: &'b Limits,
    seed: u64,
    /// For each prompt of the library, how often they have had it.
    laps: Vec<u32>,
    /// For each prompt of the library, whether it may come again at all: 365 days, ceiling, vetoes.
    open: Vec<bool>,
    /// Families of the last 21 days.
    families: HashSet<&'b str>,
    state: State,
    /// What Duet may still draw by itself.
    pool: Pool,
    /// The one theme that is not vetoed, when it is only one.
    only_theme: Option<Theme>,
}

/// A prompt that may be drawn; the least is drawn first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Draw {
    /// How many others it would strand: see [`Pool::stranded`].
    stranded: usize,
    lap: u32,
    rank: u64,
    at: usize,
}

/// What the last choices oblige the next one to.
#[derive(Clone, Copy, Default)]
struct State {
    theme: Option<Theme>,
    was_heavy: bool,
    /// Choices since the last good news, and since the last about *me*.
    without_good_news: usize,
    without_me: usize,
}

impl State {
    fn after(self, theme: Theme, depth: Depth, about: About, good_news: bool) -> Self {
        Self {
            theme: Some(theme),
            was_heavy: depth.is_heavy(),
            without_good_news: if good_news { 0 } else { self.without_good_news + 1 },
            without_me: if about == About::Me { 0 } else { self.without_me + 1 },
        }
    }

    fn after_prompt(self, prompt: &Prompt) -> Self {
        self.after(prompt.theme, prompt.depth, prompt.about, prompt.good_news)
    }

    /// The rule of four.
    fn keeps_four(self, prompt: &Prompt) -> bool {
        (prompt.good_news || self.without_good_news < MOST_WITHOUT)
            && (prompt.about == About::Me || self.without_me < MOST_WITHOUT)
    }
}

/// How many of each kind are left.
#[derive(Clone, Copy, Default)]
struct Pool {
    all: usize,
    good_news: usize,
    me: usize,
    both: usize,
    warm: usize,
    heavy: usize,
    themes: [usize; Theme::ALL.len()],
}

impl Pool {
    fn count(&mut self, prompt: &Prompt, change: impl Fn(&mut usize)) {
        let is_me = prompt.about == About::Me;
        change(&mut self.all);
        change(&mut self.themes[prompt.theme as usize]);
        for (count, counts) in [
            (&mut self.good_news, prompt.good_news),
            (&mut self.me, is_me),
            (&mut self.both, prompt.good_news && is_me),
            (&mut self.warm, prompt.depth == Depth::Warm),
            (&mut self.heavy, prompt.depth.is_heavy()),
        ] {
            if counts {
                change(count);
            }
        }
    }

    /// How many prompts of the pool could not be drawn any more, however well one drew from here on: roughly, the sum
    /// over the rules taken one by one. Zero while the bag is well filled.
    fn stranded(&self, state: State) -> usize {
        let four = |have: usize, without: usize| {
            let room = MOST_WITHOUT.saturating_sub(without) + MOST_WITHOUT * have;
            (self.all - have).saturating_sub(room)
        };
        let heavy = self.heavy.saturating_sub(self.warm + usize::from(!state.was_heavy));
        let themes = self.themes.iter().enumerate().map(|(theme, count)| {
            let is_last = state.theme.is_some_and(|last| last as usize == theme);
            count.saturating_sub(self.all - count + usize::from(!is_last))
        });
        // Both at once is hard to meet: it takes a prompt that is both.
        let both_due = state.without_good_news >= MOST_WITHOUT && state.without_me >= MOST_WITHOUT;
        four(self.good_news, state.without_good_news)
            + four(self.me, state.without_me)
            + heavy
            + themes.sum::<usize>()
            + usize::from(both_due) * if self.both == 0 { self.all } else { 1 }
    }
}

impl<'l, 'b> Memory<'l, 'b> {
    pub fn of(library: &'l Library, bag: &'b Bag, limits: &'b Limits, now: Timestamp) -> Self {
        let prompts = library.prompts();
        let mut laps = vec![0; prompts.len()];
        let mut open: Vec<bool> =
            prompts.iter().map(|prompt| prompt.depth <= limits.ceiling && !limits.vetoes.contains(&prompt.theme)).collect();
        let mut families = HashSet::new();
        let mut state = State::default();
        for past in &bag.history {
            let age = now.duration_since(past.at);
            if let Some(at) = library.place(&past.prompt) {
                laps[at] += 1;
                open[at] &= age >= SAME_PROMPT;
            }
            if age < SAME_FAMILY {
                families.insert(past.family.as_str());
            }
            state = state.after(past.theme, past.depth, past.about, past.good_news);
        }

        let mut unvetoed = Theme::ALL.into_iter().filter(|theme| !limits.vetoes.contains(theme));
        let only_theme = unvetoed.next().filter(|_| unvetoed.next().is_none());
        let mut pool = Pool::default();
        for (prompt, is_open) in prompts.iter().zip(&open) {
            if *is_open && within_reach(limits, prompt) {
                pool.count(prompt, |count| *count += 1);
            }
        }
        Self { library, limits, seed: bag.seed, laps, open, families, state, pool, only_theme }
    }

    /// The prompt to draw among those of this aim that the rules allow: of those that strand the fewest others the one
    /// the couple has had least often, and of these the first in their shuffle.
    pub fn best(&self, aim: Aim) -> Option<&'l Prompt> {
        let mut drawn: Vec<Draw> = self
            .open_prompts()
            .filter(|(_, prompt)| self.allows(prompt, aim, self.state))
            .map(|(at, prompt)| self.draw(at, prompt))
            .collect();
        let first = *drawn.iter().min()?;

        // Prompts and rules interlock (the only warm ones left are all of the last theme): look one choice ahead.
        for _ in 0..LOOKS_AHEAD {
            let Some((place, draw)) = drawn.iter().copied().enumerate().min_by_key(|(_, draw)| *draw) else {
                break;
            };
            drawn.swap_remove(place);
            if self.leads_on(draw.at) {
                return Some(&self.library.prompts()[draw.at]);
            }
        }
        Some(&self.library.prompts()[first.at])
    }

    fn draw(&self, at: usize, prompt: &Prompt) -> Draw {
        let lap = self.laps[at];
        Draw { stranded: self.stranded_by(prompt), lap, rank: rank(self.seed, lap, &prompt.id.0), at }
    }

    fn open_prompts(&self) -> impl Iterator<Item = (usize, &'l Prompt)> {
        self.library.prompts().iter().enumerate().filter(|(at, _)| self.open[*at])
    }

    /// The rules that bind this aim, for a prompt that is open.
    fn allows(&self, prompt: &Prompt, aim: Aim, state: State) -> bool {
        let theme_fits = match aim.theme.or(self.only_theme) {
            Some(named) => prompt.theme == named,
            None => state.theme != Some(prompt.theme),
        };
        let depth_fits = aim.depth.is_none_or(|named| prompt.depth == named)
            && (aim.depth_is_named || within_reach(self.limits, prompt) && (!state.was_heavy || prompt.depth == Depth::Warm));
        theme_fits && depth_fits && state.keeps_four(prompt) && !self.families.contains(prompt.family.as_str())
    }

    fn stranded_by(&self, prompt: &Prompt) -> usize {
        let mut pool = self.pool;
        if within_reach(self.limits, prompt) {
            pool.count(prompt, |count| *count -= 1);
        }
        pool.stranded(self.state.after_prompt(prompt))
    }

    /// Whether Duet could draw another one after this.
    fn leads_on(&self, at: usize) -> bool {
        let drawn = &self.library.prompts()[at];
        let state = self.state.after_prompt(drawn);
        let any = Aim { theme: None, depth: None, depth_is_named: false };
        self.open_prompts().any(|(next, prompt)| next != at && prompt.family != drawn.family && self.allows(prompt, any, state))
    }
}

/// What Duet may draw by itself, one day or another.
fn within_reach(limits: &Limits, prompt: &Prompt) -> bool {
    prompt.depth <= limits.step.min(Depth::Tender)
}
