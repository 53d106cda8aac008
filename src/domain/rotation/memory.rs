//! The rules applied: what the couple's past leaves open, and which open prompt is best drawn now.

use std::collections::HashSet;

use jiff::Timestamp;

use super::order::rank;
use super::{Aim, Bag, Limits, SAME_FAMILY, SAME_PROMPT};
use crate::domain::library::{About, Depth, Library, Prompt, Theme};

/// In any four choices running, one good news and one about *me*: three without is the most.
const MOST_WITHOUT: usize = 3;
/// How many prompts are tried for what can follow them.
const TRIED: usize = 8;
/// How many choices are looked ahead, and how many steps that may take for each prompt that is tried. A well-filled bag takes as many
/// steps as choices. One choice ahead is too few for couples who let in two themes: of 48 questions up to eight were left over, of
/// six ahead four. Twelve ahead bring out no more.
const LOOKS_AHEAD: usize = 6;
const STEPS: usize = 200;

/// What the couple's past says about the next choice.
pub(super) struct Memory<'l, 'b> {
    library: &'l Library,
    limits: &'b Limits,
    seed: u64,
    /// For each prompt of the library, how often they have had it.
    laps: Vec<u32>,
    /// For each prompt of the library, whether it may come again at all: 365 days, ceiling, themes left out.
    open: Vec<bool>,
    /// Families of the last 21 days.
    families: HashSet<&'b str>,
    state: State,
    /// What Duet may still draw by itself.
    pool: Pool,
    /// The one theme that is not left out, when it is only one.
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
            prompts.iter().map(|prompt| prompt.depth <= limits.ceiling && !limits.left_out.contains(&prompt.theme)).collect();
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

        let mut let_in = Theme::ALL.into_iter().filter(|theme| !limits.left_out.contains(theme));
        let only_theme = let_in.next().filter(|_| let_in.next().is_none());
        let mut pool = Pool::default();
        for (prompt, is_open) in prompts.iter().zip(&open) {
            if *is_open && prompt.occasion.is_none() && within_reach(limits, prompt) {
                pool.count(prompt, |count| *count += 1);
            }
        }
        Self { library, limits, seed: bag.seed, laps, open, families, state, pool, only_theme }
    }

    /// The prompt to draw among those of this aim that the rules allow: of those that strand the fewest others the one
    /// the couple has had least often, and of these the first in their shuffle. Where nothing could follow it before long, the one
    /// after which Duet can go on furthest.
    pub fn best(&self, aim: Aim) -> Option<&'l Prompt> {
        let mut drawn: Vec<Draw> = self
            .open_prompts()
            .filter(|(_, prompt)| self.allows(prompt, aim, self.state))
            .map(|(at, prompt)| self.draw(at, prompt))
            .collect();
        if drawn.is_empty() {
            return None;
        }

        // Prompts and rules interlock (the only warm ones left are all of the last theme): look some choices ahead.
        let left = self.left();
        let mut furthest: Option<(usize, &Prompt)> = None;
        for _ in 0..TRIED {
            let Some((place, draw)) = drawn.iter().copied().enumerate().min_by_key(|(_, draw)| *draw) else {
                break;
            };
            drawn.swap_remove(place);
            let prompt = &self.library.prompts()[draw.at];
            let goes_on = self.goes_on(&left, self.state.after_prompt(prompt), &mut vec![prompt], &mut { STEPS });
            if furthest.is_none_or(|(far, _)| goes_on > far) {
                furthest = Some((goes_on, prompt));
            }
            if goes_on == LOOKS_AHEAD {
                break;
            }
        }
        furthest.map(|(_, prompt)| prompt)
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
        theme_fits
            && depth_fits
            && prompt.occasion == aim.occasion
            && state.keeps_four(prompt)
            && !self.families.contains(prompt.family.as_str())
    }

    fn stranded_by(&self, prompt: &Prompt) -> usize {
        let mut pool = self.pool;
        if prompt.occasion.is_none() && within_reach(self.limits, prompt) {
            pool.count(prompt, |count| *count -= 1);
        }
        pool.stranded(self.state.after_prompt(prompt))
    }

    /// What Duet could draw by itself, one day or another.
    fn left(&self) -> Vec<&'l Prompt> {
        let open = self.open_prompts().map(|(_, prompt)| prompt);
        open.filter(|prompt| prompt.occasion.is_none() && within_reach(self.limits, prompt)).collect()
    }

    /// How many of these Duet could draw one after the other when it has drawn those before, as far as it looks ahead.
    fn goes_on(&self, left: &[&'l Prompt], state: State, before: &mut Vec<&'l Prompt>, steps: &mut usize) -> usize {
        let any = Aim { theme: None, depth: None, depth_is_named: false, occasion: None };
        let may_look = LOOKS_AHEAD + 1 - before.len();
        let mut far = 0;
        for prompt in left {
            if far == may_look || *steps == 0 {
                break;
            }
            // A prompt itself is of its own family, too.
            if self.allows(prompt, any, state) && before.iter().all(|drawn| drawn.family != prompt.family) {
                *steps -= 1;
                before.push(prompt);
                far = far.max(1 + self.goes_on(left, state.after_prompt(prompt), before, steps));
                before.pop();
            }
        }
        far
    }
}

/// What Duet may draw by itself, one day or another.
fn within_reach(limits: &Limits, prompt: &Prompt) -> bool {
    prompt.depth <= limits.step.min(Depth::Tender)
}
