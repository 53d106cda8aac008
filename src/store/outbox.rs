//! What to say: queued in the transaction that made it true, claimed under a lease, settled once.
//!
//! Owns each notice's way from waiting to sent, never or parked. Its rows hold ids, and must never hold a private word.

use jiff::{SignedDuration, Timestamp};

use super::row::{Columns, due_millis};
use super::{Engine, Store, StoreError, Tx};
use crate::domain::ids::{ChannelId, MessageId, NoticeId, PersonId};

const TABLE: &str = "outbox";
/// Rows per transaction of [`sweep`]: on SQLite everybody waits for it.
const SWEEP: i64 = 500;

/// A notice that its claimer holds until the lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub id: NoticeId,
    /// JSON of ids, opaque here.
    pub body: String,
    pub due: Timestamp,
    /// This one included; a lease that ran out counts.
    pub attempts: u64,
    /// From here on the message may stand in Discord already.
    pub first_attempt_at: Timestamp,
    /// Why an earlier attempt went wrong: a code. A crash leaves none, so it proves nothing about what stands in Discord.
    pub last_failure: Option<String>,
    lease_by: String,
}

/// A notice that was given up on, for whoever runs Duet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub id: NoticeId,
    pub body: String,
    pub due: Timestamp,
    pub attempts: u64,
    pub failure: String,
}

/// `due` is the moment from which it may be sent.
pub async fn queue(tx: &mut Tx, id: NoticeId, body: &str, due: Timestamp) -> Result<(), StoreError> {
    sqlx::query("insert into outbox (id, body, state, due, attempts) values ($1, $2, 'waiting', $3, 0)")
        .bind(id.to_string())
        .bind(body)
        .bind(due_millis(due))
        .execute(tx.conn())
        .await?;
    tx.notices_queued += 1;
    Ok(())
}

/// What has yet to be said, parked notices among it.
pub async fn unsent(tx: &mut Tx) -> Result<Vec<(NoticeId, String)>, StoreError> {
    let rows = sqlx::query("select id, body from outbox where state in ('waiting', 'parked')").fetch_all(tx.conn()).await?;
    rows.iter().map(read_unsent).collect()
}

/// The same, of those that name this, as a round by its id.
pub async fn unsent_about(tx: &mut Tx, name: &str) -> Result<Vec<(NoticeId, String)>, StoreError> {
    let rows = sqlx::query("select id, body from outbox where state in ('waiting', 'parked') and body like $1")
        .bind(format!("%\"{name}\"%"))
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(read_unsent).collect()
}

/// The same without those that were given up on.
pub async fn waiting_about(tx: &mut Tx, name: &str) -> Result<Vec<(NoticeId, String)>, StoreError> {
    let rows = sqlx::query("select id, body from outbox where state = 'waiting' and body like $1")
        .bind(format!("%\"{name}\"%"))
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(read_unsent).collect()
}

fn read_unsent(row: &sqlx::any::AnyRow) -> Result<(NoticeId, String), StoreError> {
    let columns = Columns::by(TABLE, "id", row)?;
    Ok((columns.parsed("id")?, columns.text("body")?))
}

/// Whether the same waits to be said.
pub async fn waits(tx: &mut Tx, body: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("select id from outbox where state = 'waiting' and body = $1 limit 1")
        .bind(body)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// What was said to this person alone, or given up on, is not remembered any more. `to` is how a notice names them.
pub async fn forget_said_to(tx: &mut Tx, who: PersonId) -> Result<(), StoreError> {
    sqlx::query("delete from outbox where state in ('sent', 'never') and (body like $1 or body like $2)")
        .bind(format!("%\"to\":{who},%"))
        .bind(format!("%\"to\":{who}}}%"))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// It is not said any more. Whoever holds it finds that out when they settle it.
pub async fn drop_unsent(tx: &mut Tx, id: NoticeId) -> Result<(), StoreError> {
    sqlx::query("delete from outbox where id = $1 and state in ('waiting', 'parked')")
        .bind(id.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The longest-waiting due notice that nobody holds, now held by `holder` until `now + lease`.
pub async fn claim(store: &Store, holder: &str, now: Timestamp, lease: SignedDuration) -> Result<Option<Row>, StoreError> {
    Ok(claim_some(store, holder, now, lease, 1).await?.pop())
}

/// At most so many as [`claim`] would give one after the other, in that order, in one transaction.
pub async fn claim_some(
    store: &Store,
    holder: &str,
    now: Timestamp,
    lease: SignedDuration,
    most: usize,
) -> Result<Vec<Row>, StoreError> {
    macro_rules! claim {
        ($lock:literal) => {
            concat!(
                "with next as (select id from outbox where state = 'waiting' and due <= $3 \
                 and (lease_until is null or lease_until <= $3) order by due, id limit $4",
                $lock,
                ") update outbox set lease_until = $1, lease_by = $2, attempts = attempts + 1, \
                 first_attempt_at = coalesce(first_attempt_at, $3) where id in (select id from next) \
                 returning id, body, due, attempts, first_attempt_at, failure"
            )
        };
    }
    let mut tx = store.begin().await?;
    let claimed = sqlx::query(match store.engine() {
        Engine::Sqlite => claim!(""),
        Engine::Postgres => claim!(" for update skip locked"),
    })
    .bind((now + lease).as_millisecond())
    .bind(holder)
    .bind(now.as_millisecond())
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    tx.commit().await?;
    let read = |row| {
        let columns = Columns::by(TABLE, "id", row)?;
        Ok(Row {
            id: columns.parsed("id")?,
            body: columns.text("body")?,
            due: columns.moment("due")?,
            attempts: columns.count("attempts")?,
            first_attempt_at: columns.moment("first_attempt_at")?,
            last_failure: columns.maybe_text("failure")?,
            lease_by: holder.to_owned(),
        })
    };
    let mut rows = claimed.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    // `returning` keeps no order.
    rows.sort_by_key(|row| (row.due, row.id));
    Ok(rows)
}

/// It stands in Discord, at `place` when it is a message. `false`: the lease was lost, somebody else settles it.
pub async fn sent(tx: &mut Tx, row: &Row, now: Timestamp, place: Option<(ChannelId, MessageId)>) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update outbox set state = 'sent', settled_at = $1, channel = $2, message = $3, failure = null, \
         lease_until = null, lease_by = null where id = $4 and state = 'waiting' and lease_by = $5",
    )
    .bind(now.as_millisecond())
    .bind(place.map(|(channel, _)| channel.0))
    .bind(place.map(|(_, message)| message.0))
    .bind(row.id.to_string())
    .bind(&row.lease_by)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// It can never be said (a closed DM, a deleted channel). `failure` is a code. `false` as in [`sent`].
pub async fn never(tx: &mut Tx, row: &Row, now: Timestamp, failure: &str) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update outbox set state = 'never', settled_at = $1, failure = $2, lease_until = null, lease_by = null \
         where id = $3 and state = 'waiting' and lease_by = $4",
    )
    .bind(now.as_millisecond())
    .bind(failure)
    .bind(row.id.to_string())
    .bind(&row.lease_by)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a claimed notice back, to be tried again at `due`. `failure` is a code. `false` as in [`sent`].
pub async fn later(store: &Store, row: &Row, due: Timestamp, failure: &str) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let done = sqlx::query(
        "update outbox set due = $1, failure = $2, lease_until = null, lease_by = null \
         where id = $3 and state = 'waiting' and lease_by = $4",
    )
    .bind(due_millis(due))
    .bind(failure)
    .bind(row.id.to_string())
    .bind(&row.lease_by)
    .execute(tx.conn())
    .await?;
    tx.notices_queued += 1;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// As [`later`], when Discord only said to wait: that was no try, and does not count towards giving up.
pub async fn later_as_told(store: &Store, row: &Row, due: Timestamp, failure: &str) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let done = sqlx::query(
        "update outbox set due = $1, failure = $2, attempts = attempts - 1, lease_until = null, lease_by = null \
         where id = $3 and state = 'waiting' and lease_by = $4",
    )
    .bind(due_millis(due))
    .bind(failure)
    .bind(row.id.to_string())
    .bind(&row.lease_by)
    .execute(tx.conn())
    .await?;
    tx.notices_queued += 1;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Given up on until a person looks. `failure` is a code. `false` as in [`sent`].
pub async fn park(store: &Store, row: &Row, failure: &str) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let done = sqlx::query(
        "update outbox set state = 'parked', failure = $1, lease_until = null, lease_by = null \
         where id = $2 and state = 'waiting' and lease_by = $3",
    )
    .bind(failure)
    .bind(row.id.to_string())
    .bind(&row.lease_by)
    .execute(tx.conn())
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// All that were given up on, oldest first.
pub async fn parked(store: &Store) -> Result<Vec<Parked>, StoreError> {
    let rows = sqlx::query("select id, body, due, attempts, failure from outbox where state = 'parked' order by due, id")
        .fetch_all(store.read().await?.conn())
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::by(TABLE, "id", row)?;
            Ok(Parked {
                id: columns.parsed("id")?,
                body: columns.text("body")?,
                due: columns.moment("due")?,
                attempts: columns.count("attempts")?,
                failure: columns.text("failure")?,
            })
        })
        .collect()
}

/// Tries a parked notice again from `due` on, with a fresh count of attempts. `false` when it is not parked.
pub async fn unpark(tx: &mut Tx, id: NoticeId, due: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("update outbox set state = 'waiting', due = $1 where id = $2 and state = 'parked'")
        .bind(due_millis(due))
        .bind(id.to_string())
        .execute(tx.conn())
        .await?;
    tx.notices_queued += 1;
    Ok(done.rows_affected() == 1)
}

/// What need not be said any more. `false` when it was said, given up on, or never queued. One that is being sent at this
/// moment may still arrive; its sender then finds the lease lost.
pub async fn drop_waiting(tx: &mut Tx, id: NoticeId) -> Result<bool, StoreError> {
    let done =
        sqlx::query("delete from outbox where id = $1 and state = 'waiting'").bind(id.to_string()).execute(tx.conn()).await?;
    Ok(done.rows_affected() == 1)
}

/// Where the notice stands in Discord; `None` while unsent, when it was no message, or after the sweep.
pub async fn place_of(tx: &mut Tx, id: NoticeId) -> Result<Option<(ChannelId, MessageId)>, StoreError> {
    let row = sqlx::query("select id, channel, message from outbox where id = $1 and state = 'sent'")
        .bind(id.to_string())
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::by(TABLE, "id", &row)?;
    match (columns.maybe_number("channel")?, columns.maybe_number("message")?) {
        (Some(channel), Some(message)) => Ok(Some((ChannelId(channel), MessageId(message)))),
        (None, None) => Ok(None),
        _ => Err(columns.refuse("message", "a channel and a message stand together or not at all")),
    }
}

/// A clean stop: whatever `holder` still holds is open to others at once.
pub async fn release_all(store: &Store, holder: &str) -> Result<u64, StoreError> {
    let mut tx = store.begin().await?;
    let done =
        sqlx::query("update outbox set lease_until = null, lease_by = null where lease_until is not null and lease_by = $1")
            .bind(holder)
            .execute(tx.conn())
            .await?;
    tx.notices_queued += 1;
    tx.commit().await?;
    Ok(done.rows_affected())
}

/// When [`claim`] may next find something: the first notice that nobody holds, or the first lease to run out.
pub async fn next_due(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query(
        "select (select due from outbox where state = 'waiting' and lease_until is null order by due limit 1) as due, \
         (select lease_until from outbox where lease_until is not null order by lease_until limit 1) as leased",
    )
    .fetch_one(store.read().await?.conn())
    .await?;
    let columns = Columns::of(TABLE, "next", &row);
    let due = [columns.maybe_moment("due")?, columns.maybe_moment("leased")?];
    Ok(due.into_iter().flatten().min())
}

/// How many [`claim`] would find one after the other; counted no further than `most`.
pub async fn claimable(store: &Store, now: Timestamp, most: u64) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "select count(*) as claimable from (select id from outbox where state = 'waiting' and due <= $1 \
         and (lease_until is null or lease_until <= $1) limit $2) as found",
    )
    .bind(now.as_millisecond())
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_one(store.read().await?.conn())
    .await?;
    Columns::of(TABLE, "all", &row).count("claimable")
}

/// How many are waiting, held or not, due or not.
pub async fn waiting_count(store: &Store) -> Result<u64, StoreError> {
    let row = sqlx::query("select count(*) as waiting from outbox where state = 'waiting'")
        .fetch_one(store.read().await?.conn())
        .await?;
    Columns::of(TABLE, "all", &row).count("waiting")
}

/// Forgets what was sent or given up for good before `before`, some at a time. Returns how many.
pub async fn sweep(store: &Store, before: Timestamp) -> Result<u64, StoreError> {
    let mut swept = 0;
    loop {
        let mut tx = store.begin().await?;
        let done = sqlx::query(
            "delete from outbox where id in (select id from outbox \
             where settled_at is not null and settled_at < $1 order by settled_at limit $2)",
        )
        .bind(before.as_millisecond())
        .bind(SWEEP)
        .execute(tx.conn())
        .await?
        .rows_affected();
        tx.commit().await?;
        swept += done;
        if done < SWEEP.unsigned_abs() {
            return Ok(swept);
        }
    }
}
