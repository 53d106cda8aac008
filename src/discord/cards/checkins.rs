//! Cards of check-ins: the private pages of ratings, the schedule, nudges, another rhythm.

use serenity::all::{CreateActionRow, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};

use super::super::buttons::Button;
use super::super::card::{Card, Press, next, press};
use super::super::modals::{Field, Form, Modal};
use super::super::words::{self, checkins as said};
use crate::domain::answer::Answer;
use crate::domain::checkin::{Rated, Rating, Tap};
use crate::domain::couple::Couple;
use crate::domain::hours::Minute;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::notice::{News, Place};
use crate::domain::person::Nudges;
use crate::domain::schedule::{Day, Pace, Slot};
use crate::flows::checkins::RatingsView;
use crate::flows::reading::CardView;
use crate::flows::scheduling::{StatusView, Wished};

// ---- Ratings ----

/// Where this partner goes on: with the first rating that was not tapped, or with the lines.
pub fn ratings(view: &RatingsView) -> Card {
    match view.ratings.next() {
        Some(rated) => rating(view, rated),
        None => all_tapped(view),
    }
}

/// The page of one rating. What was tapped before is highlighted.
pub fn rating(view: &RatingsView, rated: Rated) -> Card {
    const LABELS: [&str; 5] = ["1", "2", "3", "4", "5"];
    let round = view.card.round.id;
    let tapped = view.ratings.tapped(rated);
    let choice =
        |label: &'static str, tap: Tap| Press { label, button: Button::Rate(round, rated, tap), next: tapped == Some(tap) };
    let numbers = (Rating::LOWEST..=Rating::HIGHEST).filter_map(Rating::new);
    let mut card = Card::saying(said::rating(rated, view.sealed))
        .presses(LABELS.into_iter().zip(numbers).map(|(label, rating)| choice(label, Tap::Given(rating))))
        .presses([choice("Skip", Tap::Skipped)]);
    if let Some(before) = rated.before() {
        card = card.presses([press("Back", Button::RateAt(round, before))]);
    }
    card
}

fn all_tapped(view: &RatingsView) -> Card {
    let round = view.card.round.id;
    Card::saying(said::all_tapped(view))
        .presses([next("Write the lines", Button::Lines(round))])
        .presses(Rated::ALL.map(|rated| press(rated.label(), Button::RateAt(round, rated))))
}

/// The lines of a check-in, with what was written before.
pub fn lines(view: &CardView, answer: Option<&Answer>) -> Form {
    let labels = view.round.question.fields();
    let (count, most) = (labels.len(), view.round.question.field_limit());
    let field = |(number, label)| Field {
        label,
        value: answer.and_then(|answer| answer.fields().get(number).cloned()),
        placeholder: "",
        most,
        required: false,
        long: true,
    };
    Form {
        modal: Modal::Answer(view.round.id, view.round.swaps),
        title: said::lines_title(),
        above: Some(format!("{}\n{}", said::lines_above(count), words::sending_seals(view))),
        fields: labels.into_iter().enumerate().map(field).collect(),
        below: None,
    }
}

// ---- The schedule ----

/// The panel of `/checkin status`: what is set, and what one alone may change of it.
pub fn status(view: &StatusView, who: PersonId) -> Card {
    let id = view.couple.id;
    let mut card = Card::saying(said::status(view));
    if let Some(open) = view.open {
        card = card.presses([next("Go to it", Button::GoTo(open))]);
    }
    match &view.schedule {
        None => card = card.presses([next("Make it weekly", Button::MakeWeekly(id))]),
        Some(schedule) if !schedule.resting => card = card.presses(own_wishes(view, who)),
        Some(_) => card = card.presses([next("Start again", Button::MakeWeekly(id))]),
    }
    if view.away_until.is_some() {
        card = card.presses([press("I'm back", Button::Back(id))]);
    }
    card
}

fn own_wishes(view: &StatusView, who: PersonId) -> Vec<Press> {
    let id = view.couple.id;
    let Some(own) = view.couple.partner(who) else { return Vec::new() };
    vec![
        press("Skip the next", Button::SkipNext(id)),
        match own.pace {
            Pace::Weekly => press("Every second week", Button::Pace(id, Pace::EverySecondWeek)),
            Pace::EverySecondWeek => press("Every week", Button::Pace(id, Pace::Weekly)),
        },
        if own.short { press("Three lines", Button::Short(id, false)) } else { press("One line", Button::Short(id, true)) },
    ]
}

/// What both hear of a change; `None` when it is no longer so. In a DM it says whose check-ins are meant.
pub fn news(view: &StatusView, news: News, place: Place) -> Option<Card> {
    let text = said::news(view, news)?;
    let text = match place {
        Place::Channel => text,
        Place::Dm(to) => format!("{}\n{text}", said::with_whom(view.couple.other(to))),
    };
    let card = Card::saying(text).content("About your check-ins.");
    Some(card.presses([press("See the schedule", Button::CheckIns(view.couple.id))]))
}

/// After a wish of one's own that puts the next one off.
pub fn put_off(wished: &Wished) -> Card {
    let view = &wished.view;
    let mut card = Card::saying(said::put_off(wished));
    if view.away_until.is_some() {
        card = card.presses([press("I'm back", Button::Back(view.couple.id))]);
    }
    card.presses([press("See the schedule", Button::CheckIns(view.couple.id))])
}

pub fn check_in_open(round: RoundId, refusal: &str) -> Card {
    Card::saying(refusal).presses([next("Go to it", Button::GoTo(round))])
}

/// Asks for the zone that a schedule keeps, once.
pub fn zone_form(couple: CoupleId, day: Day, at: Minute) -> Form {
    Form {
        modal: Modal::WeeklyZone(couple, day, at),
        title: said::zone_title(),
        above: Some(said::zone_above().into()),
        fields: vec![Field {
            label: "The nearest large city".into(),
            value: None,
            placeholder: "Berlin",
            most: 60,
            required: true,
            long: false,
        }],
        below: None,
    }
}

pub fn proposal_waits(slot: &Slot, pace: Pace, upcoming: &[jiff::Timestamp]) -> Card {
    Card::saying(said::proposal_waits(slot, pace, upcoming))
}

// ---- Another rhythm ----

pub fn rhythm(couple: &Couple, to: PersonId) -> Card {
    let id = couple.id;
    let slower = (couple.pace() == Pace::Weekly).then(|| press("Slower", Button::Pace(id, Pace::EverySecondWeek)));
    let shorter = (!couple.short()).then(|| press("Shorter", Button::Short(id, true)));
    Card::saying(said::rhythm(couple.other(to)))
        .content("A question about your check-ins.")
        .presses(slower)
        .presses([press("Another day", Button::AnotherDay(id))])
        .presses(shorter)
        .presses([press("A break", Button::Break(id)), press("As it is", Button::AsItIs)])
}

pub fn which_day(couple: CoupleId) -> Card {
    let options = Day::ALL.into_iter().map(|day| CreateSelectMenuOption::new(day.name(), day.slug())).collect();
    let menu = CreateSelectMenu::new(Button::DayChosen(couple).id(), CreateSelectMenuKind::String { options });
    Card::saying(said::which_day()).row(CreateActionRow::SelectMenu(menu.placeholder("Day")))
}

// ---- Nudges ----

pub fn nudge(round: RoundId, nudges: Nudges) -> Card {
    let mut card = Card::saying(said::nudge()).content(said::nudge_content()).presses([
        next("Go to it", Button::GoTo(round)),
        press("Not this one", Button::NotThisOne(round)),
        press("Fewer, please", Button::Fewer(nudges)),
    ]);
    card.silent = true;
    card
}
