//! Ids are stable for ever, since couples' histories and people's journals hold them. `published.txt` lists every id that ever
//! came with Duet, one a line; whoever removes one lists it as retired in its deck.

use std::collections::{HashMap, HashSet};

use super::deck::{Deck, Said};
use super::{Flaw, Place};

/// The file's name, among the decks.
pub(super) const FILE: &str = "published.txt";

/// The ids of a ledger. Empty lines and those that begin with `#` are none.
pub(super) fn read(file: &str, text: &str) -> Vec<Said<String>> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, id)| Said { what: id.to_owned(), place: Place { file: file.to_owned(), line } })
        .collect()
}

/// What was published stands in a deck or is retired, and what is retired does not come back as another.
pub(super) fn check(published: &[Said<String>], decks: &[Deck], flaws: &mut Vec<Flaw>) {
    let standing: HashMap<&str, &Place> = decks.iter().flat_map(Deck::ids).map(|id| (id.what.as_str(), &id.place)).collect();
    let retired: HashSet<&str> = decks.iter().flat_map(|deck| &deck.retired).map(|id| id.what.as_str()).collect();
    for id in published {
        if !standing.contains_key(id.what.as_str()) && !retired.contains(id.what.as_str()) {
            let what = format!(
                "“{0}” stood in a deck, and couples remember it. Put it back, or say at the top of its deck: retired = [\"{0}\"]",
                id.what
            );
            flaws.push(Flaw::at(&id.place, "retired", what));
        }
    }
    for id in decks.iter().flat_map(|deck| &deck.retired) {
        if let Some(place) = standing.get(id.what.as_str()) {
            let what = format!("“{}” is retired ({}); a new one needs an id of its own", id.what, id.place);
            flaws.push(Flaw::at(place, "retired", what));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{HEADER, assert_flaw, files};
    use super::super::{Flaw, Library};

    const REPAIR: &str = "prompts/repair.toml";

    /// The flaws of the fixture with this ledger, and with this put in front of the deck on repair.
    fn flaws(ledger: &str, top: &str) -> Vec<String> {
        let decks =
            files().into_iter().map(|(name, text)| if name == REPAIR { (name, format!("{top}{text}")) } else { (name, text) });
        let ledger = ("prompts/published.txt".to_owned(), ledger.to_owned());
        match Library::read(decks.chain([ledger])) {
            Ok(_) => Vec::new(),
            Err(flaws) => flaws.iter().map(Flaw::to_string).collect(),
        }
    }

    #[test]
    fn a_published_id_stands_in_a_deck_or_is_retired() {
        assert_eq!(flaws("# All of them\n\nrepair-0\nbreath\n", ""), Vec::<String>::new());
        assert_flaw(&flaws("repair-0\nrepair-gone\n", ""), "prompts/published.txt", 2, "retired");
        assert_eq!(flaws("repair-0\nrepair-gone\n", "retired = [\"repair-gone\"]\n"), Vec::<String>::new());
    }

    #[test]
    fn a_retired_id_is_not_used_again() {
        assert_flaw(&flaws("", "retired = [\"repair-0\"]\n"), REPAIR, HEADER + 2, "retired");
    }
}
