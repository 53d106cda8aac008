//! Where each gateway shard left off, so that a restart of seconds resumes and misses nothing.
//!
//! Owns one row per seat. A lost row costs a fresh identify, never an answer: nothing else may hang on it.

use super::row::Columns;
use super::{Store, StoreError};

const TABLE: &str = "sessions";

/// Whose session: a resume is only good at the same API, for the same application and the same share of shards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The base address of the API.
    pub api: String,
    pub application: i64,
    pub shard: u32,
    pub shards: u32,
}

/// What Discord needs to resume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: String,
    /// Of the last event that was handled.
    pub sequence: u64,
    pub resume_url: String,
}

pub async fn save(store: &Store, seat: &Seat, session: &Session) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    sqlx::query(
        "insert into sessions (api, application, shard, shards, session, sequence, resume_url) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (api, application, shard, shards) do update \
         set session = excluded.session, sequence = excluded.sequence, resume_url = excluded.resume_url",
    )
    .bind(&seat.api)
    .bind(seat.application)
    .bind(i64::from(seat.shard))
    .bind(i64::from(seat.shards))
    .bind(&session.id)
    .bind(session.sequence.cast_signed())
    .bind(&session.resume_url)
    .execute(tx.conn())
    .await?;
    tx.commit().await
}

pub async fn load(store: &Store, seat: &Seat) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query(
        "select session, sequence, resume_url from sessions \
         where api = $1 and application = $2 and shard = $3 and shards = $4",
    )
    .bind(&seat.api)
    .bind(seat.application)
    .bind(i64::from(seat.shard))
    .bind(i64::from(seat.shards))
    .fetch_optional(store.read().await?.conn())
    .await?;
    row.map(|row| {
        let columns = Columns::of(TABLE, format!("shard {} of {}", seat.shard, seat.shards), &row);
        Ok(Session {
            id: columns.text("session")?,
            sequence: columns.count("sequence")?,
            resume_url: columns.text("resume_url")?,
        })
    })
    .transpose()
}

/// Discord refused to resume it. Whether there was one.
pub async fn forget(store: &Store, seat: &Seat) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let done = sqlx::query("delete from sessions where api = $1 and application = $2 and shard = $3 and shards = $4")
        .bind(&seat.api)
        .bind(seat.application)
        .bind(i64::from(seat.shard))
        .bind(i64::from(seat.shards))
        .execute(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}
