//! What people did, once: the first write transaction of an interaction claims its id, so that what Discord tells again after a
//! crash or a reconnect changes nothing a second time. An act that was refused is claimed too: told again much later, it
//! might be granted. Acts that only look are not kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::{Store, StoreError, Tx};

/// One interaction on its way through a flow.
#[derive(Debug)]
pub(super) struct Act {
    interaction: i64,
    /// Whether it came to a write transaction.
    begun: AtomicBool,
    /// Whether one of them was committed: those that follow are the same act's.
    pub(super) done: AtomicBool,
}

tokio::task_local! {
    static ACT: Arc<Act>;
}

/// Runs what an interaction leads to. Write transactions in it fail with [`StoreError::ToldAgain`] when the interaction was
/// dealt with before.
pub async fn once<T>(store: &Store, interaction: i64, deed: impl Future<Output = T>) -> T {
    let act = Arc::new(Act { interaction, begun: AtomicBool::new(false), done: AtomicBool::new(false) });
    ACT.scope(Arc::clone(&act), async {
        let outcome = deed.await;
        if act.begun.load(Ordering::SeqCst) && !act.done.load(Ordering::SeqCst) {
            // It was refused, and its transaction dropped. Should this fail, it is dealt with anew if told again: no harm yet.
            if let Ok(tx) = store.begin().await {
                let _ = tx.commit().await;
            }
        }
        outcome
    })
    .await
}

pub(super) async fn claim(tx: &mut Tx) -> Result<(), StoreError> {
    let Ok(act) = ACT.try_with(Arc::clone) else { return Ok(()) };
    if act.done.load(Ordering::SeqCst) {
        return Ok(());
    }
    let claimed = sqlx::query("insert into acts (interaction) values ($1) on conflict do nothing")
        .bind(act.interaction)
        .execute(tx.conn())
        .await?;
    if claimed.rows_affected() == 0 {
        return Err(StoreError::ToldAgain);
    }
    act.begun.store(true, Ordering::SeqCst);
    tx.act = Some(act);
    Ok(())
}

/// Forgets acts from before that moment: for a time that no session is resumed across.
pub async fn forget(store: &Store, before: Timestamp) -> Result<u64, StoreError> {
    /// 2015-01-01 in epoch milliseconds (reference, snowflakes: milliseconds since then, 22 bits up).
    const FIRST: i64 = 1_420_070_400_000;
    let oldest = (before.as_millisecond() - FIRST).max(0) << 22;
    let mut tx = store.begin().await?;
    let done = sqlx::query("delete from acts where interaction < $1").bind(oldest).execute(tx.conn()).await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}
