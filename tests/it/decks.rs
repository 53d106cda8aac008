//! The decks that come with Duet pass their own checker.

use duet::domain::library::{Flaw, Library};

#[test]
fn the_built_in_decks_have_no_flaw() {
    if let Err(flaws) = Library::built_in() {
        let flaws: Vec<String> = flaws.iter().map(Flaw::to_string).collect();
        panic!("{} flaws:\n{}", flaws.len(), flaws.join("\n"));
    }
}
