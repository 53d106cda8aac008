//! A couple's pause (`pauses`) and where its cards stand (`pause_posts`).

use jiff::Timestamp;

use super::posts::{Post, number, place};
use super::row::{Columns, due_millis, json};
use super::{StoreError, Tx};
use crate::domain::ids::{ChannelId, CoupleId, MessageId, PersonId};
use crate::domain::pause::Pause;

/// The one that runs, or the last one.
pub async fn load(tx: &mut Tx, couple: CoupleId) -> Result<Option<Pause>, StoreError> {
    let row =
        sqlx::query("select called_by, called_at, ends_at, conversation, taken, is_over, version from pauses where couple = $1")
            .bind(couple.to_string())
            .fetch_optional(tx.conn())
            .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("pauses", couple.to_string(), &row);
    Ok(Some(Pause {
        couple,
        by: PersonId(columns.number("called_by")?),
        called_at: columns.moment("called_at")?,
        until: columns.moment("ends_at")?,
        round: columns.maybe_parsed("conversation")?,
        taken: serde_json::from_str(&columns.text("taken")?).map_err(|_| columns.refuse("taken", "not what was taken"))?,
        is_over: columns.number("is_over")? != 0,
        version: columns.number("version")?,
    }))
}

/// In the place of the one before. Of two who call one in the same moment, the second meets a conflict.
pub async fn save(tx: &mut Tx, pause: &Pause) -> Result<(), StoreError> {
    let written = sqlx::query(
        "insert into pauses (couple, called_by, called_at, ends_at, conversation, taken, is_over, version)
         values ($1, $2, $3, $4, $5, $6, $7, 1)
         on conflict (couple) do update set called_by = excluded.called_by, called_at = excluded.called_at,
             ends_at = excluded.ends_at, conversation = excluded.conversation, taken = excluded.taken,
             is_over = excluded.is_over, version = pauses.version + 1
         where pauses.version = $8",
    )
    .bind(pause.couple.to_string())
    .bind(pause.by.0)
    .bind(due_millis(pause.called_at))
    .bind(due_millis(pause.until))
    .bind(pause.round.map(|round| round.to_string()))
    .bind(json(&pause.taken)?)
    .bind(i64::from(pause.is_over))
    .bind(pause.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "pauses", pause.couple)
}

/// With all of its cards.
pub async fn forget(tx: &mut Tx, couple: CoupleId) -> Result<(), StoreError> {
    sqlx::query("delete from pause_posts where couple = $1").bind(couple.to_string()).execute(tx.conn()).await?;
    sqlx::query("delete from pauses where couple = $1").bind(couple.to_string()).execute(tx.conn()).await?;
    Ok(())
}

/// `since`: when the pause was called.
pub async fn put_post(tx: &mut Tx, couple: CoupleId, since: Timestamp, post: Post) -> Result<(), StoreError> {
    sqlx::query(
        "insert into pause_posts (couple, called_at, place, channel, message) values ($1, $2, $3, $4, $5)
         on conflict (couple, called_at, place) do update set channel = excluded.channel, message = excluded.message",
    )
    .bind(couple.to_string())
    .bind(due_millis(since))
    .bind(number(post.place))
    .bind(post.channel.0)
    .bind(post.message.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn posts(tx: &mut Tx, couple: CoupleId, since: Timestamp) -> Result<Vec<Post>, StoreError> {
    let rows = sqlx::query("select place, channel, message from pause_posts where couple = $1 and called_at = $2 order by place")
        .bind(couple.to_string())
        .bind(due_millis(since))
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("pause_posts", couple.to_string(), row);
            let (channel, message) = (ChannelId(columns.number("channel")?), MessageId(columns.number("message")?));
            Ok(Post { place: place(columns.number("place")?), channel, message })
        })
        .collect()
}

/// They say that it is over, and are edited no more.
pub async fn drop_posts(tx: &mut Tx, couple: CoupleId, since: Timestamp) -> Result<(), StoreError> {
    sqlx::query("delete from pause_posts where couple = $1 and called_at = $2")
        .bind(couple.to_string())
        .bind(due_millis(since))
        .execute(tx.conn())
        .await?;
    Ok(())
}
