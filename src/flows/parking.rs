//! Notices that were given up on, and what was settled and has yet to leave the database.

use jiff::{SignedDuration, Timestamp};

use super::{Trouble, keep};
use crate::app::App;
use crate::domain::ids::NoticeId;
use crate::domain::step::{Due, Timing};
use crate::store::{self, Tx};

/// How long a notice that an outage parked rests before it is tried again.
const REST: SignedDuration = SignedDuration::from_hours(1);
/// How long settled notices are kept, for whoever looks into what happened.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
const DAILY: SignedDuration = SignedDuration::from_hours(24);

pub async fn look_hourly(app: &App, notice: NoticeId) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    keep(app, &mut tx, Vec::new(), vec![Timing::Set(Due::Unpark(notice), after(now, REST))], now).await?;
    tx.commit().await?;
    Ok(())
}

pub async fn unpark(app: &App, tx: &mut Tx, notice: NoticeId) -> Result<(), Trouble> {
    store::outbox::unpark(tx, notice, app.now()).await?;
    Ok(())
}

/// Begins the daily sweep where no process has yet.
pub async fn begin_sweeping(app: &App) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let (kind, subject) = super::named(Due::Sweep);
    if store::timers::find(&mut tx, kind, &subject).await?.is_none() {
        sweep_again(app, &mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

pub async fn sweep_again(app: &App, tx: &mut Tx) -> Result<(), Trouble> {
    let now = app.now();
    keep(app, tx, Vec::new(), vec![Timing::Set(Due::Sweep, after(now, DAILY))], now).await
}

/// Forgets what was settled a month ago, and what else has had its time, in small transactions of its own.
pub async fn sweep(app: &App) -> Result<(), Trouble> {
    let before = app.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    let swept = store::outbox::sweep(&app.store, before).await?;
    tracing::debug!(swept, "settled notices forgotten");
    super::pairing::sweep(app).await?;
    super::reflecting::sweep(app).await
}

fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
