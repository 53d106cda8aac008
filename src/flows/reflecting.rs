//! Reflections: a practice at once or on one's own days, and what is written after it. One person's alone.

use rand::seq::IndexedRandom as _;

use super::{Trouble, keep, retrying};
use crate::app::App;
use crate::domain::hours::Minute;
use crate::domain::ids::{MessageId, PersonId, SittingId};
use crate::domain::library::{Exercise, Reflection};
use crate::domain::notice::Notice;
use crate::domain::reflection::{APART, OPEN, Plan, REMEMBERED, Sitting};
use crate::domain::refusal::Refusal;
use crate::domain::schedule::Day;
use crate::domain::step::{Due, Timing};
use crate::store::{self, Tx};

/// A practice on its way.
#[derive(Clone, Debug)]
pub struct SittingView {
    pub id: SittingId,
    pub reflection: Reflection,
}

/// `/reflect now`. `kind`: any, where nothing is wished.
pub async fn begin(app: &App, who: PersonId, kind: Option<Exercise>) -> Result<SittingView, Trouble> {
    retrying!(begin_once(app, who, kind))
}

async fn begin_once(app: &App, who: PersonId, kind: Option<Exercise>) -> Result<SittingView, Trouble> {
    let mut tx = app.store.begin().await?;
    let view = draw(app, &mut tx, who, kind).await?;
    tx.commit().await?;
    Ok(view)
}

/// One that this person has not had for a while.
async fn draw(app: &App, tx: &mut Tx, who: PersonId, kind: Option<Exercise>) -> Result<SittingView, Trouble> {
    let now = app.now();
    let had = store::sittings::newest(tx, who, APART).await?;
    let fitting = || app.library.reflections().iter().filter(|reflection| kind.is_none_or(|kind| kind == reflection.kind));
    let since = |reflection: &Reflection| had.iter().position(|sitting| sitting.reflection == reflection.id);
    let fresh: Vec<&Reflection> = fitting().filter(|reflection| since(reflection).is_none()).collect();
    let drawn = match app.draw(|chance| fresh.choose(chance).copied()) {
        Some(reflection) => Some(reflection),
        // All were had lately: the one that lies back the longest.
        None => fitting().max_by_key(|reflection| since(reflection)),
    };
    let reflection = drawn.ok_or_else(|| Trouble::Inconsistent("the library has no such reflection".into()))?.clone();
    let sitting = Sitting {
        id: SittingId(app.new_id()),
        person: who,
        reflection: reflection.id.clone(),
        begun_at: now,
        ended_at: None,
        entry: None,
    };
    store::sittings::insert(tx, &sitting).await?;
    Ok(SittingView { id: sitting.id, reflection })
}

/// A practice that this person began.
pub async fn sitting(app: &App, who: PersonId, id: SittingId) -> Result<SittingView, Trouble> {
    let mut tx = app.store.read().await?;
    sitting_in(app, &mut tx, who, id).await
}

pub(super) async fn sitting_in(app: &App, tx: &mut Tx, who: PersonId, id: SittingId) -> Result<SittingView, Trouble> {
    let sitting = store::sittings::load(tx, id).await?.filter(|sitting| sitting.person == who);
    let sitting = sitting.ok_or(Refusal::ReflectionOver)?;
    let reflection = app.library.reflection(&sitting.reflection).ok_or(Refusal::ReflectionOver)?;
    Ok(SittingView { id, reflection: reflection.clone() })
}

/// A plan, and when it comes next.
#[derive(Clone, Debug)]
pub struct PlanView {
    pub plan: Plan,
    pub next: jiff::Timestamp,
}

/// `/reflect schedule`, in the person's own zone.
pub async fn schedule(app: &App, who: PersonId, days: &std::collections::BTreeSet<Day>, at: Minute) -> Result<PlanView, Trouble> {
    retrying!(schedule_once(app, who, days, at))
}

async fn schedule_once(
    app: &App,
    who: PersonId,
    days: &std::collections::BTreeSet<Day>,
    at: Minute,
) -> Result<PlanView, Trouble> {
    let mut tx = app.store.begin().await?;
    let before = store::sittings::plan(&mut tx, who).await?;
    let plan = Plan { days: days.clone(), at, version: before.map_or(0, |before| before.version) };
    let next = set_timer(app, &mut tx, who, &plan).await?.ok_or(Refusal::ZoneFirst)?;
    store::sittings::save_plan(&mut tx, who, &plan).await?;
    tx.commit().await?;
    Ok(PlanView { plan, next })
}

/// `None` without a zone: then it comes once there is one.
async fn set_timer(app: &App, tx: &mut Tx, who: PersonId, plan: &Plan) -> Result<Option<jiff::Timestamp>, Trouble> {
    let now = app.now();
    let Some(zone) = store::people::load(tx, who).await?.zone else { return Ok(None) };
    let next = plan.next_after(&zone, now);
    if let Some(at) = next {
        keep(app, tx, Vec::new(), vec![Timing::Set(Due::Reflection(who), at)], now).await?;
    }
    Ok(next)
}

/// The person moved to another zone: their plan moves with them. Part of the transaction that keeps the zone.
pub(super) async fn moved(app: &App, tx: &mut Tx, who: PersonId) -> Result<(), Trouble> {
    if let Some(plan) = store::sittings::plan(tx, who).await? {
        set_timer(app, tx, who, &plan).await?;
    }
    Ok(())
}

/// What `/reflect stop` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// None come by themselves any more.
    pub planned: bool,
    /// What is typed in the DM goes nowhere any more.
    pub open: bool,
}

/// `/reflect stop`.
pub async fn stop(app: &App, who: PersonId) -> Result<Stopped, Trouble> {
    retrying!(stop_once(app, who))
}

async fn stop_once(app: &App, who: PersonId) -> Result<Stopped, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let planned = store::sittings::drop_plan(&mut tx, who).await?;
    let open = store::sittings::end(&mut tx, who, opened_since(now), now).await?;
    keep(app, &mut tx, Vec::new(), vec![Timing::Drop(Due::Reflection(who))], now).await?;
    tx.commit().await?;
    Ok(Stopped { planned, open })
}

/// What began before then is not open any more.
pub(super) fn opened_since(now: jiff::Timestamp) -> jiff::Timestamp {
    now.saturating_sub(OPEN).unwrap_or(jiff::Timestamp::MIN)
}

/// A planned one has come. In quiet hours it waits for their end.
pub async fn due(app: &App, tx: &mut Tx, who: PersonId) -> Result<(), Trouble> {
    let now = app.now();
    let Some(plan) = store::sittings::plan(tx, who).await? else { return Ok(()) };
    let person = store::people::load(tx, who).await?;
    if let Some(zone) = person.zone.as_ref().filter(|_| person.rests_at(now)) {
        let later = person.quiet.end_after(now, zone);
        return keep(app, tx, Vec::new(), vec![Timing::Set(Due::Reflection(who), later)], now).await;
    }
    let view = draw(app, tx, who, None).await?;
    super::queue(app, tx, &Notice::Reflection { sitting: view.id, to: who }, now).await?;
    set_timer(app, tx, who, &plan).await?;
    Ok(())
}

/// Practices of long ago are forgotten, once a day.
pub(super) async fn sweep(app: &App) -> Result<(), Trouble> {
    let before = app.now().saturating_sub(REMEMBERED).unwrap_or(jiff::Timestamp::MIN);
    let mut tx = app.store.begin().await?;
    store::sittings::forget_before(&mut tx, before).await?;
    store::typed::forget_before(&mut tx, MessageId::first_of(before)).await?;
    tx.commit().await?;
    Ok(())
}
