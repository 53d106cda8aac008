//! Cards of a bag that has nothing just now, and the page for a question in one's own words.

use super::super::buttons::Button;
use super::super::card::{Card, Press, next, press};
use super::super::modals::{Field, Form, Modal};
use super::super::words::{self, bag as said};
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::asking::OWN_QUESTION;

/// What one can do about it alone.
pub(super) fn ways_on(couple: CoupleId) -> [Press; 3] {
    [
        next("Write our own", Button::WriteOurOwn(couple)),
        press("More themes", Button::MoreThemes(couple)),
        press("Settings", Button::SettingsIn(couple)),
    ]
}

/// With what was written before, as far as it fits.
pub fn page(couple: &Couple, who: PersonId, before: Option<&Words>) -> Form {
    Form {
        modal: Modal::OwnQuestion(couple.id),
        title: said::title(),
        above: Some(said::above(couple, who)),
        fields: vec![Field {
            label: said::label().into(),
            value: before.map(|before| beginning(before, OWN_QUESTION)),
            placeholder: "",
            most: OWN_QUESTION,
            required: true,
            long: true,
        }],
        below: Some(said::below().into()),
    }
}

/// As much as a place takes, in UTF-16 units: a text box no more than it may hold (components/reference, "Text Input"), an embed
/// 4,096 (resources/message).
fn beginning(words: &Words, most: usize) -> Words {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= most
    };
    Words::new(words.expose().chars().take_while(fits).collect::<String>())
}

/// Nothing in it, or too much: it comes back to its author, to be written once more.
pub fn once_more(couple: CoupleId, refusal: &Refusal, question: &Words) -> Card {
    let card = Card::saying(words::refusal(refusal)).presses([next("Write our own", Button::WriteOurOwn(couple))]);
    if question.is_blank() { card } else { card.carrying(Some(words::YOUR_QUESTION), beginning(question, 4_000)) }
}
