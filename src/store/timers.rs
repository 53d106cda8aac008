//! When to look again: one row per kind and subject, claimed under a lease.
//!
//! Owns the moments, not what they mean. It must never act on one: a claim is only a promise to look.

use jiff::{SignedDuration, Timestamp};

use super::row::{Columns, due_millis};
use super::{Engine, Store, StoreError, Tx};

const TABLE: &str = "timers";

/// A due moment that its claimer holds until the lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    pub kind: String,
    pub subject: String,
    pub due: Timestamp,
    /// How often it was claimed since it was set, this time included.
    pub attempts: u64,
    lease_by: String,
}

/// Sets or moves the timer. Whoever holds a lease on the old moment loses it.
pub async fn set(tx: &mut Tx, kind: &str, subject: &str, due: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "insert into timers (kind, subject, due, attempts) values ($1, $2, $3, 0) \
         on conflict (kind, subject) do update \
         set due = excluded.due, attempts = 0, lease_until = null, lease_by = null",
    )
    .bind(kind)
    .bind(subject)
    .bind(due_millis(due))
    .execute(tx.conn())
    .await?;
    tx.timer_at(due_millis(due));
    Ok(())
}

/// Whether there was one.
pub async fn drop(tx: &mut Tx, kind: &str, subject: &str) -> Result<bool, StoreError> {
    let done =
        sqlx::query("delete from timers where kind = $1 and subject = $2").bind(kind).bind(subject).execute(tx.conn()).await?;
    Ok(done.rows_affected() == 1)
}

/// As [`drop`], unless it was set to another moment since.
pub async fn drop_at(tx: &mut Tx, kind: &str, subject: &str, due: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from timers where kind = $1 and subject = $2 and due = $3")
        .bind(kind)
        .bind(subject)
        .bind(due_millis(due))
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The moment that is set, if any.
pub async fn find(tx: &mut Tx, kind: &str, subject: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query("select due from timers where kind = $1 and subject = $2")
        .bind(kind)
        .bind(subject)
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| Columns::of(TABLE, format!("{kind}/{subject}"), &row).moment("due")).transpose()
}

/// The most overdue timer that nobody holds, now held by `holder` until `now + lease`. `None` when nothing is due.
pub async fn claim(store: &Store, holder: &str, now: Timestamp, lease: SignedDuration) -> Result<Option<Timer>, StoreError> {
    macro_rules! claim {
        ($lock:literal) => {
            concat!(
                "update timers set lease_until = $1, lease_by = $2, attempts = attempts + 1 \
                 where (kind, subject) = (select kind, subject from timers \
                 where due <= $3 and (lease_until is null or lease_until <= $3) order by due limit 1",
                $lock,
                ") returning kind, subject, due, attempts"
            )
        };
    }
    let mut tx = store.begin().await?;
    let row = sqlx::query(match store.engine() {
        Engine::Sqlite => claim!(""),
        Engine::Postgres => claim!(" for update skip locked"),
    })
    .bind((now + lease).as_millisecond())
    .bind(holder)
    .bind(now.as_millisecond())
    .fetch_optional(tx.conn())
    .await?;
    tx.commit().await?;
    row.map(|row| {
        let columns = Columns::by(TABLE, "subject", &row)?;
        Ok(Timer {
            kind: columns.text("kind")?,
            subject: columns.text("subject")?,
            due: columns.moment("due")?,
            attempts: columns.count("attempts")?,
            lease_by: holder.to_owned(),
        })
    })
    .transpose()
}

/// Deletes a claimed timer, as the first thing in the transaction that does its work (which may set it anew).
///
/// `false`: it was moved, dropped or claimed by somebody else meanwhile. Then the work is not ours: drop the transaction.
pub async fn settle(tx: &mut Tx, timer: &Timer) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from timers where kind = $1 and subject = $2 and due = $3 and lease_by = $4")
        .bind(&timer.kind)
        .bind(&timer.subject)
        .bind(timer.due.as_millisecond())
        .bind(&timer.lease_by)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a claimed timer back, to be looked at again at `due`. `false` as in [`settle`].
pub async fn later(store: &Store, timer: &Timer, due: Timestamp) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let done = sqlx::query(
        "update timers set due = $1, lease_until = null, lease_by = null \
         where kind = $2 and subject = $3 and due = $4 and lease_by = $5",
    )
    .bind(due_millis(due))
    .bind(&timer.kind)
    .bind(&timer.subject)
    .bind(timer.due.as_millisecond())
    .bind(&timer.lease_by)
    .execute(tx.conn())
    .await?;
    tx.timer_at(due_millis(due));
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// A clean stop: whatever `holder` still holds is open to others at once.
pub async fn release_all(store: &Store, holder: &str) -> Result<u64, StoreError> {
    let mut tx = store.begin().await?;
    let done =
        sqlx::query("update timers set lease_until = null, lease_by = null where lease_until is not null and lease_by = $1")
            .bind(holder)
            .execute(tx.conn())
            .await?;
    tx.timer_at(i64::MIN);
    tx.commit().await?;
    Ok(done.rows_affected())
}

/// When [`claim`] may next find something: the first moment that nobody holds, or the first lease to run out.
pub async fn next_due(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query(
        "select (select due from timers where lease_until is null order by due limit 1) as due, \
         (select lease_until from timers where lease_until is not null order by lease_until limit 1) as leased",
    )
    .fetch_one(store.read().await?.conn())
    .await?;
    let columns = Columns::of(TABLE, "next", &row);
    let due = [columns.maybe_moment("due")?, columns.maybe_moment("leased")?];
    Ok(due.into_iter().flatten().min())
}

/// How many are due and held by nobody.
pub async fn due_count(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    let row = sqlx::query("select count(*) as due from timers where due <= $1 and (lease_until is null or lease_until <= $1)")
        .bind(now.as_millisecond())
        .fetch_one(store.read().await?.conn())
        .await?;
    Columns::of(TABLE, "all", &row).count("due")
}
