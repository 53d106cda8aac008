//! Choosing a prompt: a library of 5,000, a couple with a year of history, a round every day. `cargo bench --bench choose`.

use divan::{Bencher, black_box};
use duet::domain::library::{About, Capacity, Depth, Library, Prompt, PromptId, Theme};
use duet::domain::rotation::{Bag, ChosenBy, Limits, Past, Wish, choose};
use jiff::{SignedDuration, Timestamp};

const PROMPTS: usize = 5_000;
const YEAR: i64 = 365;

fn main() {
    divan::main();
}

#[divan::bench]
fn what_duet_chooses(bencher: Bencher<'_, '_>) {
    bench(bencher, Wish::default());
}

#[divan::bench]
fn a_theme_and_a_depth(bencher: Bencher<'_, '_>) {
    bench(bencher, Wish { theme: Some(Theme::Repair), depth: Some(Depth::Tender), occasion: None });
}

fn bench(bencher: Bencher<'_, '_>, wish: Wish) {
    let library = library();
    let limits = Limits {
        ceiling: Depth::Tender,
        left_out: Theme::OPT_IN.into_iter().chain([Theme::Play]).collect(),
        step: Depth::Tender,
    };
    let mut bag = Bag { seed: 7, history: Vec::new() };
    for number in 0..YEAR {
        if let Ok(choice) = choose(&library, &bag, Wish::default(), &limits, day(number)) {
            bag.history.push(Past::of(choice.prompt, day(number), ChosenBy::Duet));
        }
    }
    assert_eq!(bag.history.len(), 365, "a year without an empty day");
    bencher.bench_local(|| choose(black_box(&library), black_box(&bag), wish, &limits, day(YEAR)));
}

fn day(number: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * number)
}

/// The real mix: 35, 35, 22 and 8 % by depth, a third about *me*, 40 % good news, two prompts to a family.
fn library() -> Library {
    let prompt = |number: usize| {
        let theme = Theme::SHARED[number % Theme::SHARED.len()];
        let depth = match number * 7 % 100 {
            0..35 => Depth::Warm,
            35..70 => Depth::Personal,
            70..92 => Depth::Tender,
            _ => Depth::Brave,
        };
        Prompt {
            id: PromptId(format!("{}-{number}", theme.slug())),
            theme,
            capacity: Capacity::ALL[number / 12 % 6],
            depth,
            family: format!("{}-family-{}", theme.slug(), number / 24),
            about: if number.is_multiple_of(3) { About::Me } else { About::Us },
            good_news: matches!(number % 5, 0 | 1),
            ask: format!("What is number {number} in {theme}?"),
            help: "A line of help.".to_owned(),
            listen: "A line for the listener.".to_owned(),
            fields: vec!["My answer".to_owned()],
            settle: false,
            occasion: None,
            flags: Vec::new(),
            assumes: Vec::new(),
        }
    };
    Library::of((0..PROMPTS).map(prompt).collect(), Vec::new(), Vec::new())
}
