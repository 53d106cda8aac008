//! A small library without flaws for tests to break, one line at a time.

use std::fmt::Write;

use super::{Capacity, Depth, Exercise, Flaw, Library, Occasion, Theme};

/// The line, in each deck, of the first prompt's header; its keys follow in the order of [`prompt`].
pub const HEADER: usize = 3;
pub const ASK: usize = HEADER + 7;

/// How all but the first begin: words that no test of one question uses.
const OPENINGS: [&str; 11] = ["Bring", "Carry", "Draw", "Gather", "Borrow", "Mend", "Paint", "Recall", "Sketch", "Sing", "Weave"];

/// A short word that no other number has.
fn word(number: usize) -> String {
    let letter = |letters: &str, at: usize| letters.chars().nth(at % letters.len()).unwrap();
    let (consonants, vowels) = ("bdfgklmnprtv", "aeiou");
    [
        letter(consonants, number),
        letter(vowels, number / 12),
        letter(consonants, number / 60),
        letter(vowels, number / 12 + number / 60),
    ]
    .iter()
    .collect()
}

/// The question of that number in the deck of that number, unlike all others.
pub fn ask(deck: usize, number: usize) -> String {
    let (one, two) = (word(deck * 12 + number), word(360 + deck * 12 + number));
    match number.checked_sub(1) {
        None => format!("What do {one} and {two} sing of?"),
        Some(at) => format!("{} {one} and {two}.", OPENINGS[at]),
    }
}

fn prompt(slug: &str, deck: usize, theme: usize, number: usize, depth: Depth) -> String {
    let capacity = Capacity::ALL[number % 6];
    let about = if (theme + number).is_multiple_of(3) { "me" } else { "us" };
    let good_news = (theme + number).is_multiple_of(2);
    let ask = ask(deck, number);
    format!(
        r#"
[[prompt]]
id = "{slug}-{number}"
capacity = "{capacity}"
depth = "{depth}"
family = "family-{number}"
about = "{about}"
good_news = {good_news}
ask = "{ask}"
help = "A line of help."
listen = "A line for the listener."
fields = ["What I notice", "What I feel"]
"#
    )
}

/// A deck of twelve on this theme, in the library's mix of depths, whose ids begin with `slug`. `nth`: which deck of all.
pub fn deck(nth: usize, theme: usize, slug: &str) -> String {
    let mut text = format!("theme = \"{}\"\n", Theme::ALL[theme].name());
    for number in 0..12 {
        let depth = Depth::ALL[number / 4 + usize::from(number == 11)];
        write!(text, "{}", prompt(slug, nth, theme, number, depth)).unwrap();
    }
    text
}

/// Twelve warm ones, kept for an occasion.
fn kept(nth: usize, occasion: Occasion) -> (String, String) {
    let mut text = format!("theme = \"repair\"\noccasion = \"{occasion}\"\n");
    for number in 0..12 {
        write!(text, "{}", prompt(occasion.name(), nth, 0, number, Depth::Warm)).unwrap();
    }
    (format!("prompts/{occasion}.toml"), text)
}

pub fn files() -> Vec<(String, String)> {
    let built = |theme: usize| {
        let slug = Theme::ALL[theme].slug();
        (format!("prompts/{slug}.toml"), deck(theme, theme, slug))
    };
    let settling = "[[practice]]\nid = \"breath\"\ntitle = \"A breath\"\nminutes = 1\ntext = \"Breathe out.\"\n";
    let practices = ("prompts/settling.toml".to_owned(), settling.to_owned());
    let lines =
        |id: &str, length: &str, lines: &str| format!("[[check_in]]\nid = \"{id}\"\nlength = \"{length}\"\nlines = [{lines}]\n");
    let check_ins = lines("weekly", "weekly", r#""One", "Two", "Three""#)
        + &lines("longer", "longer", r#""Four", "Five", "Six", "Seven""#)
        + &lines("short", "short", r#""Eight""#);
    let check_ins = ("prompts/checkin.toml".to_owned(), check_ins);
    let beside = [kept(18, Occasion::Beginning), kept(19, Occasion::AfterAPause), practices, check_ins, reflections()];
    (0..Theme::ALL.len()).map(built).chain(beside).collect()
}

fn reflections() -> (String, String) {
    let mut text = String::new();
    for kind in Exercise::ALL {
        for number in 0..8 {
            write!(
                text,
                "[[reflection]]\nid = \"{kind}-{number}\"\nkind = \"{kind}\"\ntitle = \"Number {number}\"\nminutes = 2\n\
                 steps = [\"Look about.\", \"Look again.\"]\nwrite = \"What did I see of {}?\"\n",
                word(640 + kind as usize * 8 + number)
            )
            .unwrap();
        }
    }
    ("prompts/reflections.toml".to_owned(), text)
}

/// The flaws after a change to the file of that name, as they are shown.
pub fn flaws(file: &str, change: impl Fn(&str) -> String) -> Vec<String> {
    let files = files().into_iter().map(|(name, text)| {
        let text = if name == file { change(&text) } else { text };
        (name, text)
    });
    match Library::read(files) {
        Ok(_) => Vec::new(),
        Err(flaws) => flaws.iter().map(Flaw::to_string).collect(),
    }
}

/// The flaws after the first prompt of `prompts/repair.toml` says something else under `key`.
pub fn with(key: &str, value: &str) -> Vec<String> {
    flaws("prompts/repair.toml", |text| {
        let old = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
        text.replacen(old, &format!("{key} = {value}"), 1)
    })
}

/// The flaws after that prompt asks this.
pub fn asking(ask: &str) -> Vec<String> {
    with("ask", &format!("'''{ask}'''"))
}

/// One flaw and no other, at that file, line and rule.
#[track_caller]
pub fn assert_flaw(found: &[String], file: &str, line: usize, rule: &str) {
    let start = format!("{file}:{line}: {rule}: ");
    assert!(found.len() == 1 && found[0].starts_with(&start), "wanted one {start}…, found {found:#?}");
}
