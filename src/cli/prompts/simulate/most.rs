//! The arithmetic: how many questions a bag can bring at most, whoever chooses and in whatever order, before it is dry.
//!
//! Of all that a couple's limits let in, each rule taken by itself holds some back:
//!
//! | rule | brings at most |
//! |---|---|
//! | nothing again within 365 days | each once |
//! | a warm one after each tender | one tender more than there are warm ones, the last of all |
//! | in any four one good news (one about *me*) | three others before the first, three after each |
//! | no theme twice running, unless it is the only one | of one theme one more than of all others together |
//! | one family not within 21 days | of each family one, and one more for each 21 days that have passed |
//!
//! The least of these is a bound that nobody can pass. It need not be reached: the rules hold together, not one by one.

use std::collections::HashMap;

use duet::domain::library::{About, Depth, Library, Prompt, Theme};
use duet::domain::rotation::Limits;
use jiff::SignedDuration;

/// What Duet may bring by itself one day or another: neither brave, nor kept for an occasion.
pub fn let_in<'l>(library: &'l Library, limits: &Limits) -> impl Iterator<Item = &'l Prompt> {
    let deepest = limits.ceiling.min(limits.step).min(Depth::Tender);
    library
        .prompts()
        .iter()
        .filter(move |prompt| prompt.occasion.is_none() && prompt.depth <= deepest && !limits.left_out.contains(&prompt.theme))
}

/// The most that these can bring, asked so far apart, by the rule that leaves least.
pub fn most(prompts: &[&Prompt], only_theme: bool, apart: SignedDuration) -> (usize, &'static str) {
    let all = prompts.len();
    let count = |is: &dyn Fn(&Prompt) -> bool| prompts.iter().filter(|prompt| is(prompt)).count();
    let four = |some: usize| all.min(some + 3 * (some + 1));
    let warm = count(&|prompt| prompt.depth == Depth::Warm);
    let tender = count(&|prompt| prompt.depth >= Depth::Tender);
    let largest = Theme::ALL.into_iter().map(|theme| count(&|prompt| prompt.theme == theme)).max().unwrap_or_default();
    let others = all - largest;
    let themes = if only_theme { all } else { others + largest.min(others + 1) };
    [
        (all, "all that its limits let in"),
        (all - tender + tender.min(warm + 1), "a warm one after each tender"),
        (four(count(&|prompt| prompt.good_news)), "one good news in any four"),
        (four(count(&|prompt| prompt.about == About::Me)), "one about me in any four"),
        (themes, "no theme twice running"),
        (families(prompts, apart), "one family not within 21 days"),
    ]
    .into_iter()
    .min_by_key(|(most, _)| *most)
    .unwrap_or_default()
}

/// The number of questions after which the next one finds every family either used up or too lately had.
fn families(prompts: &[&Prompt], apart: SignedDuration) -> usize {
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    for prompt in prompts {
        *sizes.entry(prompt.family.as_str()).or_default() += 1;
    }
    let rest = SignedDuration::from_hours(21 * 24);
    // The nth comes n - 1 spaces after the first: by then a family may have come once, and once more for each rest since.
    let times = |nth: usize| {
        let since = apart.as_secs() * i64::try_from(nth - 1).unwrap_or(i64::MAX);
        usize::try_from(since / rest.as_secs()).unwrap_or_default() + 1
    };
    let fits = |nth: &usize| sizes.values().map(|size| (*size).min(times(*nth))).sum::<usize>() >= *nth;
    (1..=prompts.len()).take_while(fits).count()
}

#[cfg(test)]
mod tests {
    use duet::domain::library::{Capacity, PromptId};
    use duet::domain::rotation::judge::{Asked, Book};
    use duet::domain::rotation::{ChosenBy, Past, Wish};
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    const LIMITS: fn() -> Limits = || Limits { ceiling: Depth::Tender, left_out: Theme::OPT_IN.into(), step: Depth::Tender };
    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn prompt(number: usize, theme: usize, depth: usize, me: bool, good_news: bool, family: usize) -> Prompt {
        Prompt {
            id: PromptId(format!("prompt-{number}")),
            theme: Theme::SHARED[theme],
            capacity: Capacity::KnowMe,
            depth: Depth::ALL[depth],
            family: format!("family-{family}"),
            about: if me { About::Me } else { About::Us },
            good_news,
            ask: String::new(),
            help: String::new(),
            listen: String::new(),
            fields: Vec::new(),
            settle: false,
            occasion: None,
            flags: Vec::new(),
            assumes: Vec::new(),
        }
    }

    /// The longest order there is, by trying all of them.
    fn longest(prompts: &[&Prompt], book: &Book, apart: SignedDuration, nth: i32) -> usize {
        let at = Timestamp::UNIX_EPOCH + apart * nth;
        let asked = Asked { wish: Wish::default(), limits: &LIMITS(), at };
        let next = prompts.iter().filter(|prompt| book.broken(prompt, &asked).is_empty()).map(|prompt| {
            let mut book = book.clone();
            book.note(&Past::of(prompt, at, ChosenBy::Duet));
            1 + longest(prompts, &book, apart, nth + 1)
        });
        next.max().unwrap_or_default()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn no_order_brings_more(
            kinds in prop::collection::vec((0_usize..3, 0_usize..3, any::<bool>(), any::<bool>(), 0_usize..4), 0..6),
            days in 1_i32..12,
        ) {
            let prompts: Vec<Prompt> = kinds
                .iter()
                .enumerate()
                .map(|(number, &(theme, depth, me, good_news, family))| prompt(number, theme, depth, me, good_news, family))
                .collect();
            let prompts: Vec<&Prompt> = prompts.iter().collect();
            let (most, by) = most(&prompts, false, DAY * days);
            let longest = longest(&prompts, &Book::default(), DAY * days, 0);
            prop_assert!(longest <= most, "{longest} came, and by “{by}” {most} is the most");
        }
    }

    /// What the arithmetic allows of so many that are told apart by one thing only, a day apart.
    fn most_of(count: usize, kind: impl Fn(usize) -> Prompt) -> usize {
        let prompts: Vec<Prompt> = (0..count).map(kind).collect();
        most(&prompts.iter().collect::<Vec<_>>(), false, DAY).0
    }

    #[test]
    fn each_rule_by_itself_holds_back_what_it_must() {
        let theme = |at: usize| at % 12;
        assert_eq!(most_of(24, |at| prompt(at, theme(at), 0, true, true, at)), 24, "nothing stands in the way");
        // Three warm ones, and nine tender: four of these.
        assert_eq!(most_of(12, |at| prompt(at, theme(at), if at < 3 { 0 } else { 2 }, true, true, at)), 7);
        // One good news: three before it, three after.
        assert_eq!(most_of(12, |at| prompt(at, theme(at), 0, true, at == 0, at)), 7);
        assert_eq!(most_of(12, |at| prompt(at, theme(at), 0, at == 0, true, at)), 7);
        assert_eq!(
            most_of(12, |at| prompt(at, usize::from(at < 3), 0, true, true, at)),
            7,
            "three of one theme, nine of another"
        );
        assert_eq!(most_of(12, |at| prompt(at, theme(at), 0, true, true, at / 3)), 4, "four families on four days");
    }
}
