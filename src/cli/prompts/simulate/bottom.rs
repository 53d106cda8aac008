//! A bag to its bottom: a couple's own limits and seed, every step earned, no wishes; asked on at their pace until nothing comes.

use duet::domain::couple::Couple;
use duet::domain::library::{Depth, Library};
use duet::domain::rotation::judge::{self, Asked, Book};
use duet::domain::rotation::{Bag, ChosenBy, Limits, Past, Wish};
use jiff::SignedDuration;

use super::life::{Broken, day, day_of};
use super::{Chooser, most};

/// A bag that ran dry before anything in it could come again.
#[derive(Clone, Debug, PartialEq)]
pub struct Emptied {
    pub came: usize,
    /// More cannot come: see [`most`].
    pub most: usize,
    /// The rule that leaves least.
    pub by: &'static str,
    pub ceiling: Depth,
    pub themes: usize,
}

impl Emptied {
    pub fn share(&self) -> f64 {
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        number(self.came) / number(self.most)
    }

    pub fn told(&self) -> String {
        let Self { came, most, by, ceiling, themes } = self;
        format!("{came} of {most} ({by}; {themes} {}, {ceiling} at most)", crate::cli::prompts::plural(*themes, "theme"))
    }
}

/// `None`: it lasts the year, or there is nothing in it.
pub fn empty(library: &Library, couple: &Couple, rounds: u32, choose: Chooser, found: &mut Vec<Broken>) -> Option<Emptied> {
    let limits = Limits { ceiling: couple.ceiling(), left_out: couple.left_out(), step: Depth::Tender };
    // The judge makes its own of what the two set.
    let told = Limits { step: Depth::Tender, ..judge::limits(&couple.partners, Depth::Brave, &[], day(0)) };
    let wish = Wish::default();
    let apart = SignedDuration::from_hours(7 * 24) / i32::try_from(rounds).unwrap_or(1);
    let mut bag = Bag { seed: couple.seed.cast_unsigned(), history: Vec::new() };
    let mut book = Book::default();
    let mut at = day(0);
    while at < day(365) {
        let choice = choose(library, &bag, wish, &limits, at);
        let broken = book.judged(library, choice, &Asked { wish, limits: &told, at });
        let prompt = choice.map_or("nothing", |choice| choice.prompt.id.0.as_str());
        found.extend(broken.into_iter().map(|rule| Broken { rule, day: day_of(at), prompt: prompt.to_owned() }));
        let Ok(choice) = choice else {
            let themes = duet::domain::library::Theme::ALL.len() - limits.left_out.len();
            let let_in: Vec<_> = most::let_in(library, &limits).collect();
            let (most, by) = most::most(&let_in, themes == 1, apart);
            return (most > 0).then_some(Emptied { came: bag.history.len(), most, by, ceiling: limits.ceiling, themes });
        };
        let past = Past::of(choice.prompt, at, ChosenBy::Duet);
        book.note(&past);
        bag.history.push(past);
        at += apart;
    }
    None
}
