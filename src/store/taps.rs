//! The table `taps`: ratings of a check-in whose lines are not sent yet, a row each, so that two quick taps lose none.

use super::row::Columns;
use super::{StoreError, Tx};
use crate::domain::checkin::Rated;
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::words::Sealed;

/// The name that binds a seal to this table.
pub const TABLE: &str = "taps";

pub async fn put(tx: &mut Tx, round: RoundId, author: PersonId, rated: Rated, tap: &Sealed) -> Result<(), StoreError> {
    sqlx::query(
        "insert into taps (round, author, rated, tap) values ($1, $2, $3, $4)
         on conflict (round, author, rated) do update set tap = excluded.tap",
    )
    .bind(round.to_string())
    .bind(author.0)
    .bind(rated.slug())
    .bind(tap.0.clone())
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn load(tx: &mut Tx, round: RoundId, author: PersonId) -> Result<Vec<(Rated, Sealed)>, StoreError> {
    let rows = sqlx::query("select rated, tap from taps where round = $1 and author = $2 order by rated")
        .bind(round.to_string())
        .bind(author.0)
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of(TABLE, format!("{round} {author}"), row);
            let rated = columns.text("rated")?;
            let rated = Rated::from_slug(&rated).ok_or_else(|| columns.refuse("rated", "nothing that is rated"))?;
            Ok((rated, Sealed(columns.text("tap")?)))
        })
        .collect()
}

/// What one author tapped; it has become part of their answer, or is taken back with it.
pub async fn delete(tx: &mut Tx, round: RoundId, author: PersonId) -> Result<(), StoreError> {
    sqlx::query("delete from taps where round = $1 and author = $2")
        .bind(round.to_string())
        .bind(author.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn delete_all(tx: &mut Tx, round: RoundId) -> Result<(), StoreError> {
    sqlx::query("delete from taps where round = $1").bind(round.to_string()).execute(tx.conn()).await?;
    Ok(())
}
