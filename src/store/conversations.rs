//! The table `conversations`: how far each has come. What was written in them is in [`super::said`].

use super::row::{Columns, due_millis, json};
use super::{StoreError, Tx, wrote_one};
use crate::domain::conversation::{Conversation, Length};
use crate::domain::ids::{CoupleId, PersonId, RoundId};

const COLUMNS: &str = "v.round, v.couple, v.listener, v.length, v.begun_at, v.course, v.heavier_at, v.version, \
                       c.first_person, c.second_person";

pub async fn load(tx: &mut Tx, round: RoundId) -> Result<Option<Conversation>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from conversations v join couples c on c.id = v.couple where v.round = $1"
    )))
    .bind(round.to_string())
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// Those of a couple that are not over, oldest first.
pub async fn live(tx: &mut Tx, couple: CoupleId) -> Result<Vec<Conversation>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from conversations v join couples c on c.id = v.couple
         where v.couple = $1 and v.live = 1 order by v.begun_at, v.round"
    )))
    .bind(couple.to_string())
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(read).collect()
}

/// Who listened first in the couple's newest conversation.
pub async fn listened_first(tx: &mut Tx, couple: CoupleId) -> Result<Option<PersonId>, StoreError> {
    let row =
        sqlx::query("select round, listener from conversations where couple = $1 order by begun_at desc, round desc limit 1")
            .bind(couple.to_string())
            .fetch_optional(tx.conn())
            .await?;
    row.map(|row| Ok(PersonId(Columns::by("conversations", "round", &row)?.number("listener")?))).transpose()
}

/// Whoever else takes it waits until this transaction is over, and then sees what it did: for what two would otherwise do side by side.
pub async fn take(tx: &mut Tx, round: RoundId) -> Result<(), StoreError> {
    sqlx::query("update conversations set version = version where round = $1").bind(round.to_string()).execute(tx.conn()).await?;
    Ok(())
}

/// `false` when the round has one already.
pub async fn insert(tx: &mut Tx, conversation: &Conversation) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "insert into conversations (round, couple, listener, length, begun_at, course, live, heavier_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1) on conflict do nothing",
    )
    .bind(conversation.round.to_string())
    .bind(conversation.couple.to_string())
    .bind(conversation.listener.0)
    .bind(conversation.length.name())
    .bind(due_millis(conversation.begun_at))
    .bind(json(&conversation.course)?)
    .bind(i64::from(!conversation.is_over()))
    .bind(conversation.heavier_at.map(due_millis))
    .execute(tx.conn())
    .await?;
    Ok(written.rows_affected() == 1)
}

pub async fn save(tx: &mut Tx, conversation: &Conversation) -> Result<(), StoreError> {
    let written = sqlx::query(
        "update conversations set course = $1, live = $2, heavier_at = $3, version = version + 1 where round = $4 and version = $5",
    )
    .bind(json(&conversation.course)?)
    .bind(i64::from(!conversation.is_over()))
    .bind(conversation.heavier_at.map(due_millis))
    .bind(conversation.round.to_string())
    .bind(conversation.version)
    .execute(tx.conn())
    .await?;
    wrote_one(written.rows_affected(), "conversations", conversation.round)
}

fn read(row: &sqlx::any::AnyRow) -> Result<Conversation, StoreError> {
    let columns = Columns::by("conversations", "round", row)?;
    let length = columns.text("length")?;
    Ok(Conversation {
        round: columns.parsed("round")?,
        couple: columns.parsed("couple")?,
        partners: [PersonId(columns.number("first_person")?), PersonId(columns.number("second_person")?)],
        listener: PersonId(columns.number("listener")?),
        length: Length::named(&length).ok_or_else(|| columns.refuse("length", "not a length"))?,
        begun_at: columns.moment("begun_at")?,
        course: serde_json::from_str(&columns.text("course")?).map_err(|_| columns.refuse("course", "not a course"))?,
        heavier_at: columns.maybe_moment("heavier_at")?,
        version: columns.number("version")?,
    })
}
