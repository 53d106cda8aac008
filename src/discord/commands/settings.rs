//! `/settings`: the panel, its selects and forms, and what takes both.

use std::collections::BTreeSet;

use super::super::buttons::Button;
use super::super::card::Card;
use super::super::inbound::{Reply, Visit};
use super::super::{cards, words};
use super::meant;
use crate::app::App;
use crate::domain::conversation::Length;
use crate::domain::couple::{Couple, Window};
use crate::domain::hours::{Minute, QuietHours, Zone};
use crate::domain::ids::CoupleId;
use crate::domain::library::Theme;
use crate::domain::person::Nudges;
use crate::domain::proposal::{self, Kind, Proposal};
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::proposals::{self, Outcome};
use crate::flows::settings::{self, Change};
use crate::flows::{Trouble, homes, scheduling};

pub async fn open(app: &App, visit: &Visit, zone: Option<String>) -> Result<Reply, Trouble> {
    let mut note = None;
    if let Some(text) = zone {
        let zone = meant_zone(&text)?;
        settings::set_zone(app, visit.who, &zone).await?;
        note = Some(format!("Your time zone is {} now.", zone.name()));
    }
    let couple = match meant(app, visit, None, Button::SettingsIn).await {
        Ok(Ok(couple)) => Some(couple),
        Ok(Err(menu)) => return Ok(Reply::Private(menu.noting(note.as_deref()))),
        Err(Trouble::Refused(Refusal::NoCouple | Refusal::CoupleEnded)) => None,
        Err(trouble) => return Err(trouble),
    };
    panel(app, visit, couple.as_ref(), note.as_deref()).await
}

/// The zone that somebody typed, or the names that come near.
pub fn meant_zone(text: &str) -> Result<Zone, Trouble> {
    Ok(Zone::meant(text).ok_or_else(|| Refusal::ZoneUnknown(Zone::like(text, 5)))?)
}

pub async fn open_in(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let couple = own(app, visit, couple).await?;
    panel(app, visit, Some(&couple), None).await
}

/// The couple, for one of its partners only.
async fn own(app: &App, visit: &Visit, couple: CoupleId) -> Result<Couple, Trouble> {
    let couple = homes::look(app, couple).await?;
    couple.admits(visit.who)?;
    Ok(couple)
}

async fn panel(app: &App, visit: &Visit, couple: Option<&Couple>, note: Option<&str>) -> Result<Reply, Trouble> {
    let person = settings::person(app, visit.who).await?;
    Ok(Reply::Private(cards::settings(&person, couple).noting(note)))
}

/// The person's own nudges; the panel comes back as it is now.
pub async fn nudges(app: &App, visit: &Visit, couple: Option<CoupleId>, nudges: Nudges) -> Result<Reply, Trouble> {
    let couple = match couple {
        Some(couple) => Some(own(app, visit, couple).await?),
        None => None,
    };
    settings::set_nudges(app, visit.who, nudges).await?;
    panel(app, visit, couple.as_ref(), None).await
}

/// A select or toggle of the panel; the panel comes back as it is now.
pub async fn change(app: &App, visit: &Visit, couple: CoupleId, change: Option<Change>) -> Result<Reply, Trouble> {
    let couple = match change {
        Some(change) => settings::change(app, visit.who, couple, change).await?,
        None => own(app, visit, couple).await?,
    };
    panel(app, visit, Some(&couple), None).await
}

/// What a select chose, or nothing that this version knows.
pub fn chosen(button: Button, values: &[String]) -> Option<Change> {
    Some(match button {
        Button::Ceiling(_) => Change::Ceiling(values.first()?.parse().ok()?),
        Button::Vetoes(_) => Change::Vetoes(themes(values)?),
        Button::OptIns(_) => Change::OptIns(themes(values)?),
        Button::Window(_) => Change::Window(Window::of_days(values.first()?.parse().ok()?)?),
        Button::Line(_, wanted) => Change::Line(wanted),
        _ => return None,
    })
}

fn themes(slugs: &[String]) -> Option<BTreeSet<Theme>> {
    slugs.iter().map(|slug| slug.parse().ok()).collect()
}

/// The themes that come only when both partners ask for them.
pub async fn more_themes(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let couple = own(app, visit, couple).await?;
    Ok(Reply::Private(cards::more_themes(&couple, visit.who)))
}

/// A choice among them; the card comes back as it is now.
pub async fn opt_ins(app: &App, visit: &Visit, couple: CoupleId, change: Option<Change>) -> Result<Reply, Trouble> {
    if let Some(change) = change {
        settings::change(app, visit.who, couple, change).await?;
    }
    more_themes(app, visit, couple).await
}

pub async fn quiet_hours_form(app: &App, visit: &Visit, couple: Option<CoupleId>) -> Result<Reply, Trouble> {
    if let Some(couple) = couple {
        own(app, visit, couple).await?;
    }
    let person = settings::person(app, visit.who).await?;
    if person.zone.is_none() {
        return Err(Refusal::ZoneFirst.into());
    }
    Ok(Reply::Form(cards::quiet_hours_form(&person, couple)))
}

pub async fn quiet_hours(app: &App, visit: &Visit, couple: Option<CoupleId>, fields: &[Words]) -> Result<Reply, Trouble> {
    let couple = match couple {
        Some(couple) => Some(own(app, visit, couple).await?),
        None => None,
    };
    let read = |number: usize| fields.get(number).and_then(|words| words.expose().parse::<Minute>().ok());
    let (Some(from), Some(until)) = (read(0), read(1)) else {
        return panel(app, visit, couple.as_ref(), Some(words::hour_unknown())).await;
    };
    settings::set_quiet_hours(app, visit.who, QuietHours { from, until }).await?;
    panel(app, visit, couple.as_ref(), None).await
}

pub async fn opening_hour_form(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let couple = own(app, visit, couple).await?;
    // To open at once again takes no zone.
    if couple.opening.is_none() && settings::person(app, visit.who).await?.zone.is_none() {
        return Err(Refusal::ZoneFirst.into());
    }
    Ok(Reply::Form(cards::opening_hour_form(&couple)))
}

pub async fn opening_hour(app: &App, visit: &Visit, couple: CoupleId, fields: &[Words]) -> Result<Reply, Trouble> {
    let text = fields.first().map(|words| words.expose().trim().to_owned()).unwrap_or_default();
    let proposal = if text.is_empty() {
        Proposal::OpeningHour { hour: None }
    } else if let Ok(at) = text.parse::<Minute>() {
        let zone = settings::person(app, visit.who).await?.zone.ok_or(Refusal::ZoneFirst)?;
        proposal::opening_hour(at, &zone)
    } else {
        let couple = own(app, visit, couple).await?;
        return panel(app, visit, Some(&couple), Some(words::hour_unknown())).await;
    };
    propose(app, visit, couple, proposal).await
}

pub async fn propose(app: &App, visit: &Visit, couple: CoupleId, proposal: Proposal) -> Result<Reply, Trouble> {
    Ok(reply(&proposals::propose(app, visit.who, couple, proposal).await?))
}

/// A shorter one holds at once, a longer one asks the other.
pub async fn length(app: &App, visit: &Visit, couple: CoupleId, length: Length) -> Result<Reply, Trouble> {
    let shorter = !own(app, visit, couple).await?.length.takes_both(length);
    match proposals::propose(app, visit.who, couple, Proposal::Length { length }).await? {
        Outcome::Agreed(_) if shorter => {
            let couple = own(app, visit, couple).await?;
            panel(app, visit, Some(&couple), Some(&words::conversation::shortened(length))).await
        }
        outcome => Ok(reply(&outcome)),
    }
}

pub async fn agree(app: &App, visit: &Visit, couple: CoupleId, kind: Kind, at: i64) -> Result<Reply, Trouble> {
    let outcome = proposals::agree(app, visit.who, couple, kind, at).await?;
    if let Outcome::Agreed(Proposal::Schedule { .. }) = outcome {
        let view = scheduling::status(app, visit.who, couple).await?;
        return Ok(Reply::Private(cards::checkins::status(&view, visit.who)));
    }
    Ok(reply(&outcome))
}

pub async fn not_now(app: &App, visit: &Visit, couple: CoupleId, kind: Kind) -> Result<Reply, Trouble> {
    proposals::not_now(app, visit.who, couple, kind).await?;
    Ok(Reply::Private(Card::saying(words::not_now())))
}

fn reply(outcome: &Outcome) -> Reply {
    Reply::Private(match outcome {
        Outcome::Agreed(proposal) => cards::agreed(proposal),
        Outcome::Waits => Card::saying(words::proposal_waits()),
    })
}

/// Zones for the box that is being typed into: at most 25 (interactions/application-commands, autocomplete).
pub fn zones(typed: &str) -> Vec<(String, String)> {
    Zone::like(typed, 25).into_iter().map(|name| (name.replace('_', " "), name)).collect()
}
