//! `/reflect` and `/journal`: call the flow, show the reply to the one who asked and to nobody else.

use super::super::card::Card;
use super::super::cards::reflections as pages;
use super::super::inbound::{Reply, Visit};
use super::super::modals::deletion_is_meant;
use super::super::words::{self, reflections as said};
use super::super::{Bot, buttons::Button, typed};
use crate::app::App;
use crate::domain::day;
use crate::domain::hours::{Minute, Zone};
use crate::domain::ids::{EntryId, SittingId};
use crate::domain::journal::Stretch;
use crate::domain::library::Exercise;
use crate::domain::reflection;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::{Trouble, journal, reflecting, settings};

/// What `/reflect` was called for.
#[derive(Clone, Debug)]
pub enum Reflect {
    Now { kind: Option<Exercise> },
    Schedule { days: String, time: String, zone: Option<String> },
    Stop,
}

/// What `/journal` was called for.
#[derive(Clone, Debug)]
pub enum Journal {
    Read { kind: Option<Exercise>, month: Option<String> },
    Search { text: Words },
    Export,
    Delete { from: Option<String>, until: Option<String> },
}

pub async fn reflect(app: &App, bot: &Bot, visit: &Visit, call: Reflect) -> Result<Reply, Trouble> {
    match call {
        Reflect::Now { kind } => now(app, bot, visit, kind).await,
        Reflect::Schedule { days, time, zone } => {
            let Some(days) = reflection::days_meant(&days) else { return Ok(plain(said::days_unknown())) };
            let Ok(at) = time.parse::<Minute>() else { return Ok(plain(words::hour_unknown())) };
            if let Some(text) = zone {
                let zone = Zone::meant(&text).ok_or_else(|| Refusal::ZoneUnknown(Zone::like(&text, 5)))?;
                settings::set_zone(app, visit.who, &zone).await?;
            }
            let view = reflecting::schedule(app, visit.who, &days, at).await?;
            Ok(plain(said::planned(&view)))
        }
        Reflect::Stop => Ok(plain(said::stopped(reflecting::stop(app, visit.who).await?))),
    }
}

fn plain(text: impl Into<String>) -> Reply {
    Reply::Private(Card::saying(text))
}

/// `/reflect now` and `Another one`. Before the first entry: whoever runs this bot is somebody one is close to.
pub async fn now(app: &App, bot: &Bot, visit: &Visit, kind: Option<Exercise>) -> Result<Reply, Trouble> {
    let view = reflecting::begin(app, visit.who, kind).await?;
    let mut card = pages::practice(&view, kind);
    if let Some(notice) = typed::owners_notice_before(app, bot, visit.who).await? {
        card = card.with(notice);
    }
    Ok(Reply::Private(card))
}

/// The page to write on.
pub async fn page_to_write(app: &App, visit: &Visit, sitting: SittingId) -> Result<Reply, Trouble> {
    Ok(Reply::Form(pages::page_to_write(&reflecting::sitting(app, visit.who, sitting).await?)))
}

pub async fn write(app: &App, visit: &Visit, sitting: SittingId, fields: &[Words]) -> Result<Reply, Trouble> {
    let empty = Words::new("");
    let typed = fields.first().unwrap_or(&empty);
    match journal::write(app, visit.who, sitting, typed).await {
        Ok(entry) => Ok(Reply::Private(pages::kept(&entry))),
        // Nothing that was written is lost: it comes back to its author.
        Err(Trouble::Refused(refusal @ Refusal::ReflectionOver)) => {
            Ok(Reply::Private(super::super::cards::came_too_late(&refusal, fields)))
        }
        Err(trouble) => Err(trouble),
    }
}

pub async fn open(app: &App, visit: &Visit, call: Journal) -> Result<Reply, Trouble> {
    match call {
        Journal::Read { kind, month } => {
            let (zone, today) = today(app, visit).await?;
            let stretch = match &month {
                None => Stretch::ALL,
                Some(text) => Stretch::of_month(text, today, &zone).ok_or(Refusal::MonthUnknown)?,
            };
            read(app, visit, stretch, kind, None).await
        }
        Journal::Search { text } => Ok(Reply::Private(pages::found(&journal::search(app, visit.who, &text, None).await?))),
        Journal::Export => super::sharing::export(app, visit).await,
        Journal::Delete { from: None, until: None } => Ok(Reply::Form(pages::delete_all_form())),
        Journal::Delete { from, until } => {
            let (zone, today) = today(app, visit).await?;
            let day = |text: Option<String>| text.map(|text| day::day_been(&text, today).ok_or(Refusal::DayUnknown)).transpose();
            let (from, last) = (day(from)?, day(until)?.unwrap_or(today));
            let first = from.unwrap_or(jiff::civil::Date::ZERO);
            if last < first {
                return Err(Refusal::DayUnknown.into());
            }
            Ok(Reply::Private(pages::delete_range(Stretch::of_days(first, last, &zone), from.is_none())))
        }
    }
}

/// The person's own zone, as far as it is known, and what day it is there.
async fn today(app: &App, visit: &Visit) -> Result<(Zone, jiff::civil::Date), Trouble> {
    let zone = settings::person(app, visit.who).await?.zone.unwrap_or_else(Zone::utc);
    let today = app.now().to_zoned_datetime(zone.rules()).date();
    Ok((zone, today))
}

/// A page of the journal; `Older` leads to the next.
pub async fn read(
    app: &App,
    visit: &Visit,
    stretch: Stretch,
    kind: Option<Exercise>,
    before: Option<EntryId>,
) -> Result<Reply, Trouble> {
    let page = journal::read(app, visit.who, stretch, kind, before).await?;
    let until = (stretch != Stretch::ALL).then_some((stretch.from.as_second(), stretch.until.as_second()));
    let older = page.entries.last().map(|last| Button::Older(last.id, kind, until));
    Ok(Reply::Private(pages::page(&page, older)))
}

pub async fn delete_now(app: &App, visit: &Visit, id: EntryId) -> Result<Reply, Trouble> {
    Ok(plain(said::deleted(journal::delete(app, visit.who, id).await?)))
}

pub async fn delete_in(app: &App, visit: &Visit, stretch: Stretch) -> Result<Reply, Trouble> {
    Ok(plain(said::deleted(journal::delete_in(app, visit.who, stretch).await?)))
}

/// The typed word was sent, or another.
pub async fn delete_all(app: &App, visit: &Visit, fields: &[Words]) -> Result<Reply, Trouble> {
    if !deletion_is_meant(fields) {
        return Ok(plain(words::not_deleted()));
    }
    Ok(plain(said::deleted(journal::delete_all(app, visit.who).await?)))
}
