//! What was deleted leaves the disk, even when the process dies between the two or somebody reads the database meanwhile.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Trouble, keep, named};
use crate::app::App;
use crate::domain::step::{Due, Timing};
use crate::store::{self, Forgotten, Tx};

/// When it is tried again. Longer than any reader of ours.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Of the three seconds until a reply is void (interactions/receiving-and-responding); the deletion itself took some.
const FOR_A_REPLY: Duration = Duration::from_millis(1_500);

/// That it is tried again unless it is done.
#[derive(Debug)]
#[must_use = "after the commit, forget"]
pub struct Promise(Timestamp);

/// Part of the transaction that deletes.
pub async fn promise(app: &App, tx: &mut Tx) -> Result<Promise, Trouble> {
    let now = app.now();
    // In whole milliseconds, as it is kept.
    let again = Timestamp::from_millisecond(now.saturating_add(AGAIN).unwrap_or(now).as_millisecond()).unwrap_or(now);
    keep(app, tx, Vec::new(), vec![Timing::Set(Due::Forget, again)], now).await?;
    Ok(Promise(again))
}

/// After its commit, while somebody waits for the reply. `false`: the last of it is still there, and leaves later.
///
/// What goes wrong here is no error of the deletion, which is done: the timer comes, and tells the log.
pub async fn forget(app: &App, deleted: &[Forgotten], promise: Promise) -> bool {
    matches!(tokio::time::timeout(FOR_A_REPLY, forget_all(app, deleted, promise)).await, Ok(Ok(true)))
}

/// As [`forget`], for as long as it takes, and with what went wrong.
pub async fn forget_all(app: &App, deleted: &[Forgotten], promise: Promise) -> Result<bool, Trouble> {
    let gone = app.store.forget(deleted).await?;
    if gone {
        keep_promise(app, promise).await?;
    }
    Ok(gone)
}

async fn keep_promise(app: &App, promise: Promise) -> Result<(), Trouble> {
    let (kind, subject) = named(Due::Forget);
    let mut tx = app.store.begin().await?;
    store::timers::drop_at(&mut tx, kind, &subject, promise.0).await?;
    tx.commit().await?;
    Ok(())
}

/// What a due moment deletes.
pub fn deleted_by(due: Option<Due>) -> &'static [Forgotten] {
    match due {
        Some(Due::Leftovers(_)) => &[Forgotten::Answers, Forgotten::Taps],
        Some(Due::KeysEnd(_)) => &[Forgotten::Keys],
        Some(Due::Forget) => &Forgotten::ALL,
        _ => &[],
    }
}
