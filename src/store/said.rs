//! The table `said`: what somebody wrote in a conversation, sealed, by the turn that it ended.

use jiff::Timestamp;

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::words::Sealed;

/// The name that binds a seal to this table.
pub const TABLE: &str = "said";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub turn: u32,
    pub author: PersonId,
    pub words: Sealed,
}

/// `false` when that turn has its words already.
pub async fn insert(tx: &mut Tx, round: RoundId, row: &Row, now: Timestamp) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "insert into said (round, turn, author, words, said_at) values ($1, $2, $3, $4, $5) on conflict (round, turn) do nothing",
    )
    .bind(round.to_string())
    .bind(i64::from(row.turn))
    .bind(row.author.0)
    .bind(row.words.0.clone())
    .bind(due_millis(now))
    .execute(tx.conn())
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Everything that still stands in a conversation, in the order of its turns.
pub async fn all(tx: &mut Tx, round: RoundId) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query("select turn, author, words from said where round = $1 order by turn")
        .bind(round.to_string())
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of(TABLE, round.to_string(), row);
            let turn = u32::try_from(columns.number("turn")?).map_err(|_| columns.refuse("turn", "not a turn"))?;
            Ok(Row { turn, author: PersonId(columns.number("author")?), words: Sealed(columns.text("words")?) })
        })
        .collect()
}

/// One author's words of these turns go. Call [`super::Store::forget`] after the commit.
pub async fn delete(tx: &mut Tx, round: RoundId, author: PersonId, turns: &[u32]) -> Result<u64, StoreError> {
    let mut gone = 0;
    for turn in turns {
        let done = sqlx::query("delete from said where round = $1 and turn = $2 and author = $3")
            .bind(round.to_string())
            .bind(i64::from(*turn))
            .bind(author.0)
            .execute(tx.conn())
            .await?;
        gone += done.rows_affected();
    }
    Ok(gone)
}
