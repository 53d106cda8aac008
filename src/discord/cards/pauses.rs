//! Cards of a pause: its lengths, how it stands, and the return.

use super::super::buttons::{Button, Talk};
use super::super::card::{Card, Press, next, press};
use super::super::words::{self, checkins as shared, pauses as said};
use crate::domain::ids::{CoupleId, RoundId};
use crate::domain::library::Practice;
use crate::domain::notice::Place;
use crate::domain::pause::Length;
use crate::domain::round::Kind;
use crate::flows::pausing::{BackView, CardView, PauseView};

/// Under whatever stands in a couple's home.
pub fn button(couple: CoupleId) -> Press {
    press("Pause", Button::Pause(couple))
}

fn lengths(couple: CoupleId, lengths: &[Length]) -> impl Iterator<Item = Press> {
    lengths.iter().map(move |length| press(said::length(*length), Button::PauseFor(couple, *length)))
}

pub fn how_long(couple: CoupleId) -> Card {
    Card::saying(said::how_long()).presses(lengths(couple, &Length::ALL))
}

/// Two lengths need to know no hour.
pub fn zone_first(couple: CoupleId) -> Card {
    Card::saying(said::zone_first()).presses(lengths(couple, &[Length::TwentyMinutes, Length::OneHour]))
}

/// In private: that it is so, and something to settle with.
pub fn called(view: &PauseView) -> Card {
    let more = view.more.map(|_| press("More time", Button::MoreTime(view.couple.id, view.until.as_second())));
    Card::saying(said::called(view)).presses([next("A minute to settle", Button::Settle(view.couple.id))]).presses(more)
}

pub fn settling(practice: &Practice, couple: CoupleId) -> Card {
    Card::saying(format!("**{}**\n{}", practice.title, practice.text.trim()))
        .presses([press("Another one", Button::Settle(couple))])
}

/// In their home, without a name. Once it is over, nothing is left to press.
pub fn card(view: &CardView, place: Place) -> Card {
    let text = said::card(view.until, view.more);
    let card = Card::saying(with_whom(&view.couple, place, &text)).content(said::content());
    let Some(until) = view.until else { return card };
    let more = view.more.map(|_| press("More time", Button::MoreTime(view.couple.id, until.as_second())));
    card.presses(more).presses([press("A minute to settle", Button::Settle(view.couple.id))])
}

/// The return: to what is open, or with an offer.
pub fn back(view: &BackView, place: Place) -> Card {
    let couple = &view.couple;
    let card = Card::saying(with_whom(couple, place, said::back(view)));
    let card = match place {
        Place::Channel => {
            let [one, other] = couple.people();
            let content = format!("{} {} {}", words::name(one), words::name(other), said::we_are_back());
            card.content(content).pings(couple.people())
        }
        Place::Dm(_) => card.content(said::we_are_back()),
    };
    let where_we_are = |round: &RoundId| press("Where we are", Button::Talk(*round, Talk::WhereWeAre));
    let card = card.presses(view.begun.iter().map(where_we_are));
    match view.open.as_slice() {
        [] if !view.begun.is_empty() => card,
        [] => card.presses([
            press("A gentle repair question", Button::RepairQuestion(couple.id)),
            press("Not now", Button::NoRepairNow(couple.id)),
        ]),
        [(round, _)] => card.presses([next("Go to it", Button::GoTo(*round))]),
        several => card.presses(several.iter().map(|(round, kind)| {
            let label = match kind {
                Kind::Question => "The question",
                Kind::CheckIn => "The check-in",
            };
            press(label, Button::GoTo(*round))
        })),
    }
}

/// In a DM, where one may have several couples, it says whose it is.
fn with_whom(couple: &crate::domain::couple::Couple, place: Place, text: &str) -> String {
    match place {
        Place::Channel => text.to_owned(),
        Place::Dm(to) => format!("{}\n{text}", shared::with_whom(couple.other(to))),
    }
}
