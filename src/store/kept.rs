//! The table `kept`: which pieces somebody keeps for themselves. It names them and holds nothing of their words, so that what an author
//! removes is gone from here, too.

use jiff::Timestamp;

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{CoupleId, KeptId, PersonId};
use crate::domain::piece::Piece;

const TABLE: &str = "kept";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// In the order of these they were kept.
    pub id: KeptId,
    pub couple: CoupleId,
    pub piece: Piece,
    pub kept_at: Timestamp,
}

/// `false` when this person keeps it already.
pub async fn insert(tx: &mut Tx, who: PersonId, kept: &Kept) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "insert into kept (id, person, couple, piece, kept_at) values ($1, $2, $3, $4, $5) on conflict (person, piece) do nothing",
    )
    .bind(kept.id.to_string())
    .bind(who.0)
    .bind(kept.couple.to_string())
    .bind(kept.piece.to_string())
    .bind(due_millis(kept.kept_at))
    .execute(tx.conn())
    .await?;
    Ok(written.rows_affected() == 1)
}

pub async fn keeps(tx: &mut Tx, who: PersonId, piece: Piece) -> Result<bool, StoreError> {
    let row = sqlx::query("select id from kept where person = $1 and piece = $2")
        .bind(who.0)
        .bind(piece.to_string())
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// Newest first, at most `most`; `within`: of this couple alone; `before`: older ones than this, there or not.
pub async fn page(
    tx: &mut Tx,
    who: PersonId,
    within: Option<CoupleId>,
    before: Option<KeptId>,
    most: usize,
) -> Result<Vec<Kept>, StoreError> {
    let rows = sqlx::query(
        "select id, couple, piece, kept_at from kept
         where person = $1 and ($2 = '' or couple = $2) and ($3 = '' or id < $3) order by id desc limit $4",
    )
    .bind(who.0)
    .bind(within.map_or_else(String::new, |couple| couple.to_string()))
    .bind(before.map_or_else(String::new, |id| id.to_string()))
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::by(TABLE, "id", row)?;
            Ok(Kept {
                id: columns.parsed("id")?,
                couple: columns.parsed("couple")?,
                piece: columns.parsed("piece")?,
                kept_at: columns.moment("kept_at")?,
            })
        })
        .collect()
}

/// Nobody lets go of what somebody else keeps. `false` when it was not there.
pub async fn delete(tx: &mut Tx, who: PersonId, id: KeptId) -> Result<bool, StoreError> {
    let gone =
        sqlx::query("delete from kept where id = $1 and person = $2").bind(id.to_string()).bind(who.0).execute(tx.conn()).await?;
    Ok(gone.rows_affected() == 1)
}
