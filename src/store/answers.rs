//! The table `answers`: sealed words, one row per round and author.

use jiff::Timestamp;

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{PersonId, RoundId};
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

pub async fn load(tx: &mut Tx, round: RoundId, author: PersonId) -> Result<Option<Sealed>, StoreError> {
    let row = sqlx::query("select words from answers where round = $1 and author = $2")
        .bind(round.to_string())
        .bind(author.0)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    Columns::of(TABLE, format!("{round} {author}"), &row).text("words").map(Sealed).map(Some)
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
