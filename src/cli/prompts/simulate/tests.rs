use duet::domain::library::{About, Capacity, Depth, Occasion, Prompt, PromptId, Theme};
use duet::domain::rotation::Past;

use super::*;

/// Fourteen on each theme, and eight kept for each occasion.
fn library() -> Library {
    let prompt = |theme: Theme, number: usize, depth: Depth, occasion: Option<Occasion>| Prompt {
        id: PromptId(format!("{}{}-{number}", occasion.map_or("", Occasion::name), theme.slug())),
        theme,
        capacity: Capacity::ALL[number % 6],
        depth,
        family: format!("{}-family-{}", theme.slug(), number / 2),
        about: if (theme as usize + number).is_multiple_of(3) { About::Me } else { About::Us },
        good_news: (theme as usize + number).is_multiple_of(2),
        ask: String::new(),
        help: String::new(),
        listen: String::new(),
        fields: Vec::new(),
        settle: false,
        occasion,
        flags: Vec::new(),
        assumes: Vec::new(),
    };
    let depth = |number: usize| match number {
        0..5 => Depth::Warm,
        5..10 => Depth::Personal,
        10..13 => Depth::Tender,
        _ => Depth::Brave,
    };
    let decks = Theme::ALL.into_iter().flat_map(|theme| (0..14).map(move |number| prompt(theme, number, depth(number), None)));
    let kept = [(Occasion::Beginning, Theme::WhoIAmNow), (Occasion::AfterAPause, Theme::Repair)];
    let kept = kept
        .into_iter()
        .flat_map(|(occasion, theme)| (0..8).map(move |number| prompt(theme, number, Depth::Warm, Some(occasion))));
    Library::of(decks.chain(kept).collect(), Vec::new(), Vec::new())
}

fn plan(couples: u32, years: u32, rounds: u32) -> Simulate {
    Simulate { couples, years, rounds, seed: 1 }
}

#[test]
fn with_the_built_in_decks_no_rule_is_broken_at_any_pace() {
    let library = Library::built_in().unwrap();
    for (couples, years, rounds) in [(20, 2, 1), (16, 2, 2), (6, 2, 7)] {
        let report = plan(couples, years, rounds).play(&library, 2, choose);
        assert!(report.holds(), "{}", report.told());
        if let Some((_, worst)) = &report.worst {
            assert!((FLOOR..=1.0).contains(&worst.share()), "{}", report.told());
        }
    }
}

/// With two themes that take turns nearly every choice is bound by the one before: the hardest bags to empty.
#[test]
fn of_two_themes_nearly_all_comes_out() {
    let library = Library::built_in().unwrap();
    let mut shares = Vec::new();
    for (at, one) in Theme::SHARED.into_iter().enumerate() {
        for other in Theme::SHARED.into_iter().skip(at + 1) {
            let couple = life::couple_of(shares.len() as u64, Depth::Tender, |theme| theme == one || theme == other);
            let mut found = Vec::new();
            let emptied = bottom::empty(&library, &couple, 7, choose, &mut found).expect("less than a year's");
            assert!(found.is_empty() && (FLOOR..=1.0).contains(&emptied.share()), "{one}, {other}: {} {found:?}", emptied.told());
            shares.push(emptied.share());
        }
    }
    let mean = shares.iter().sum::<f64>() / 66.0;
    assert!(mean > 0.97, "on average {mean:.3}");
}

#[test]
fn however_many_threads_it_is_the_same() {
    let library = library();
    let alone = plan(7, 1, 2).play(&library, 1, choose);
    assert_eq!(plan(7, 1, 2).play(&library, 3, choose), alone);
    assert_ne!(Simulate { seed: 2, ..plan(7, 1, 2) }.play(&library, 1, choose), alone);
}

#[test]
fn everything_that_can_happen_to_a_couple_happens() {
    let counts = plan(12, 2, 2).play(&library(), 2, choose).counts;
    let Counts { choices, wishes, met, swaps, gentle, beginnings, opened, lapsed, heavier, empty: _ } = counts;
    let seen = [choices, wishes, met, swaps, gentle, opened, lapsed, heavier];
    assert!(seen.iter().all(|count| *count > 0), "{counts:?}");
    assert!(beginnings > 12, "after a long silence they begin anew: {counts:?}");
    assert!(met < wishes, "{counts:?}");
}

/// A bag in which the past was another.
fn had(bag: &Bag, change: impl Fn(&mut Past)) -> Bag {
    let mut bag = bag.clone();
    bag.history.iter_mut().for_each(change);
    bag
}

fn had_last(bag: &Bag, change: impl Fn(&mut Past)) -> Bag {
    let mut bag = bag.clone();
    bag.history.last_mut().into_iter().for_each(change);
    bag
}

/// For each rule, Duet with that one rule taken away from it.
const WITHOUT: [(Rule, Chooser); Rule::ALL.len()] = [
    (Rule::SameWithinAYear, |library, bag, wish, limits, at| {
        choose(library, &had(bag, |past| past.prompt.0.push('x')), wish, limits, at)
    }),
    (Rule::FamilyWithin21Days, |library, bag, wish, limits, at| {
        choose(library, &had(bag, |past| past.family.push('x')), wish, limits, at)
    }),
    (Rule::AboveTheCeiling, |library, bag, wish, limits, at| {
        choose(library, bag, wish, &Limits { ceiling: Depth::Brave, ..limits.clone() }, at)
    }),
    (Rule::ThemeLeftOut, |library, bag, wish, limits, at| {
        choose(library, bag, wish, &Limits { left_out: Theme::OPT_IN[3..].iter().copied().collect(), ..limits.clone() }, at)
    }),
    (Rule::ThemeTwiceRunning, |library, bag, wish, limits, at| {
        choose(library, &had_last(bag, |past| past.theme = Theme::MoreThanTwo), wish, limits, at)
    }),
    (Rule::WarmAfterTender, |library, bag, wish, limits, at| {
        choose(library, &had_last(bag, |past| past.depth = Depth::Warm), wish, limits, at)
    }),
    (Rule::BeyondTheStep, |library, bag, wish, limits, at| {
        choose(library, bag, wish, &Limits { step: Depth::Tender, ..limits.clone() }, at)
    }),
    (Rule::BraveUnasked, |library, bag, wish, limits, at| {
        choose(library, bag, Wish { depth: Some(Depth::Brave), ..wish }, limits, at)
    }),
    (Rule::NoGoodNewsInFour, |library, bag, wish, limits, at| {
        choose(library, &had(bag, |past| past.good_news = true), wish, limits, at)
    }),
    (Rule::NothingOfMeInFour, |library, bag, wish, limits, at| {
        choose(library, &had(bag, |past| past.about = About::Me), wish, limits, at)
    }),
    (Rule::KeptForAnotherOccasion, |library, bag, wish, limits, at| {
        choose(library, bag, Wish { occasion: Some(Occasion::AfterAPause), ..wish }, limits, at)
    }),
    (Rule::OccasionMissed, |library, bag, wish, limits, at| choose(library, bag, Wish { occasion: None, ..wish }, limits, at)),
    (Rule::WishMissed, |library, bag, wish, limits, at| choose(library, bag, Wish { theme: None, ..wish }, limits, at)),
    (Rule::DeeperThanNamed, |library, bag, wish, limits, at| {
        choose(library, bag, Wish { depth: wish.depth.map(Depth::deeper), ..wish }, limits, at)
    }),
    (Rule::NearestCalledExact, |library, bag, wish, limits, at| {
        choose(library, bag, wish, limits, at).map(|choice| Choice { exact: true, ..choice })
    }),
    (
        Rule::CalledEmpty,
        |library, bag, wish, limits, at| {
            if bag.history.len() > 20 { Err(Empty) } else { choose(library, bag, wish, limits, at) }
        },
    ),
];

#[test]
fn the_judge_catches_every_rule_that_is_broken() {
    let library = library();
    for ((rule, wrong), known) in WITHOUT.into_iter().zip(Rule::ALL) {
        assert_eq!(rule, known);
        let report = plan(16, 1, 2).play(&library, 2, wrong);
        assert!(report.broken.contains_key(&rule), "not caught: {rule}\n{}", report.told());
        assert!(!report.holds());
    }
    assert!(plan(16, 1, 2).play(&library, 2, choose).holds());
}

#[test]
fn what_they_lived_through_is_told() {
    let report = plan(3, 1, 7).play(&library(), 1, WITHOUT[15].1);
    insta::assert_snapshot!(report.told(), @r"
    3 couples, 1 year, 7 questions a week, seed 1

    choices        63
                   0 with a wish, 0 of them met
                   12 another question
                   2 after a pause, 3 at a beginning
    rounds         40 opened, 11 lapsed
                   9 left somebody heavier
    rules broken   868
                   868: not called empty while anything is left
    ran dry        3 couples, 865 times
                   the first on day 14: couple 0, after 21 questions; its limits let in 60, 60 of them at most in one go; it had had 19
                   the others wait for: one family not within 21 days (16) · no theme twice running (3)

    Then each bag by itself: no wishes, every step earned, asked on until nothing comes or a year is over.
    emptied        3 of 3
    came out       26.8 % of the most that any order could bring, on average
    at least       16.2 %: couple 2, 21 of 130 (all that its limits let in; 13 themes, personal at most)

    Broken, the first of them:
      couple 0, day 21, nothing: not called empty while anything is left
      couple 0, day 14, nothing: not called empty while anything is left
      couple 0, day 15, nothing: not called empty while anything is left
      couple 0, day 16, nothing: not called empty while anything is left
      couple 0, day 17, nothing: not called empty while anything is left
      couple 0, day 18, nothing: not called empty while anything is left
      couple 0, day 19, nothing: not called empty while anything is left
      couple 0, day 20, nothing: not called empty while anything is left
    ");
}

#[test]
fn numbers_are_told_in_threes() {
    assert_eq!([0, 12, 999, 1_000, 1_234_567].map(grouped), ["0", "12", "999", "1,000", "1,234,567"]);
}
