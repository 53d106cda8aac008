//! What people read when the bag has nothing for them. The same whatever the reason (all asked, a ceiling, a theme left out, a week of
//! rest): a date or a count would let one of the two work out what the other set, or said in private.

use super::name;
use crate::domain::couple::Couple;
use crate::domain::ids::PersonId;

pub fn empty() -> &'static str {
    "**The bag holds nothing for the two of you just now.** Whatever you have had comes back, a year after it was asked.\n\
     Meanwhile the next question may be your own: `Write our own` asks it like any other. `More themes` and `Settings` show what else you \
     could let in. A question that is still open stays open."
}

pub fn title() -> &'static str {
    "A question of your own"
}

/// Above the box.
pub fn above(couple: &Couple, who: PersonId) -> String {
    format!("You and {} both answer it. It is shown as you write it, with your name.", name(couple.other(who)))
}

pub fn label() -> &'static str {
    "Your question"
}

pub fn below() -> &'static str {
    "Up to 300 characters. A good one is something you would like to be asked yourself."
}
