//! One couple's years: what they set and ask for is drawn, what comes is chosen by Duet, and the judge looks at each choice.

use std::collections::BTreeMap;

use duet::domain::couple::{Beginning, Couple};
use duet::domain::ids::{CoupleId, PersonId, ServerId};
use duet::domain::library::{Depth, Library, Occasion, Prompt, Theme};
use duet::domain::rotation::judge::{self, Asked, Book, Rule};
use duet::domain::rotation::{Bag, ChosenBy, Limits, Opening, Past, Wish};
use duet::domain::round::Kind;
use duet::domain::round::SWAPS;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, IteratorRandom as _};
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use uuid::Uuid;

use super::bottom::{self, Emptied};
use super::most;
use super::{Chooser, Simulate, grouped};

const START: Timestamp = Timestamp::UNIX_EPOCH;
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What became of one couple.
#[derive(Clone, Debug, Default)]
pub struct Lived {
    pub counts: Counts,
    pub broken: Vec<Broken>,
    /// When nothing came for the first time.
    pub dry: Option<Dry>,
    pub emptied: Option<Emptied>,
}

#[derive(Clone, Debug)]
pub struct Broken {
    pub rule: Rule,
    pub day: i64,
    /// What was chosen, or that nothing was.
    pub prompt: String,
}

/// How often what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub choices: u64,
    pub wishes: u64,
    pub met: u64,
    pub swaps: u64,
    pub gentle: u64,
    pub beginnings: u64,
    pub opened: u64,
    pub lapsed: u64,
    pub heavier: u64,
    pub empty: u64,
}

impl Counts {
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in [
            (&mut self.choices, other.choices),
            (&mut self.wishes, other.wishes),
            (&mut self.met, other.met),
            (&mut self.swaps, other.swaps),
            (&mut self.gentle, other.gentle),
            (&mut self.beginnings, other.beginnings),
            (&mut self.opened, other.opened),
            (&mut self.lapsed, other.lapsed),
            (&mut self.heavier, other.heavier),
            (&mut self.empty, other.empty),
        ] {
            *sum += more;
        }
    }
}

/// The first time that nothing came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dry {
    pub day: i64,
    /// Questions until then.
    pub after: u64,
    /// What their limits let in at that moment, and how many of those they had had within the year.
    pub let_in: usize,
    pub had: usize,
    /// The most that any order would bring of them, from the first to the last without a wish.
    pub most: usize,
    /// The rules for which the others wait; one prompt may wait for several.
    pub waiting: BTreeMap<Rule, usize>,
}

impl Dry {
    pub fn told(&self) -> String {
        let Self { after, let_in, had, most, .. } = self;
        format!("{} questions; its limits let in {let_in}, {most} of them at most in one go; it had had {had}", grouped(*after))
    }

    /// What the others wait for.
    pub fn why(&self) -> Option<String> {
        let rules: Vec<String> = self.waiting.iter().map(|(rule, times)| format!("{rule} ({times})")).collect();
        (!rules.is_empty()).then(|| format!("the others wait for: {}", rules.join(" · ")))
    }
}

/// How these two are, each in a hundred.
struct Habits {
    /// A theme or a depth is named.
    wishes: u32,
    swaps: u32,
    lapses: u32,
    heavier: u32,
    /// A question after a pause.
    gentle: u32,
    /// In months of silence nothing is asked.
    silence: Option<(Timestamp, Timestamp)>,
}

struct Life<'l> {
    library: &'l Library,
    choose: Chooser,
    couple: Couple,
    habits: Habits,
    chance: StdRng,
    bag: Bag,
    openings: Vec<Opening>,
    book: Book,
    lived: Lived,
    /// From one question to the next.
    apart: SignedDuration,
}

/// How a question is asked, beside the wish.
#[derive(Clone, Copy)]
struct Way {
    at_most: Depth,
    is_swap: bool,
}

pub fn live(library: &Library, plan: &Simulate, number: u32, choose: Chooser) -> Lived {
    // Chance of its own for each couple: the threads may take them in any order.
    let mut chance = StdRng::seed_from_u64(plan.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(number));
    let days = i64::from(plan.years) * 365;
    let couple = couple(&mut chance);
    let bag = Bag { seed: couple.seed.cast_unsigned(), history: Vec::new() };
    let mut life = Life {
        library,
        choose,
        habits: habits(&mut chance, days),
        couple,
        chance,
        bag,
        openings: Vec::new(),
        book: Book::default(),
        lived: Lived::default(),
        apart: WEEK / i32::try_from(plan.rounds).unwrap_or(1),
    };
    life.lived.emptied = bottom::empty(library, &life.couple, plan.rounds, choose, &mut life.lived.broken);
    let mut slot = START;
    while slot < day(days) {
        life.round(slot);
        slot += life.apart;
    }
    life.lived
}

pub fn day(number: i64) -> Timestamp {
    START + SignedDuration::from_hours(24 * number)
}

pub fn day_of(at: Timestamp) -> i64 {
    at.duration_since(START).as_hours() / 24
}

fn paired(seed: u64) -> Couple {
    let new = Beginning {
        id: CoupleId(Uuid::nil()),
        inviter: PersonId(1),
        invitee: PersonId(2),
        server: ServerId(1),
        seed: seed.cast_signed(),
    };
    Couple::pair(new, START).state
}

/// Two who let in so much and no more.
#[cfg(test)]
pub fn couple_of(seed: u64, ceiling: Depth, lets_in: impl Fn(Theme) -> bool) -> Couple {
    let mut couple = paired(seed);
    for partner in &mut couple.partners {
        partner.ceiling = ceiling;
        partner.vetoes = Theme::ALL.into_iter().filter(|theme| !lets_in(*theme)).collect();
    }
    couple
}

fn couple(chance: &mut StdRng) -> Couple {
    let mut couple = paired(chance.next_u64());
    for at in 0..couple.partners.len() {
        settle(&mut couple, at, chance);
    }
    // What one asked for the other often did, too.
    couple.partners[1].opt_ins =
        if chance.random_ratio(2, 3) { couple.partners[0].opt_ins.clone() } else { couple.partners[1].opt_ins.clone() };
    couple
}

/// What one partner sets: most leave few themes out, some nearly all.
fn settle(couple: &mut Couple, at: usize, chance: &mut StdRng) {
    let left_out = match chance.random_range(0..10) {
        0..5 => 0,
        5..8 => chance.random_range(1..=3),
        8 => chance.random_range(2..=6),
        _ => chance.random_range(5..=10),
    };
    let opt_ins = if chance.random_ratio(1, 3) { chance.random_range(1..=4) } else { 0 };
    let own = &mut couple.partners[at];
    own.ceiling = match chance.random_range(0..10) {
        0 => Depth::Warm,
        1..5 => Depth::Personal,
        5..8 => Depth::Tender,
        _ => Depth::Brave,
    };
    own.vetoes = Theme::SHARED.into_iter().sample(chance, left_out).into_iter().collect();
    own.opt_ins = Theme::OPT_IN.into_iter().sample(chance, opt_ins).into_iter().collect();
}

fn habits(chance: &mut StdRng, days: i64) -> Habits {
    let silence = chance.random_ratio(1, 3).then(|| {
        let from = chance.random_range(0..days);
        (day(from), day(from + chance.random_range(91..=240)))
    });
    Habits {
        wishes: [0, 2, 8, 25].choose(chance).copied().unwrap_or_default(),
        swaps: chance.random_range(0..30),
        lapses: chance.random_range(0..50),
        heavier: [0, 2, 5, 15].choose(chance).copied().unwrap_or_default(),
        gentle: chance.random_range(0..5),
        silence,
    }
}

impl Life<'_> {
    fn happens(&mut self, of_a_hundred: u32) -> bool {
        self.chance.random_ratio(of_a_hundred.min(100), 100)
    }

    /// One question from asking to its end, within the first half of the time until the next.
    fn round(&mut self, slot: Timestamp) {
        let apart = self.apart;
        if self.habits.silence.is_some_and(|(from, until)| from <= slot && slot < until) {
            return;
        }
        let minutes = i32::try_from(apart.as_mins()).unwrap_or(i32::MAX);
        let at = slot + SignedDuration::from_mins(self.chance.random_range(0..minutes / 4).into());
        if self.chance.random_ratio(1, 200) {
            let who = self.chance.random_range(0..2);
            settle(&mut self.couple, who, &mut self.chance);
        }
        let any = Way { at_most: Depth::Brave, is_swap: false };
        let asked = if self.happens(self.habits.gentle) {
            // As `A gentle repair question` asks.
            let wish = Wish { theme: Some(Theme::Repair), depth: None, occasion: Some(Occasion::AfterAPause) };
            self.ask(wish, Way { at_most: Depth::Personal, ..any }, at)
        } else {
            let wish = if self.happens(self.habits.wishes) { self.wish() } else { Wish::default() };
            self.ask(wish, any, at)
        };
        if !asked {
            return;
        }
        for _ in 0..SWAPS {
            if !self.happens(self.habits.swaps) || !self.ask(Wish::default(), Way { is_swap: true, ..any }, at) {
                break;
            }
        }
        if self.happens(self.habits.lapses) {
            self.lived.counts.lapsed += 1;
            return;
        }
        self.lived.counts.opened += 1;
        let opened = at + apart / 8;
        let heavier = self.happens(self.habits.heavier).then(|| opened + apart / 8);
        self.lived.counts.heavier += u64::from(heavier.is_some());
        self.openings.push(Opening { kind: Kind::Question, at: opened, heavier });
    }

    fn wish(&mut self) -> Wish {
        let theme = Theme::ALL.choose(&mut self.chance).copied();
        let depth = Depth::ALL.choose(&mut self.chance).copied();
        let (theme, depth) = match self.chance.random_range(0..3) {
            0 => (theme, None),
            1 => (None, depth),
            _ => (theme, depth),
        };
        Wish { theme, depth, occasion: None }
    }

    /// As a press of the button or `/ask` asks. Whether anything came.
    fn ask(&mut self, wish: Wish, way: Way, at: Timestamp) -> bool {
        let limits = Limits::of(&self.couple, way.at_most, &self.openings, at);
        let choice = (self.choose)(self.library, &self.bag, wish.at(&self.openings, at), &limits, at);

        // The judge hears only what was set, what was asked for, and what happened.
        let told = judge::limits(&self.couple.partners, way.at_most, &self.openings, at);
        let nothing_named = wish.theme.is_none() && wish.depth.is_none();
        let moment = || nothing_named.then(|| judge::occasion(&self.openings, at)).flatten();
        let asked = Asked { wish: Wish { occasion: wish.occasion.or_else(moment), ..wish }, limits: &told, at };
        let broken = self.book.judged(self.library, choice, &asked);
        let prompt = choice.map_or("nothing", |choice| choice.prompt.id.0.as_str());
        let broken = broken.into_iter().map(|rule| Broken { rule, day: day_of(at), prompt: prompt.to_owned() });
        self.lived.broken.extend(broken);

        let by = if nothing_named { ChosenBy::Duet } else { ChosenBy::Person };
        let Ok(choice) = choice else {
            self.lived.counts.empty += 1;
            // With a lower ceiling for this one question it says nothing about the bag.
            if self.lived.dry.is_none() && way.at_most == Depth::Brave {
                self.lived.dry = Some(self.dry(&told, at));
            }
            return false;
        };
        let past = Past::of(choice.prompt, at, by);
        self.book.note(&past);
        self.bag.history.push(past);
        let counts = &mut self.lived.counts;
        counts.choices += 1;
        counts.swaps += u64::from(way.is_swap);
        match wish.occasion {
            Some(_) => counts.gentle += 1,
            None => {
                counts.wishes += u64::from(!nothing_named);
                counts.met += u64::from(!nothing_named && choice.exact);
                counts.beginnings += u64::from(choice.prompt.occasion.is_some());
            }
        }
        true
    }

    fn dry(&self, limits: &Limits, at: Timestamp) -> Dry {
        let let_in: Vec<&Prompt> = most::let_in(self.library, limits).collect();
        let (had, not_yet): (Vec<&Prompt>, Vec<&Prompt>) =
            let_in.iter().partition(|prompt| self.book.had_within(&prompt.id, 365, at));
        let asked = Asked { wish: Wish::default(), limits, at };
        let mut waiting = BTreeMap::new();
        for rule in not_yet.iter().flat_map(|prompt| self.book.broken(prompt, &asked)) {
            *waiting.entry(rule).or_default() += 1;
        }
        let only_theme = limits.left_out.len() + 1 == Theme::ALL.len();
        let (most, _) = most::most(&let_in, only_theme, self.apart);
        Dry { day: day_of(at), after: self.lived.counts.choices, let_in: let_in.len(), had: had.len(), most, waiting }
    }
}
