//! Cards about what a person typed in the DM: for them alone, and without a word of it.

use super::super::buttons::Button;
use super::super::card::{Card, next, press};
use super::super::words::typed as said;
use crate::domain::ids::{EntryId, MessageId};
use crate::flows::journal::Deleted;
use crate::flows::typing::Gone;

pub fn kept(entry: EntryId) -> Card {
    Card::saying(said::kept()).presses([press("Undo", Button::UndoTyped(entry))])
}

/// What is said with the first tick. `home`: a couple of theirs meets in its DMs.
pub fn first(card: Card, home: bool) -> Card {
    let card = card.with(said::stays_in_chat());
    if home { card.with(said::no_answer()) } else { card }
}

pub fn keep_question(first: MessageId) -> Card {
    Card::saying(said::keep_question())
        .presses([next("Keep it", Button::KeepTyped(first)), press("No, thanks", Button::LeaveTyped)])
}

pub fn left() -> Card {
    Card::saying(said::left())
}

pub fn kept_before() -> Card {
    Card::saying(said::kept_before())
}

pub fn nothing_there() -> Card {
    Card::saying(said::nothing_there())
}

pub fn not_read() -> Card {
    Card::saying(said::not_read())
}

pub fn undone(deleted: Deleted) -> Card {
    Card::saying(said::undone(deleted))
}

pub fn gone(gone: Gone) -> Card {
    Card::saying(said::gone(gone))
}

pub fn only_words() -> Card {
    Card::saying(said::only_words())
}

pub fn edit_too_long() -> Card {
    Card::saying(said::edit_too_long())
}

pub fn gone_in_chat(entry: EntryId) -> Card {
    Card::saying(said::gone_in_chat())
        .presses([next("Delete it there, too", Button::DeleteGone(entry)), press("Keep it", Button::KeepGone(entry))])
}

pub fn stays() -> Card {
    Card::saying(said::stays())
}
