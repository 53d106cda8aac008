//! When check-ins come: what both agreed to, and what one alone may put off. Whoever puts one off is not named.

use jiff::{SignedDuration, Timestamp};

use super::{Trouble, checkins, couple_of, keep, nudging, pausing, retrying};
use crate::app::App;
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::notice::{News, Notice};
use crate::domain::refusal::Refusal;
use crate::domain::round::Kind;
use crate::domain::schedule::{Look, Pace, Schedule, Slot};
use crate::domain::step::{Due, Timing};
use crate::store::{self, Tx};

/// How many of the next moments a screen lists.
const LISTED: usize = 3;
/// How long `A break` is; it ends by itself, or sooner when its author is back.
const BREAK: SignedDuration = SignedDuration::from_hours(28 * 24);
/// The longest time away at once.
pub const LONGEST_AWAY: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Lapses in a row after which each is asked whether another rhythm would suit, and after which check-ins rest.
const ASK_AFTER: usize = 2;
const REST_AFTER: usize = 4;

/// A couple's check-ins, for one of the two.
#[derive(Clone, Debug)]
pub struct StatusView {
    pub couple: Couple,
    pub schedule: Option<Schedule>,
    /// The next moments; none while check-ins rest.
    pub upcoming: Vec<Timestamp>,
    /// The check-in that is open now.
    pub open: Option<RoundId>,
    /// The one who looks is away until then.
    pub away_until: Option<Timestamp>,
    /// The two are in a pause until then.
    pub paused_until: Option<Timestamp>,
}

pub async fn status(app: &App, who: PersonId, couple: CoupleId) -> Result<StatusView, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    view(app, &mut tx, who, couple).await
}

/// For wording what is said to both.
pub async fn look(app: &App, couple: CoupleId) -> Result<StatusView, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = super::couple(&mut tx, couple).await?;
    let [one, _] = couple.people();
    view(app, &mut tx, one, couple).await
}

async fn view(app: &App, tx: &mut Tx, who: PersonId, couple: Couple) -> Result<StatusView, Trouble> {
    let now = app.now();
    let schedule = store::schedules::load(tx, couple.id).await?;
    let upcoming = schedule.as_ref().map_or_else(Vec::new, |it| it.upcoming(couple.pace(), couple.away_until(), now, LISTED));
    let open = store::rounds::awaiting(tx, couple.id, Kind::CheckIn).await?.map(|round| round.id);
    let away_until = couple.partner(who).and_then(|partner| partner.away_until).filter(|back| now < *back);
    let paused_until = pausing::until(tx, couple.id, now).await?;
    Ok(StatusView { couple, schedule, upcoming, open, away_until, paused_until })
}

/// When a slot's check-ins would come if both agreed now.
pub fn would_come(couple: &Couple, slot: &Slot, before: Option<&Schedule>, now: Timestamp) -> Vec<Timestamp> {
    Schedule::agreed(couple.id, slot.clone(), before, now).upcoming(couple.pace(), couple.away_until(), now, LISTED)
}

/// Both agreed: part of the transaction that takes the proposal off the table. One that is due this moment comes at once, as both
/// knew it, and is the week's. One that has to wait comes at the new time if that lies ahead in the same week, and is missed otherwise.
pub(super) async fn agreed(app: &App, tx: &mut Tx, couple: &Couple, slot: &Slot) -> Result<(), Trouble> {
    let now = app.now();
    let mut before = store::schedules::load(tx, couple.id).await?;
    let mut waits_since = None;
    let mut missed = false;
    if let Some(unmoved) = before.take() {
        let paused = store::pauses::load(tx, couple.id).await?;
        let (looked, look) = unmoved.clone().look_past(couple.pace(), couple.away_until(), paused.as_ref(), now);
        missed = look == Look::Missed;
        let waits = matches!(look, Look::Due { .. }) && checkins::due_now(app, tx, couple).await?.is_some();
        waits_since = waits.then_some(looked.settled);
        before = Some(if waits { unmoved } else { looked });
    }
    let schedule = Schedule::agreed(couple.id, slot.clone(), before.as_ref(), now);
    if missed || waits_since.is_some_and(|week| schedule.settled >= week) {
        tell(app, tx, couple, News::Missed).await?;
    }
    keep_schedule(app, tx, couple, &schedule).await?;
    tell(app, tx, couple, News::Agreed).await
}

/// Stores the schedule and sets its timer.
pub(super) async fn keep_schedule(app: &App, tx: &mut Tx, couple: &Couple, schedule: &Schedule) -> Result<(), Trouble> {
    store::schedules::save(tx, schedule).await?;
    set_timer(app, tx, couple, schedule).await
}

async fn set_timer(app: &App, tx: &mut Tx, couple: &Couple, schedule: &Schedule) -> Result<(), Trouble> {
    let due = Due::CheckIn(couple.id);
    let timing = match schedule.next(couple.pace(), couple.away_until()) {
        Some(at) => Timing::Set(due, at),
        None => Timing::Drop(due),
    };
    keep(app, tx, Vec::new(), vec![timing], app.now()).await
}

pub(super) async fn tell(app: &App, tx: &mut Tx, couple: &Couple, news: News) -> Result<(), Trouble> {
    for place in couple.places() {
        super::queue(app, tx, &Notice::Schedule { couple: couple.id, place, news }, app.now()).await?;
    }
    Ok(())
}

/// `/checkin skip`. Pressed twice, it finds the work done.
pub async fn skip(app: &App, who: PersonId, couple: CoupleId) -> Result<Wished, Trouble> {
    retrying!(skip_once(app, who, couple))
}

async fn skip_once(app: &App, who: PersonId, couple: CoupleId) -> Result<Wished, Trouble> {
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    let schedule = running(&mut tx, &couple).await?;
    let paused = store::pauses::load(&mut tx, couple.id).await?;
    let (schedule, changed) = schedule.skip_past(couple.pace(), couple.away_until(), paused.as_ref(), app.now());
    let mut told = false;
    if changed {
        keep_schedule(app, &mut tx, &couple, &schedule).await?;
        told = tell_later(app, &mut tx, &couple, &schedule).await?;
    }
    let view = view(app, &mut tx, who, couple).await?;
    tx.commit().await?;
    Ok(Wished { view, told })
}

/// "No check-in until …", if there is a next one. It names nobody.
async fn tell_later(app: &App, tx: &mut Tx, couple: &Couple, schedule: &Schedule) -> Result<bool, Trouble> {
    let next = schedule.upcoming(couple.pace(), couple.away_until(), app.now(), 1).first().copied();
    let Some(next) = next else { return Ok(false) };
    tell(app, tx, couple, News::Later { next }).await?;
    Ok(true)
}

async fn running(tx: &mut Tx, couple: &Couple) -> Result<Schedule, Trouble> {
    let schedule = store::schedules::load(tx, couple.id).await?.ok_or(Refusal::NoSchedule(couple.id))?;
    if schedule.resting { Err(Refusal::ScheduleRests.into()) } else { Ok(schedule) }
}

/// One partner's own wish about check-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Pace(Pace),
    Short(bool),
    Away(Timestamp),
    /// Four weeks away; an absence that is longer stays so.
    Break,
    Back,
}

/// What became of a wish.
#[derive(Clone, Debug)]
pub struct Wished {
    pub view: StatusView,
    /// Whether both read in their home that the next check-in is later, or sooner, than it was.
    pub told: bool,
}

pub async fn wish(app: &App, who: PersonId, couple: CoupleId, wish: Wish) -> Result<Wished, Trouble> {
    retrying!(wish_once(app, who, couple, wish))
}

async fn wish_once(app: &App, who: PersonId, couple: CoupleId, wish: Wish) -> Result<Wished, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let before = couple_of(&mut tx, who, couple).await?;
    if let Wish::Away(until) = wish {
        if until <= now {
            return Err(Refusal::DayPast.into());
        }
        if until.duration_since(now) > LONGEST_AWAY {
            return Err(Refusal::DayTooFar.into());
        }
    }
    let mut couple = before.clone();
    if let Some(partner) = couple.partner_mut(who) {
        match wish {
            Wish::Pace(pace) => partner.pace = pace,
            Wish::Short(short) => partner.short = short,
            Wish::Away(until) => partner.away_until = Some(until),
            Wish::Break => partner.away_until = partner.away_until.max(now.saturating_add(BREAK).ok()),
            // Kept as a time away that is over: what lapsed in it does not count.
            Wish::Back => partner.away_until = partner.away_until.min(Some(now)),
        }
    }
    let mut told = false;
    if couple != before {
        store::couples::save(&mut tx, &couple).await?;
        couple.version += 1;
        told = reschedule(app, &mut tx, &before, &couple).await?;
        if wish == Wish::Back {
            nudging::back(app, &mut tx, &couple).await?;
        }
    }
    let view = view(app, &mut tx, who, couple).await?;
    tx.commit().await?;
    Ok(Wished { view, told })
}

/// What changes in the schedule, and what both hear of it: only that the next one is later, or sooner, than it was. Whether they do.
async fn reschedule(app: &App, tx: &mut Tx, before: &Couple, couple: &Couple) -> Result<bool, Trouble> {
    let now = app.now();
    let when = |couple: &Couple| (couple.pace(), couple.away_until());
    let Some(schedule) = store::schedules::load(tx, couple.id).await?.filter(|schedule| !schedule.resting) else {
        return Ok(false);
    };
    if when(before) == when(couple) {
        return Ok(false);
    }
    let was = schedule.upcoming(before.pace(), before.away_until(), now, 1);
    // What passed in a time away is settled while that is still known.
    let paused = store::pauses::load(tx, couple.id).await?;
    let (mut schedule, look) = schedule.look_past(before.pace(), before.away_until(), paused.as_ref(), now);
    let puts_off = couple.pace() > before.pace() || couple.away_until() > before.away_until();
    match look {
        Look::Wait => {}
        Look::Missed => tell(app, tx, couple, News::Missed).await?,
        // Due this very moment. A wish to have it later counts for it already; otherwise its own timer posts it.
        Look::Due { .. } if puts_off => {}
        Look::Due { .. } => return Ok(false),
    }
    if before.pace() != couple.pace() {
        schedule = schedule.repaced(now);
    }
    keep_schedule(app, tx, couple, &schedule).await?;
    let will_be = schedule.upcoming(couple.pace(), couple.away_until(), now, 1);
    if will_be > was || matches!(look, Look::Due { .. }) {
        return tell_later(app, tx, couple, &schedule).await;
    }
    match will_be.first() {
        Some(next) if will_be < was => {
            tell(app, tx, couple, News::Sooner { next: *next }).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// A round lapsed. Two in a row: each is asked in private whether another rhythm would suit. Four: check-ins rest. What lapsed before
/// both agreed to this rhythm does not count. The count is made here of what there is, kept nowhere, and shown to nobody.
pub(super) async fn after_lapse(app: &App, tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    let Some(mut schedule) = store::schedules::load(tx, couple.id).await?.filter(|schedule| !schedule.resting) else {
        return Ok(());
    };
    // What lapses, or lapsed, while somebody is away says nothing about a rhythm.
    if couple.away_until().is_some_and(|back| app.now() < back) {
        return Ok(());
    }
    let since = couple.away_until().map_or(schedule.agreed_at, |back| back.max(schedule.agreed_at));
    let lapses = store::rounds::lapses(tx, couple.id, since, REST_AFTER).await?;
    let in_a_row = lapses.iter().take_while(|lapsed| **lapsed).count();
    if in_a_row == ASK_AFTER {
        for to in couple.people() {
            super::queue(app, tx, &Notice::Rhythm { couple: couple.id, to }, app.now()).await?;
        }
    }
    if in_a_row == REST_AFTER {
        schedule.resting = true;
        keep_schedule(app, tx, couple, &schedule).await?;
        tell(app, tx, couple, News::Rests).await?;
    }
    Ok(())
}
