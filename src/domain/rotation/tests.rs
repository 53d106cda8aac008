//! Two years of choices, held against the judge.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::judge::{Asked, Book, Rule};
use super::order::rank;
use super::*;
use crate::domain::library::Capacity;

fn day(number: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * number)
}

/// A library of twelve themes, `per_theme` prompts each, in the mix of the real one: 35, 35, 22 and 8 % by depth, a
/// little over 30 % good news and about *me* at each depth, two prompts to a family.
fn synthetic(per_theme: usize) -> Library {
    let mut prompts = Vec::new();
    let mut at_depth = [0_usize; 4];
    for number in 0..per_theme {
        for (place, theme) in Theme::SHARED.into_iter().enumerate() {
            let depth = match (number * 12 + place * 7) % 100 {
                0..35 => Depth::Warm,
                35..70 => Depth::Personal,
                70..92 => Depth::Tender,
                _ => Depth::Brave,
            };
            let nth = at_depth[depth as usize];
            at_depth[depth as usize] += 1;
            prompts.push(Prompt {
                id: PromptId(format!("{}-{number}", theme.slug())),
                theme,
                capacity: Capacity::ALL[number % 6],
                depth,
                family: format!("{}-family-{}", theme.slug(), number / 2),
                about: if nth.is_multiple_of(3) { About::Me } else { About::Us },
                good_news: matches!(nth % 6, 0 | 1),
                ask: format!("What is {number} in {theme}?"),
                help: "Help.".to_owned(),
                listen: "Listen.".to_owned(),
                fields: vec!["My answer".to_owned()],
                settle: false,
                occasion: None,
                flags: Vec::new(),
                assumes: Vec::new(),
            });
        }
    }
    Library::of(prompts, Vec::new(), Vec::new())
}

fn limits(ceiling: Depth, step: Depth) -> Limits {
    Limits { ceiling, left_out: Theme::OPT_IN.into(), step }
}

/// What the judge finds against this prompt.
fn broken(history: &[Past], wish: Wish, limits: &Limits, prompt: &Prompt, at: Timestamp) -> Vec<Rule> {
    Book::of(history).broken(prompt, &Asked { wish, limits, at })
}

/// A couple that lives from choice to choice.
struct Couple<'a> {
    library: &'a Library,
    bag: Bag,
}

impl<'a> Couple<'a> {
    fn new(library: &'a Library, seed: u64) -> Self {
        Self { library, bag: Bag { seed, history: Vec::new() } }
    }

    fn choose(&mut self, wish: Wish, limits: &Limits, at: Timestamp) -> Result<Choice<'a>, Empty> {
        let choice = choose(self.library, &self.bag, wish, limits, at)?;
        self.bag.history.push(Past::of(choice.prompt, at, wish.chosen_by()));
        Ok(choice)
    }

    /// What is asked, one a day, until the bag is empty.
    fn days(&mut self, limits: &Limits, days: std::ops::Range<i64>) -> Vec<&'a Prompt> {
        days.map_while(|number| self.choose(Wish::default(), limits, day(number)).ok()).map(|choice| choice.prompt).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_rule_is_broken_in_two_years(
        seed: u64,
        per_theme in 12_usize..40,
        ceiling in 0_usize..4,
        vetoes in prop::collection::btree_set(prop::sample::select(Theme::SHARED.to_vec()), 0..12),
        wishful in 0_u64..100,
        heavy_hearted in 0_u64..50,
    ) {
        let library = synthetic(per_theme);
        let mut couple = Couple::new(&library, seed);
        let (mut openings, mut book) = (Vec::new(), Book::default());
        for number in 0..730_u32 {
            let at = day(number.into());
            let left_out = vetoes.iter().copied().chain(Theme::OPT_IN).collect();
            let limits = Limits { ceiling: Depth::ALL[ceiling], left_out, step: depth_step(&openings, at) };
            let mut wish = Wish::default();
            // Chance that a shrunk case repeats: drawn from the seed and the day.
            let chance = |what: &str, of: u64| rank(!seed, number, what) % of;
            if chance("wish", 100) < wishful {
                wish.theme = Theme::SHARED.get(usize::try_from(chance("theme", 24)).unwrap()).copied();
                wish.depth = Depth::ALL.get(usize::try_from(chance("depth", 8)).unwrap()).copied();
            }
            let choice = choose(&library, &couple.bag, wish, &limits, at);
            // An empty bag is looked through now and then: it takes long to be sure that nothing is left.
            if choice.is_ok() || number % 20 == 0 {
                let broken = book.judged(&library, choice, &Asked { wish, limits: &limits, at });
                prop_assert!(broken.is_empty(), "day {number}: {choice:?} breaks {broken:?}");
            }
            if let Ok(Choice { prompt, .. }) = choice {
                let past = Past::of(prompt, at, wish.chosen_by());
                book.note(&past);
                couple.bag.history.push(past);
            }
            if chance("opens", 100) < 80 {
                let heavier = (chance("heavier", 100) < heavy_hearted).then_some(at);
                openings.push(Opening { kind: Kind::Question, at, heavier });
            }
        }
    }

    #[test]
    fn a_wish_that_can_be_met_is_met(seed: u64, theme in 0_usize..12, depth in 0_usize..4, days in 0_i64..60) {
        let library = synthetic(26);
        let limits = limits(Depth::Brave, Depth::Tender);
        let mut couple = Couple::new(&library, seed);
        couple.days(&limits, 0..days);
        let wish = Wish { theme: Some(Theme::SHARED[theme]), depth: Some(Depth::ALL[depth]), occasion: None };
        let choice = choose(&library, &couple.bag, wish, &limits, day(days)).unwrap();
        let could = library.prompts().iter().any(|prompt| {
            wish.allows(prompt) && broken(&couple.bag.history, wish, &limits, prompt, day(days)).is_empty()
        });
        prop_assert_eq!(choice.exact, could);
    }

    #[test]
    fn the_same_seed_gives_the_same_order(seed: u64) {
        let library = synthetic(12);
        let limits = limits(Depth::Tender, Depth::Tender);
        let once = Couple::new(&library, seed).days(&limits, 0..60);
        let again = Couple::new(&library, seed).days(&limits, 0..60);
        let other = Couple::new(&library, seed.wrapping_add(1)).days(&limits, 0..60);
        prop_assert_eq!(&once, &again);
        prop_assert_ne!(&once, &other);
    }
}

/// Of all the prompts that Duet may draw by itself, almost none is left over when the bag is called empty, though the
/// rules interlock and this couple asks every day.
#[test]
fn the_bag_runs_dry_only_when_it_is_dry() {
    let library = synthetic(24);
    let limits = limits(Depth::Tender, Depth::Tender);
    let within_reach = library.prompts().iter().filter(|prompt| prompt.depth <= Depth::Tender).count();
    let asked: Vec<usize> = (0..30).map(|seed| Couple::new(&library, seed).days(&limits, 0..365).len()).collect();
    let mean = asked.iter().sum::<usize>() / asked.len();
    assert!(mean * 100 >= within_reach * 97, "on average {mean} of {within_reach}: {asked:?}");
    assert!(asked.iter().all(|asked| asked * 100 >= within_reach * 90), "of {within_reach}: {asked:?}");
}

#[test]
fn what_they_had_least_often_comes_first() {
    let library = synthetic(12);
    let limits = limits(Depth::Tender, Depth::Tender);
    let mut couple = Couple::new(&library, 3);
    let first_lap: HashSet<&PromptId> = couple.days(&limits, 0..70).into_iter().map(|prompt| &prompt.id).collect();
    let next = couple.days(&limits, 500..550);
    assert_eq!(next.len(), 50);
    assert!(next.iter().all(|prompt| !first_lap.contains(&prompt.id)));
}

#[test]
fn an_emptied_bag_fills_again_in_another_order() {
    let library = synthetic(12);
    let limits = limits(Depth::Tender, Depth::Tender);
    let mut couple = Couple::new(&library, 3);
    let first = couple.days(&limits, 0..365);
    assert!((100..=135).contains(&first.len()), "{}", first.len());
    assert_eq!(couple.choose(Wish::default(), &limits, day(364)), Err(Empty));
    let second = couple.days(&limits, 500..1000);
    assert!((100..=135).contains(&second.len()), "{}", second.len());
    assert_ne!(first, second);
}

#[test]
fn a_couple_that_left_one_theme_open_goes_on_with_it() {
    let library = synthetic(26);
    let left_out = Theme::ALL.into_iter().filter(|theme| *theme != Theme::Play).collect();
    let limits = Limits { left_out, ..limits(Depth::Tender, Depth::Tender) };
    let mut couple = Couple::new(&library, 5);
    for week in 0..12 {
        assert_eq!(couple.choose(Wish::default(), &limits, day(7 * week)).unwrap().prompt.theme, Theme::Play);
    }
}

/// What a fresh couple gets for a wish: theme, depth, and whether that is what was asked for.
fn wished(theme: Option<Theme>, depth: Option<Depth>, limits: &Limits) -> (Theme, Depth, bool) {
    let library = synthetic(26);
    let choice = Couple::new(&library, 11).choose(Wish { theme, depth, occasion: None }, limits, day(0)).unwrap();
    (choice.prompt.theme, choice.prompt.depth, choice.exact)
}

#[test]
fn a_named_depth_goes_deeper_than_duet_would() {
    let limits = limits(Depth::Brave, Depth::Warm);
    let (theme, depth, exact) = wished(Some(Theme::Repair), Some(Depth::Brave), &limits);
    assert_eq!((theme, depth, exact), (Theme::Repair, Depth::Brave, true));
}

#[test]
fn a_named_theme_alone_stays_at_the_step() {
    let limits = limits(Depth::Brave, Depth::Warm);
    assert_eq!(wished(Some(Theme::Repair), None, &limits), (Theme::Repair, Depth::Warm, true));
}

#[test]
fn a_depth_above_the_ceiling_gets_the_ceiling_on_the_same_theme() {
    let limits = limits(Depth::Personal, Depth::Warm);
    let (theme, depth, exact) = wished(Some(Theme::Repair), Some(Depth::Brave), &limits);
    assert_eq!((theme, depth, exact), (Theme::Repair, Depth::Personal, false));
}

#[test]
fn a_vetoed_theme_gets_another_at_the_same_depth() {
    let limits = Limits { left_out: [Theme::Repair].into(), ..limits(Depth::Tender, Depth::Warm) };
    let (theme, depth, exact) = wished(Some(Theme::Repair), Some(Depth::Tender), &limits);
    assert_ne!(theme, Theme::Repair);
    assert_eq!((depth, exact), (Depth::Tender, false));
}

#[test]
fn an_empty_depth_gets_a_lighter_one_and_only_then_a_deeper_one() {
    let library = synthetic(12);
    let limits = limits(Depth::Tender, Depth::Tender);
    // All of a depth was had, then one of another depth that leaves no rule of four due.
    let emptied = |depth: Depth, last: Depth| {
        let is_last = |prompt: &&Prompt| prompt.depth == last && prompt.good_news && prompt.about == About::Me;
        let last = library.prompts().iter().find(is_last);
        let all = library.prompts().iter().filter(|prompt| prompt.depth == depth);
        let history = all.chain(last).map(|prompt| Past::of(prompt, day(0), ChosenBy::Person));
        Bag { seed: 1, history: history.collect() }
    };
    let get = |bag: &Bag, depth: Depth| {
        let wish = Wish { theme: Some(Theme::Repair), depth: Some(depth), occasion: None };
        let choice = choose(&library, bag, wish, &limits, day(30))?;
        Ok((choice.prompt.theme, choice.prompt.depth, choice.exact))
    };
    let no_tender = emptied(Depth::Tender, Depth::Personal);
    assert_eq!(get(&no_tender, Depth::Tender), Ok((Theme::Repair, Depth::Personal, false)));
    let no_warm = emptied(Depth::Warm, Depth::Personal);
    assert_eq!(get(&no_warm, Depth::Warm), Ok((Theme::Repair, Depth::Personal, false)));
    // After a brave one Duet owes a warm one, and has none.
    assert_eq!(get(&emptied(Depth::Warm, Depth::Brave), Depth::Warm), Err(Empty));
}

/// A library in which twelve of the prompts, all warm, are kept for a beginning.
fn with_warm_ups() -> Library {
    let mut prompts = synthetic(26).prompts().to_vec();
    let warm_ups = prompts.iter_mut().filter(|prompt| prompt.depth == Depth::Warm && prompt.theme == Theme::WhoIAmNow);
    for prompt in warm_ups {
        prompt.occasion = Some(Occasion::Beginning);
    }
    Library::of(prompts, Vec::new(), Vec::new())
}

#[test]
fn what_is_kept_for_an_occasion_comes_first_in_it_and_at_no_other_time() {
    let library = with_warm_ups();
    let limits = limits(Depth::Tender, Depth::Warm);
    let beginning = Wish { occasion: Some(Occasion::Beginning), ..Wish::default() };
    for seed in 0..20 {
        let mut couple = Couple::new(&library, seed);
        let first = couple.choose(beginning, &limits, day(0)).unwrap();
        assert_eq!((first.prompt.occasion, first.exact), (Some(Occasion::Beginning), true));
        assert!(couple.days(&limits, 1..60).iter().all(|prompt| prompt.occasion.is_none()));
    }
}

#[test]
fn when_nothing_is_left_for_an_occasion_another_question_comes() {
    let library = with_warm_ups();
    let beginning = Wish { occasion: Some(Occasion::Beginning), ..Wish::default() };
    // All of them are on one theme, which does not come twice running; and a left-out theme stays out.
    let mut couple = Couple::new(&library, 1);
    let limits = limits(Depth::Tender, Depth::Warm);
    couple.choose(beginning, &limits, day(0)).unwrap();
    assert_eq!(couple.choose(beginning, &limits, day(1)).unwrap().prompt.occasion, None);
    let left_out = Theme::OPT_IN.into_iter().chain([Theme::WhoIAmNow]).collect();
    let limits = Limits { left_out, ..limits };
    assert_eq!(Couple::new(&library, 2).choose(beginning, &limits, day(0)).unwrap().prompt.occasion, None);
}

#[test]
fn two_people_begin_at_first_and_after_ninety_days_of_silence() {
    assert!(begins(&[], day(0)));
    let openings = [Opening { kind: Kind::Question, at: day(0), heavier: None }];
    assert!(!begins(&openings, day(89)));
    assert!(begins(&openings, day(90)));
    // A check-in that left somebody heavier does not show in whether they begin.
    let check_in = Opening { kind: Kind::CheckIn, at: day(80), heavier: Some(day(80)) };
    assert!(begins(&[check_in], day(81)));
    assert!(begins(&[openings[0], check_in], day(90)));
}

#[test]
fn depth_rises_one_step_after_each_four_calm_openings() {
    let openings = |count: i64| -> Vec<Opening> {
        (0..count).map(|number| Opening { kind: Kind::Question, at: day(number), heavier: None }).collect()
    };
    let step = |count: i64| depth_step(&openings(count), day(100));
    assert_eq!([0, 3, 4, 7, 8, 12, 40].map(step), {
        use Depth::{Personal, Tender, Warm};
        [Warm, Warm, Personal, Personal, Tender, Tender, Tender]
    });
}

#[test]
fn a_heavier_starts_the_four_again_and_rests_seven_days() {
    let mut openings: Vec<Opening> =
        (0..3).map(|number| Opening { kind: Kind::Question, at: day(number), heavier: None }).collect();
    openings.push(Opening { kind: Kind::Question, at: day(3), heavier: Some(day(3)) });
    openings.extend((4..7).map(|number| Opening { kind: Kind::Question, at: day(number), heavier: None }));
    assert_eq!(depth_step(&openings, day(20)), Depth::Warm);
    openings.push(Opening { kind: Kind::Question, at: day(7), heavier: None });
    assert_eq!(depth_step(&openings, day(20)), Depth::Personal);

    openings.extend((8..12).map(|number| Opening { kind: Kind::Question, at: day(number), heavier: None }));
    assert_eq!(depth_step(&openings, day(20)), Depth::Tender);
    openings.push(Opening { kind: Kind::Question, at: day(20), heavier: Some(day(21)) });
    assert_eq!(depth_step(&openings, day(27)), Depth::Personal);
    assert_eq!(depth_step(&openings, day(28)), Depth::Tender);
}
