//! The decks that come with Duet: they pass their own checker, and they last.

use std::collections::{BTreeMap, BTreeSet};

use duet::domain::library::{Depth, Flaw, Length, Library, Occasion, Theme};
use duet::domain::rotation::{Bag, ChosenBy, Limits, Past, Wish, choose};
use jiff::{SignedDuration, Timestamp};

fn built_in() -> Library {
    Library::built_in().unwrap_or_else(|flaws| {
        let lines: Vec<String> = flaws.iter().map(Flaw::to_string).collect();
        panic!("{} flaws:\n{}", flaws.len(), lines.join("\n"));
    })
}

#[test]
fn the_built_in_decks_have_no_flaw_and_hold_what_they_are_said_to() {
    let library = built_in();
    let mut found: BTreeMap<(Theme, Option<Occasion>), [usize; 4]> = BTreeMap::new();
    for prompt in library.prompts() {
        found.entry((prompt.theme, prompt.occasion)).or_default()[prompt.depth as usize] += 1;
    }
    let shared = Theme::SHARED.map(|theme| ((theme, None), [9, 9, 6, 2]));
    let opt_in = Theme::OPT_IN.map(|theme| ((theme, None), [4, 4, 3, 1]));
    let kept = [
        ((Theme::WhoIAmNow, Some(Occasion::Beginning)), [10, 0, 0, 0]),
        ((Theme::Repair, Some(Occasion::AfterAPause)), [7, 5, 0, 0]),
    ];
    assert_eq!(found, shared.into_iter().chain(opt_in).chain(kept).collect());
    assert_eq!(library.prompts().len(), 406, "README.md and CHANGELOG.md say so");
    assert_eq!(library.check_ins().iter().filter(|lines| lines.length == Length::Weekly).count(), 16);
    assert_eq!(library.reflections().len(), 64);
}

#[test]
fn every_id_is_published() {
    let library = built_in();
    let prompts = library.prompts().iter().map(|prompt| prompt.id.0.as_str());
    let practices = library.practices().iter().map(|practice| practice.id.as_str());
    let reflections = library.reflections().iter().map(|reflection| reflection.id.as_str());
    let check_ins = library.check_ins().iter().map(|lines| lines.id.as_str());
    let ledger: BTreeSet<&str> = include_str!("../../prompts/published.txt").lines().collect();
    let missing: Vec<_> =
        prompts.chain(practices).chain(reflections).chain(check_ins).filter(|id| !ledger.contains(id)).collect();
    assert!(missing.is_empty(), "add to prompts/published.txt:\n{}", missing.join("\n"));
}

#[test]
fn the_review_shows_the_ten_nearest_pairs() {
    let review = include_str!("../../docs/library-review.md");
    for (one, other, likeness) in built_in().nearest(10) {
        let row = format!("| {likeness:.2} | `{}` {} | `{}` {} |", one.id, one.ask, other.id, other.ask);
        assert!(review.contains(&row), "docs/library-review.md lacks this row:\n{row}");
    }
}

#[test]
fn a_couple_that_asks_every_week_never_runs_dry() {
    let library = built_in();
    for ceiling in [Depth::Personal, Depth::Tender, Depth::Brave] {
        let limits = Limits { ceiling, left_out: Theme::OPT_IN.into(), step: Depth::Tender };
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

/// What prompts/README.md tells somebody to copy passes with the built-in decks around it.
#[test]
fn the_examples_of_the_readme_pass() {
    let readme = include_str!("../../prompts/README.md");
    let example = |begins: &str| {
        let from = readme.find(begins).expect("an example");
        let rest = &readme[from..];
        let lines = rest.lines().take_while(|line| !line.trim_start().starts_with("```"));
        lines.map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    for (deck, text, begins) in [
        ("boundaries.toml", include_str!("../../prompts/boundaries.toml"), "[[prompt]]\n   id = \"boundary-quiet-morning\""),
        ("reflections.toml", include_str!("../../prompts/reflections.toml"), "[[reflection]]\nid = "),
    ] {
        let with_it = format!("{text}\n{}\n", example(begins));
        let library = Library::with_folder([(deck, with_it.as_str())]);
        let library = library.unwrap_or_else(|flaws| panic!("{deck}: {}", flaws[0]));
        let count = library.prompts().len() + library.reflections().len();
        assert_eq!(count, 1 + built_in().prompts().len() + built_in().reflections().len(), "{deck}");
    }
}
