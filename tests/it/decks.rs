//! The decks that come with Duet: they pass their own checker, and they last.

use std::collections::BTreeSet;

use duet::domain::library::{Depth, Flaw, Library};
use duet::domain::rotation::{Bag, ChosenBy, Limits, Past, Wish, choose};
use jiff::{SignedDuration, Timestamp};

fn built_in() -> Library {
    Library::built_in().unwrap_or_else(|flaws| {
        let lines: Vec<String> = flaws.iter().map(Flaw::to_string).collect();
        panic!("{} flaws:\n{}", flaws.len(), lines.join("\n"));
    })
}

#[test]
fn the_built_in_decks_have_no_flaw() {
    assert!(!built_in().prompts().is_empty());
}

#[test]
fn a_couple_that_asks_every_week_never_runs_dry() {
    let library = built_in();
    for ceiling in [Depth::Personal, Depth::Tender, Depth::Brave] {
        let limits = Limits { ceiling, vetoes: BTreeSet::new(), step: Depth::Tender };
        for seed in 0..10 {
            let mut bag = Bag { seed, history: Vec::new() };
            for week in 0..156 {
                let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(7 * 24 * week);
                let choice = choose(&library, &bag, Wish::default(), &limits, at);
                let choice = choice.unwrap_or_else(|_| panic!("dry in week {week}, seed {seed}, ceiling {ceiling}"));
                bag.history.push(Past::of(choice.prompt, at, ChosenBy::Duet));
            }
        }
    }
}
