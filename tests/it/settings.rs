//! The manual of settings stands in `src/config.rs`; `.env.example` follows it, name for name.

use std::collections::BTreeSet;

fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
    words.filter(|word| word.starts_with("DUET_") || word.starts_with("DISCORD_")).collect()
}

#[test]
fn the_example_has_every_setting_of_the_manual_and_no_other() {
    let code = include_str!("../../src/config.rs");
    let manual = &code[code.find("pub struct Config {").unwrap()..];
    let manual = &manual[..manual.find("\n}").unwrap()];
    let example = include_str!("../../.env.example");
    let settings = example.lines().filter_map(|line| line.trim_start_matches("# ").split_once('='));
    let set: BTreeSet<&str> = settings.map(|(name, _)| name).filter(|name| !name.contains(' ')).collect();
    assert_eq!(names(manual), set);
    assert!(names(example).is_subset(&set));
}

#[test]
fn the_example_as_it_stands_is_what_duet_does_by_itself() {
    let active: Vec<&str> =
        include_str!("../../.env.example").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(active, ["DISCORD_TOKEN="]);
}

#[test]
fn every_setting_that_is_read_is_in_the_manual() {
    let code = include_str!("../../src/config.rs");
    let manual = &code[..code.find("impl Key").unwrap()];
    let read = &code[code.find("pub fn read").unwrap()..code.find("#[cfg(test)]").unwrap()];
    let missing: Vec<_> = names(read).difference(&names(manual)).copied().collect();
    assert!(missing.is_empty(), "{missing:?}");
}
