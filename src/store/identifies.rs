//! Which process identifies next: one row for each bucket of gateway shards, taken by whoever comes when it is free.
//!
//! Owns the moment from which a bucket is free. Nobody reserves a place in a line: a turn is taken at the moment it is used, so
//! a process that dies with it holds the others up for one rest and no longer.
//!
//! The time is the database's. Discord counts in real time, so the clock that a rehearsal moves by hand must not reach this; and
//! processes on several machines have clocks that differ by more than Discord forgives. Nobody waits here: the answer is a length
//! of time, to be waited out in real time, so that nothing hangs on a clock that stands still.

use std::time::Duration;

use super::row::Columns;
use super::{Engine, Store, StoreError};

const TABLE: &str = "identifies";

/// Discord's limit is the token's: the same API, the same application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The base address of the API.
    pub api: String,
    pub application: i64,
    /// A shard's number modulo `max_concurrency`.
    pub number: u32,
}

/// Takes the bucket's turn and lets it rest for that long. `None`: it is the caller's, from this moment. Otherwise nothing was
/// taken, and this is how long to wait before asking again.
pub async fn take(store: &Store, bucket: &Bucket, rest: Duration) -> Result<Option<Duration>, StoreError> {
    macro_rules! with_clock {
        ($now:literal) => {
            (
                // A moment further off than one rest was written under a clock that has been set back since: it binds nobody.
                concat!(
                    "insert into identifies (api, application, bucket, free_at) values ($1, $2, $3, ",
                    $now,
                    " + $4) \
                     on conflict (api, application, bucket) do update set free_at = ",
                    $now,
                    " + $4 \
                     where identifies.free_at <= ",
                    $now,
                    " or identifies.free_at > ",
                    $now,
                    " + $4"
                ),
                concat!(
                    "select free_at - ",
                    $now,
                    " as wait from identifies where api = $1 and application = $2 and bucket = $3"
                ),
            )
        };
    }
    // An engine's own clause: each says in its own words what time it is.
    let (take, look) = match store.engine() {
        Engine::Sqlite => with_clock!("cast(unixepoch('subsec') * 1000 as integer)"),
        Engine::Postgres => with_clock!("cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"),
    };
    let millis = i64::try_from(rest.as_millis()).unwrap_or(i64::MAX);
    let mut tx = store.begin().await?;
    let taken = sqlx::query(take)
        .bind(&bucket.api)
        .bind(bucket.application)
        .bind(i64::from(bucket.number))
        .bind(millis)
        .execute(tx.conn())
        .await?
        .rows_affected();
    if taken == 1 {
        tx.commit().await?;
        return Ok(None);
    }
    let row =
        sqlx::query(look).bind(&bucket.api).bind(bucket.application).bind(i64::from(bucket.number)).fetch_one(tx.conn()).await?;
    let wait = Columns::of(TABLE, bucket.number.to_string(), &row).number("wait")?;
    // It may have come free between the two statements.
    Ok(Some(Duration::from_millis(wait.clamp(1, millis.max(1)).unsigned_abs())))
}
