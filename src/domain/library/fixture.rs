//! A small library without flaws for tests to break, one line at a time.

use std::fmt::Write;

use super::{Capacity, Depth, Exercise, Flaw, Library, Theme};

/// The line, in each deck, of the first prompt's header; its keys follow in the order of [`prompt`].
pub const HEADER: usize = 3;
pub const ASK: usize = HEADER + 7;

fn prompt(theme: usize, number: usize) -> String {
    let slug = Theme::ALL[theme].slug();
    let capacity = Capacity::ALL[number % 6];
    let depth = Depth::ALL[number / 4 + usize::from(number == 11)];
    let about = if (theme + number).is_multiple_of(3) { "me" } else { "us" };
    let good_news = (theme + number).is_multiple_of(2);
    format!(
        r#"
[[prompt]]
id = "{slug}-{number}"
capacity = "{capacity}"
depth = "{depth}"
family = "family-{number}"
about = "{about}"
good_news = {good_news}
ask = "What is number {number} in {slug}?"
help = "A line of help."
listen = "A line for the listener."
fields = ["What I notice", "What I feel"]
"#
    )
}

pub fn files() -> Vec<(String, String)> {
    let deck = |theme: usize| {
        let name = Theme::ALL[theme].name();
        let mut text = format!("theme = \"{name}\"\n");
        for number in 0..12 {
            write!(text, "{}", prompt(theme, number)).unwrap();
        }
        (format!("prompts/{}.toml", Theme::ALL[theme].slug()), text)
    };
    let settling = "[[practice]]\nid = \"breath\"\ntitle = \"A breath\"\nminutes = 1\ntext = \"Breathe out.\"\n";
    let practices = ("prompts/settling.toml".to_owned(), settling.to_owned());
    let lines =
        |id: &str, length: &str, lines: &str| format!("[[check_in]]\nid = \"{id}\"\nlength = \"{length}\"\nlines = [{lines}]\n");
    let check_ins = lines("weekly", "weekly", r#""One", "Two", "Three""#)
        + &lines("longer", "longer", r#""Four", "Five", "Six", "Seven""#)
        + &lines("short", "short", r#""Eight""#);
    let check_ins = ("prompts/checkin.toml".to_owned(), check_ins);
    (0..Theme::ALL.len()).map(deck).chain([practices, check_ins, reflections()]).collect()
}

fn reflections() -> (String, String) {
    let mut text = String::new();
    for kind in Exercise::ALL {
        for number in 0..8 {
            write!(
                text,
                "[[reflection]]\nid = \"{kind}-{number}\"\nkind = \"{kind}\"\ntitle = \"Number {number}\"\nminutes = 2\n\
                 steps = [\"Look about.\", \"Look again.\"]\nwrite = \"What did I see?\"\n"
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

/// One flaw and no other, at that file, line and rule.
#[track_caller]
pub fn assert_flaw(found: &[String], file: &str, line: usize, rule: &str) {
    let start = format!("{file}:{line}: {rule}: ");
    assert!(found.len() == 1 && found[0].starts_with(&start), "wanted one {start}…, found {found:#?}");
}
