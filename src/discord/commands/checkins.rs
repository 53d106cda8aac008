//! `/checkin`, `/insights`, and the buttons of ratings, schedules and nudges: call the flow, show the reply.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::buttons::Button;
use super::super::card::{Card, next};
use super::super::cards::{self, checkins as pages};
use super::super::inbound::{Reply, Visit};
use super::super::words::{self, checkins as said};
use super::meant;
use super::settings::meant_zone;
use crate::app::App;
use crate::domain::checkin::{Rated, Tap};
use crate::domain::day::day_meant;
use crate::domain::hours::Minute;
use crate::domain::ids::{CoupleId, RoundId};
use crate::domain::person::Nudges;
use crate::domain::proposal::Proposal;
use crate::domain::refusal::Refusal;
use crate::domain::schedule::{Day, Pace, Slot};
use crate::domain::words::Words;
use crate::flows::proposals::{self, Outcome};
use crate::flows::scheduling::{self, Wish};
use crate::flows::{Trouble, answering, checkins, nudging, settings};

/// What `/checkin` was called for.
#[derive(Clone, Debug)]
pub enum Call {
    Schedule { day: Option<Day>, time: Option<String>, zone: Option<String> },
    Now,
    Skip,
    Away { until: String },
    Status,
}

pub async fn call(app: &App, visit: &Visit, call: Call) -> Result<Reply, Trouble> {
    match call {
        Call::Schedule { day, time, zone } => {
            let day = day.unwrap_or(Slot::DEFAULT_DAY);
            let at = match time.as_deref().map(str::parse::<Minute>) {
                None => Slot::DEFAULT_TIME,
                Some(Ok(at)) => at,
                Some(Err(_)) => return Ok(Reply::Private(Card::saying(words::hour_unknown()))),
            };
            if let Some(text) = zone {
                let zone = meant_zone(&text)?;
                // Asked once: a zone that is known already stays, and the schedule keeps the one that was named.
                if settings::person(app, visit.who).await?.zone.is_none() {
                    settings::set_zone(app, visit.who, &zone).await?;
                }
                return match meant(app, visit, None, |id| Button::ProposeIn(id, day, at)).await? {
                    Ok(couple) => propose(app, visit, couple.id, Slot { day, at, zone }).await,
                    // The menu could not carry the zone.
                    Err(_) => Ok(Reply::Private(Card::saying(said::in_their_place()))),
                };
            }
            match meant(app, visit, None, |id| Button::ProposeIn(id, day, at)).await? {
                Ok(couple) => propose_in(app, visit, couple.id, day, at).await,
                Err(menu) => Ok(Reply::Private(menu)),
            }
        }
        Call::Now => match meant(app, visit, None, Button::CheckInNow).await? {
            Ok(couple) => now(app, visit, couple.id).await,
            Err(menu) => Ok(Reply::Private(menu)),
        },
        Call::Skip => match meant(app, visit, None, Button::SkipNext).await? {
            Ok(couple) => skip(app, visit, couple.id).await,
            Err(menu) => Ok(Reply::Private(menu)),
        },
        Call::Away { until } => {
            let until = meant_day(app, visit, &until).await?;
            match meant(app, visit, None, |id| Button::Away(id, until.as_second())).await? {
                Ok(couple) => away(app, visit, couple.id, until).await,
                Err(menu) => Ok(Reply::Private(menu)),
            }
        }
        Call::Status => match meant(app, visit, None, Button::CheckIns).await? {
            Ok(couple) => status(app, visit, couple.id).await,
            Err(menu) => Ok(Reply::Private(menu)),
        },
    }
}

/// The beginning of a day in the person's own zone.
async fn meant_day(app: &App, visit: &Visit, text: &str) -> Result<Timestamp, Trouble> {
    let zone = settings::person(app, visit.who).await?.zone.ok_or(Refusal::ZoneFirst)?;
    let today = app.now().to_zoned_datetime(zone.rules()).date();
    let day = day_meant(text, today).ok_or(Refusal::DayUnknown)?;
    if day <= today {
        return Err(Refusal::DayPast.into());
    }
    Ok(zone.moment(day, Minute::MIDNIGHT))
}

/// `Make it weekly`, which stays on old messages: a schedule that stands is shown and not moved by it, one that rests is proposed
/// as it was.
pub async fn make_weekly(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let view = scheduling::status(app, visit.who, couple).await?;
    match view.schedule {
        Some(schedule) if schedule.resting => propose(app, visit, couple, schedule.slot).await,
        Some(_) => Ok(Reply::Private(pages::status(&view, visit.who))),
        None => propose_in(app, visit, couple, Slot::DEFAULT_DAY, Slot::DEFAULT_TIME).await,
    }
}

/// A schedule whose zone is the proposer's: asked for once, where it is not known.
pub async fn propose_in(app: &App, visit: &Visit, couple: CoupleId, day: Day, at: Minute) -> Result<Reply, Trouble> {
    match settings::person(app, visit.who).await?.zone {
        Some(zone) => propose(app, visit, couple, Slot { day, at, zone }).await,
        None => {
            scheduling::status(app, visit.who, couple).await?;
            Ok(Reply::Form(pages::zone_form(couple, day, at)))
        }
    }
}

pub async fn zone_given(
    app: &App,
    visit: &Visit,
    couple: CoupleId,
    day: Day,
    at: Minute,
    fields: &[Words],
) -> Result<Reply, Trouble> {
    let zone = match meant_zone(fields.first().map_or("", Words::expose)) {
        Ok(zone) => zone,
        Err(Trouble::Refused(refusal)) => {
            return Ok(Reply::Private(cards::refusal(&refusal).presses([next("Try again", Button::ProposeIn(couple, day, at))])));
        }
        Err(trouble) => return Err(trouble),
    };
    settings::set_zone(app, visit.who, &zone).await?;
    propose(app, visit, couple, Slot { day, at, zone }).await
}

async fn propose(app: &App, visit: &Visit, couple: CoupleId, slot: Slot) -> Result<Reply, Trouble> {
    let outcome = proposals::propose(app, visit.who, couple, Proposal::Schedule { slot: slot.clone() }).await?;
    let view = scheduling::status(app, visit.who, couple).await?;
    Ok(Reply::Private(match outcome {
        Outcome::Agreed(_) => pages::status(&view, visit.who),
        Outcome::Waits => {
            let upcoming = scheduling::would_come(&view.couple, &slot, view.schedule.as_ref(), app.now());
            pages::proposal_waits(&slot, view.couple.pace(), &upcoming)
        }
    }))
}

/// A day was chosen for the schedule that stands; time and zone stay.
pub async fn another_day(app: &App, visit: &Visit, couple: CoupleId, values: &[String]) -> Result<Reply, Trouble> {
    let view = scheduling::status(app, visit.who, couple).await?;
    let schedule = view.schedule.ok_or(Refusal::NoSchedule(couple))?;
    let day = values.first().and_then(|slug| slug.parse().ok()).ok_or(Refusal::DayUnknown)?;
    propose(app, visit, couple, Slot { day, ..schedule.slot }).await
}

pub async fn which_day(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let view = scheduling::status(app, visit.who, couple).await?;
    view.schedule.ok_or(Refusal::NoSchedule(couple))?;
    Ok(Reply::Private(pages::which_day(couple)))
}

pub async fn now(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    match checkins::now(app, visit.who, couple).await {
        Ok(_) => Ok(Reply::Private(Card::saying(said::on_its_way()))),
        Err(Trouble::Refused(refusal @ Refusal::CheckInOpen(open))) => {
            Ok(Reply::Private(pages::check_in_open(open, &words::refusal(&refusal))))
        }
        Err(trouble) => Err(trouble),
    }
}

pub async fn skip(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    Ok(Reply::Private(pages::put_off(&scheduling::skip(app, visit.who, couple).await?)))
}

pub async fn away(app: &App, visit: &Visit, couple: CoupleId, until: Timestamp) -> Result<Reply, Trouble> {
    Ok(Reply::Private(pages::put_off(&scheduling::wish(app, visit.who, couple, Wish::Away(until)).await?)))
}

pub async fn a_break(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    Ok(Reply::Private(pages::put_off(&scheduling::wish(app, visit.who, couple, Wish::Break).await?)))
}

pub async fn back(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let view = scheduling::wish(app, visit.who, couple, Wish::Back).await?.view;
    Ok(Reply::Private(Card::saying(said::back(&view))))
}

pub async fn pace(app: &App, visit: &Visit, couple: CoupleId, pace: Pace) -> Result<Reply, Trouble> {
    let view = scheduling::wish(app, visit.who, couple, Wish::Pace(pace)).await?.view;
    Ok(Reply::Private(pages::status(&view, visit.who).noting(Some(&said::paced(&view, pace)))))
}

pub async fn short(app: &App, visit: &Visit, couple: CoupleId, short: bool) -> Result<Reply, Trouble> {
    let view = scheduling::wish(app, visit.who, couple, Wish::Short(short)).await?.view;
    Ok(Reply::Private(pages::status(&view, visit.who).noting(Some(said::shortened(short, view.couple.short())))))
}

pub async fn status(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    Ok(Reply::Private(pages::status(&scheduling::status(app, visit.who, couple).await?, visit.who)))
}

// ---- Ratings ----

/// One tap: the next page, and after the last one the lines. Who corrects one of five that were tapped before is back at all of them.
pub async fn rate(app: &App, visit: &Visit, round: RoundId, rated: Rated, tap: Tap) -> Result<Reply, Trouble> {
    let corrects = checkins::ratings(app, visit.who, round).await?.ratings.next().is_none();
    let view = checkins::rate(app, visit.who, round, rated, tap).await?;
    match rated.after() {
        _ if corrects => Ok(Reply::Private(pages::ratings(&view))),
        Some(after) => Ok(Reply::Private(pages::rating(&view, after))),
        None if view.ratings.next().is_some() => Ok(Reply::Private(pages::ratings(&view))),
        None => lines(app, visit, round).await,
    }
}

/// Told again after a crash or a reconnect: where this person stands.
pub async fn ratings(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    Ok(Reply::Private(pages::ratings(&checkins::ratings(app, visit.who, round).await?)))
}

pub async fn rate_at(app: &App, visit: &Visit, round: RoundId, rated: Rated) -> Result<Reply, Trouble> {
    Ok(Reply::Private(pages::rating(&checkins::ratings(app, visit.who, round).await?, rated)))
}

/// The page for the lines, filled with what is sealed.
pub async fn lines(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    match answering::own(app, visit.who, round).await {
        Ok(view) => Ok(Reply::Form(pages::lines(&view.card, Some(&view.answer)))),
        Err(Trouble::Refused(Refusal::NothingSealed)) => {
            let view = checkins::ratings(app, visit.who, round).await?;
            Ok(Reply::Form(pages::lines(&view.card, None)))
        }
        Err(trouble) => Err(trouble),
    }
}

// ---- Nudges ----

pub async fn fewer(app: &App, visit: &Visit, from: Nudges) -> Result<Reply, Trouble> {
    let person = nudging::fewer(app, visit.who, from).await?;
    Ok(Reply::Private(Card::saying(said::fewer(person.nudges))))
}

// ---- What is offered while typing ----

/// Days for `until:`, each with how it reads: what was typed, or the beginnings of the coming weeks. Without a zone no day is known.
pub async fn days(app: &App, visit: &Visit, typed: &str) -> Result<Vec<(String, String)>, Trouble> {
    let Some(zone) = settings::person(app, visit.who).await?.zone else { return Ok(Vec::new()) };
    let today = app.now().to_zoned_datetime(zone.rules()).date();
    let meant = day_meant(typed, today).filter(|day| *day > today);
    let weeks = [1, 2, 3, 4, 6, 8].into_iter().filter_map(|weeks: i64| today.checked_add(jiff::Span::new().weeks(weeks)).ok());
    let offered: Vec<Date> = match meant {
        Some(day) => vec![day],
        None if typed.trim().is_empty() => weeks.collect(),
        None => Vec::new(),
    };
    Ok(offered.into_iter().map(|day| (day.strftime("%A, %-d %B %Y").to_string(), day.to_string())).collect())
}
