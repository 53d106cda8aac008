//! A due timer on its way to the flow that owns it. The flow and the end of the timer are one transaction.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::domain::step::Due;
use crate::flows::{
    Trouble, checkins, conversing, due_named, forgetting, nudging, opening, pairing, parking, parting, pausing, reflecting,
};
use crate::store::outbox;
use crate::store::timers::{self, Timer};
use crate::worker::{Did, rest};

/// How long a claimed timer is ours.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long a timer whose flow failed waits.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);
/// What comes due later than this is found by a look that happens anyway: each second at least, see [`rest`].
const RINGS_WITHIN: SignedDuration = SignedDuration::from_secs(3);
/// While so many notices wait for their turn, no further moment is rung. Of ten thousand that come due together the rest then
/// waits here, in the order of its moments, and not in the outbox, where it would stand before what people wait for.
const AHEAD: u64 = 24;
/// Moments between two looks at that.
const AT_ONCE: u32 = 8;
/// A notice or two leave in this time.
const A_WHILE: Duration = Duration::from_millis(50);

pub async fn tick(app: &App) -> Result<Did, Trouble> {
    let Some(timer) = timers::claim(&app.store, &app.holder, app.now(), LEASE).await? else { return Ok(Did::Nothing) };
    let done = match ring(app, &timer).await {
        Err(trouble) if trouble.may_pass() => ring(app, &timer).await,
        done => done,
    };
    if let Err(trouble) = done {
        // A planned reflection's subject is whose it is.
        let subject =
            if matches!(due_named(&timer.kind, &timer.subject), Some(Due::Reflection(_))) { "" } else { &timer.subject };
        tracing::error!(kind = timer.kind, subject, "a due moment failed; again in a minute: {}", trouble.logged());
        let again = after(app.now(), AGAIN);
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
        Some(Due::Turn(id)) => conversing::by_itself::left(app, &mut tx, id).await?,
        Some(Due::FollowUp(id)) => conversing::by_itself::follow_up(app, &mut tx, id).await?,
        Some(Due::CheckIn(id)) => checkins::due(app, &mut tx, id).await?,
        Some(Due::PauseEnds(id)) => pausing::ends(app, &mut tx, id).await?,
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
        // What was due is done; only its remains are looked at again, by the timer that was promised.
        match forgetting::forget_all(app, deleted, promise).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!("what was deleted cannot leave the disk while somebody reads the database; again in a minute");
            }
            Err(trouble) => tracing::error!("what was deleted did not leave the disk; again in a minute: {trouble}"),
        }
    }
    if due == Some(Due::Sweep) {
        parking::sweep(app).await?;
    }
    Ok(())
}

/// Rings what is due until told to stop, no faster than it can be said.
pub async fn run(app: &App, stop: CancellationToken) {
    let mut rung = 0;
    while !stop.is_cancelled() {
        app.store.wakes().only_timers_until(after(app.now(), RINGS_WITHIN));
        match turn(app, rung).await {
            Ok(Turn::Rang) => rung += 1,
            Ok(Turn::Nothing) => {
                rung = 0;
                rest(&stop, app.store.wakes().timers.notified()).await;
            }
            Ok(Turn::Full) => rest(&stop, tokio::time::sleep(A_WHILE)).await,
            Err(trouble) => {
                tracing::error!("timers cannot be worked: {trouble}");
                rest(&stop, std::future::pending()).await;
            }
        }
    }
}

fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

enum Turn {
    Rang,
    Nothing,
    /// The outbox has enough to say.
    Full,
}

async fn turn(app: &App, rung: u32) -> Result<Turn, Trouble> {
    if rung % AT_ONCE == AT_ONCE - 1 && outbox::claimable(&app.store, app.now(), AHEAD).await? >= AHEAD {
        return Ok(Turn::Full);
    }
    Ok(match tick(app).await? {
        Did::One => Turn::Rang,
        Did::Nothing => Turn::Nothing,
    })
}
