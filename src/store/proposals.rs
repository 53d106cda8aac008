//! The table `proposals`: what one partner put on the table and the other has not agreed to yet.

use super::row::{Columns, due_millis, json};
use super::{StoreError, Tx};
use crate::domain::ids::{CoupleId, PersonId};
use crate::domain::proposal::{Kind, Proposal, Proposed};

pub async fn load(tx: &mut Tx, couple: CoupleId, kind: Kind) -> Result<Option<Proposed>, StoreError> {
    let row = sqlx::query("select body, proposer, made_at from proposals where couple = $1 and kind = $2")
        .bind(couple.to_string())
        .bind(kind.name())
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("proposals", format!("{couple} {}", kind.name()), &row);
    let proposal: Proposal =
        serde_json::from_str(&columns.text("body")?).map_err(|_| columns.refuse("body", "not a proposal"))?;
    Ok(Some(Proposed { proposal, by: PersonId(columns.number("proposer")?), at: columns.moment("made_at")? }))
}

pub async fn put(tx: &mut Tx, couple: CoupleId, proposed: &Proposed) -> Result<(), StoreError> {
    sqlx::query(
        "insert into proposals (couple, kind, body, proposer, made_at) values ($1, $2, $3, $4, $5)
         on conflict (couple, kind) do update set body = excluded.body, proposer = excluded.proposer, made_at = excluded.made_at",
    )
    .bind(couple.to_string())
    .bind(proposed.proposal.kind().name())
    .bind(json(&proposed.proposal)?)
    .bind(proposed.by.0)
    .bind(due_millis(proposed.at))
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn drop(tx: &mut Tx, couple: CoupleId, kind: Kind) -> Result<(), StoreError> {
    sqlx::query("delete from proposals where couple = $1 and kind = $2")
        .bind(couple.to_string())
        .bind(kind.name())
        .execute(tx.conn())
        .await?;
    Ok(())
}
