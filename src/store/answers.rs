//! The table `answers`: sealed words, one row per round and author.

use jiff::Timestamp;

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::words::Sealed;

/// The name that binds a seal to this table.
pub const TABLE: &str = "answers";

pub async fn put(tx: &mut Tx, round: RoundId, author: PersonId, words: &Sealed, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "insert into answers (round, author, words, sealed_at) values ($1, $2, $3, $4)
         on conflict (round, author) do update set words = excluded.words, sealed_at = excluded.sealed_at",
    )
    .bind(round.to_string())
    .bind(author.0)
    .bind(words.0.clone())
    .bind(due_millis(now))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An answer as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// `None` once its author removed them.
    pub words: Option<Sealed>,
}

pub async fn load(tx: &mut Tx, round: RoundId, author: PersonId) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query("select words, removed_at from answers where round = $1 and author = $2")
        .bind(round.to_string())
        .bind(author.0)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of(TABLE, format!("{round} {author}"), &row);
    let words = columns.text("words").map(Sealed)?;
    Ok(Some(Kept { words: columns.maybe_moment("removed_at")?.is_none().then_some(words) }))
}

/// Its author takes the words away; that there was an answer stays. `false` when there were none. Call [`super::Store::forget`] after
/// the commit.
pub async fn remove(tx: &mut Tx, round: RoundId, author: PersonId, now: Timestamp) -> Result<bool, StoreError> {
    let gone =
        sqlx::query("update answers set words = '', removed_at = $1 where round = $2 and author = $3 and removed_at is null")
            .bind(due_millis(now))
            .bind(round.to_string())
            .bind(author.0)
            .execute(tx.conn())
            .await?;
    Ok(gone.rows_affected() == 1)
}

/// How many were removed by their authors in a couple.
pub async fn removed_in(tx: &mut Tx, couple: CoupleId) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "select count(*) as removed from answers a join rounds r on r.id = a.round where r.couple = $1 and a.removed_at is not null",
    )
    .bind(couple.to_string())
    .fetch_one(tx.conn())
    .await?;
    Columns::of(TABLE, couple.to_string(), &row).count("removed")
}

/// Whether one was, from this moment on.
pub async fn removed_since(tx: &mut Tx, couple: CoupleId, since: Timestamp) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "select a.round from answers a join rounds r on r.id = a.round where r.couple = $1 and a.removed_at >= $2 limit 1",
    )
    .bind(couple.to_string())
    .bind(since.as_millisecond())
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.is_some())
}

pub async fn delete(tx: &mut Tx, round: RoundId, author: PersonId) -> Result<bool, StoreError> {
    let gone = sqlx::query("delete from answers where round = $1 and author = $2")
        .bind(round.to_string())
        .bind(author.0)
        .execute(tx.conn())
        .await?;
    Ok(gone.rows_affected() == 1)
}

pub async fn delete_all(tx: &mut Tx, round: RoundId) -> Result<(), StoreError> {
    sqlx::query("delete from answers where round = $1").bind(round.to_string()).execute(tx.conn()).await?;
    Ok(())
}
