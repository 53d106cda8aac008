//! A due timer on its way to the flow that owns it. The flow and the end of the timer are one transaction.

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::domain::step::Due;
use crate::flows::{Trouble, checkins, due_named, forgetting, nudging, opening, pairing, parking, parting, reflecting};
use crate::store::timers::{self, Timer};
use crate::worker::{Did, rest};

/// How long a claimed timer is ours.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long a timer whose flow failed waits.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);

pub async fn tick(app: &App) -> Result<Did, Trouble> {
    let Some(timer) = timers::claim(&app.store, &app.holder, app.now(), LEASE).await? else { return Ok(Did::Nothing) };
    let done = match ring(app, &timer).await {
        Err(trouble) if trouble.may_pass() => ring(app, &timer).await,
        done => done,
    };
    if let Err(trouble) = done {
        tracing::error!(kind = timer.kind, subject = timer.subject, "a due moment failed; again in a minute: {trouble}");
        let again = app.now().saturating_add(AGAIN).unwrap_or(Timestamp::MAX);
        timers::later(&app.store, &timer, again).await?;
    }
    Ok(Did::One)
}

async fn ring(app: &App, timer: &Timer) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    // First, so that a flow which sets the same timer anew is not undone.
    if !timers::settle(&mut tx, timer).await? {
        return Ok(());
    }
    let due = due_named(&timer.kind, &timer.subject);
    match due {
        Some(Due::InvitationLapse(id)) => pairing::lapse(app, &mut tx, id).await?,
        Some(Due::Lapse(id)) => opening::lapse(app, &mut tx, id).await?,
        Some(Due::Opening(id)) => opening::open(app, &mut tx, id).await?,
        Some(Due::Leftovers(id)) => opening::clear(app, &mut tx, id).await?,
        Some(Due::LookAgain(id)) => opening::look_again(app, &mut tx, id).await?,
        Some(Due::Nudge(id)) => nudging::half_over(app, &mut tx, id).await?,
        Some(Due::CheckIn(id)) => checkins::due(app, &mut tx, id).await?,
        Some(Due::Reflection(person)) => reflecting::due(app, &mut tx, person).await?,
        Some(Due::KeysEnd(id)) => parting::end_keys(&mut tx, id).await?,
        Some(Due::Unpark(id)) => parking::unpark(app, &mut tx, id).await?,
        Some(Due::Sweep) => parking::sweep_again(app, &mut tx).await?,
        Some(Due::Forget) => {}
        None => return Err(Trouble::Inconsistent(format!("no flow owns the timer {}", timer.kind))),
    }
    let deleted = forgetting::deleted_by(due);
    if deleted.is_empty() {
        tx.commit().await?;
    } else {
        let promise = forgetting::promise(app, &mut tx).await?;
        tx.commit().await?;
        if !forgetting::forget(app, deleted, promise).await {
            tracing::warn!("what was deleted cannot leave the disk while somebody reads the database; again in a minute");
        }
    }
    if due == Some(Due::Sweep) {
        parking::sweep(app).await?;
    }
    Ok(())
}

/// Rings what is due until told to stop.
pub async fn run(app: &App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match tick(app).await {
            Ok(Did::One) => {}
            Ok(Did::Nothing) => rest(&stop, app.store.wakes().timers.notified()).await,
            Err(trouble) => {
                tracing::error!("timers cannot be worked: {trouble}");
                rest(&stop, std::future::pending()).await;
            }
        }
    }
}
