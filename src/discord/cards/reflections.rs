//! Cards of reflections and of the journal: private replies, and DMs to one person.

use super::super::buttons::Button;
use super::super::card::{Card, Press, next, press};
use super::super::modals::{Field, Form, Modal};
use super::super::words::reflections as said;
use crate::domain::ids::EntryId;
use crate::domain::journal::{Entry, LONGEST, Stretch};
use crate::domain::library::Exercise;
use crate::flows::journal::Page;
use crate::flows::reflecting::SittingView;

/// `kind`: what was wished for, so that `Another one` keeps to it.
pub fn practice(view: &SittingView, kind: Option<Exercise>) -> Card {
    Card::saying(said::practice(&view.reflection))
        .presses([next("Write", Button::WriteEntry(view.id)), press("Another one", Button::Reflect(kind))])
}

pub fn practice_by_dm(view: &SittingView) -> Card {
    practice(view, None).content(said::for_a_quiet_moment())
}

pub fn page_to_write(view: &SittingView) -> Form {
    Form {
        modal: Modal::Entry(view.id),
        title: said::write_title(),
        above: Some(view.reflection.write.clone()),
        fields: vec![Field { label: "My entry".into(), value: None, placeholder: "", most: LONGEST, required: true, long: true }],
        below: Some(said::write_below().into()),
    }
}

pub fn kept(entry: &Entry) -> Card {
    Card::saying(said::kept())
        .with(entry.words.expose())
        .presses([press("Delete it", Button::DeleteEntry(entry.id)), press("Share a passage", Button::SharePassage(entry.id))])
}

const SHARES: [&str; 5] = ["Share 1", "Share 2", "Share 3", "Share 4", "Share 5"];
const DELETES: [&str; 5] = ["Delete 1", "Delete 2", "Delete 3", "Delete 4", "Delete 5"];

/// `older`: the button to the page after the last entry here.
pub fn page(page: &Page, older: Option<Button>) -> Card {
    if page.entries.is_empty() {
        return Card::saying(said::empty());
    }
    let card = page.entries.iter().enumerate().fold(Card::default(), |card, (at, entry)| card.with(said::entry(at + 1, entry)));
    card.row_of(entries(page, SHARES, Button::SharePassage))
        .row_of(entries(page, DELETES, Button::DeleteEntry))
        .row_of(older.filter(|_| page.more).map(|older| next("Older", older)))
}

pub fn found(page: &Page) -> Card {
    if page.entries.is_empty() {
        return Card::saying(said::not_found());
    }
    let card = self::page(page, None);
    if page.more { card.with(said::found_more()) } else { card }
}

/// One button for each entry.
fn entries(page: &Page, labels: [&'static str; 5], button: impl Fn(EntryId) -> Button) -> Vec<Press> {
    page.entries.iter().zip(labels).map(|(entry, label)| press(label, button(entry.id))).collect()
}

pub fn delete_entry(id: EntryId) -> Card {
    Card::saying(said::delete_question())
        .presses([press("Delete it", Button::DeleteEntryNow(id)), press("Keep it", Button::KeepEntries)])
}

/// `whole`: it has no beginning but the journal's own.
pub fn delete_range(stretch: Stretch, whole: bool) -> Card {
    let (from, until) = (stretch.from.as_second(), stretch.until.as_second());
    Card::saying(said::delete_range((!whole).then_some(stretch.from), stretch.until))
        .presses([press("Delete them", Button::DeleteEntries(from, until)), press("Keep them", Button::KeepEntries)])
}

pub fn delete_all_form() -> Form {
    Form::before_deleting(Modal::DeleteJournal, "Delete my journal", said::delete_all_above())
}
