//! The tables `passages`, what somebody shared of their own, sealed, and `passage_posts`, where it stands. A row outlives its words, so
//! that what was dealt with once is not posted again.

use jiff::Timestamp;

use super::posts::{self, Post};
use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{ChannelId, CoupleId, MessageId, PassageId, PersonId};
use crate::domain::words::Sealed;

/// The name that binds a seal to this table.
pub const TABLE: &str = "passages";

/// A passage as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: PassageId,
    pub couple: CoupleId,
    pub author: PersonId,
    /// `None` once they were destroyed.
    pub words: Option<Sealed>,
}

/// `false` when it was there already.
pub async fn insert(tx: &mut Tx, passage: &Kept, now: Timestamp) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "insert into passages (id, couple, author, words, shared_at) values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
    )
    .bind(passage.id.to_string())
    .bind(passage.couple.to_string())
    .bind(passage.author.0)
    .bind(passage.words.as_ref().map(|words| words.0.clone()))
    .bind(due_millis(now))
    .execute(tx.conn())
    .await?;
    Ok(written.rows_affected() == 1)
}

pub async fn load(tx: &mut Tx, id: PassageId) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query("select couple, author, words from passages where id = $1")
        .bind(id.to_string())
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of(TABLE, id.to_string(), &row);
    Ok(Some(Kept {
        id,
        couple: columns.parsed("couple")?,
        author: PersonId(columns.number("author")?),
        words: columns.maybe_text("words")?.map(Sealed),
    }))
}

/// Those of a couple, with when they were shared, oldest first; `after`: newer ones than this.
pub async fn of_couple(tx: &mut Tx, couple: CoupleId, after: Option<PassageId>) -> Result<Vec<(Kept, Timestamp)>, StoreError> {
    let rows = sqlx::query("select id, author, words, shared_at from passages where couple = $1 and id > $2 order by id")
        .bind(couple.to_string())
        .bind(after.map_or_else(String::new, |after| after.to_string()))
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::by(TABLE, "id", row)?;
            let (id, author) = (columns.parsed("id")?, PersonId(columns.number("author")?));
            let words = columns.maybe_text("words")?.map(Sealed);
            Ok((Kept { id, couple, author, words }, columns.moment("shared_at")?))
        })
        .collect()
}

/// Destroys its words. `false` when there were none. Call [`super::Store::forget`] after the commit.
pub async fn destroy(tx: &mut Tx, id: PassageId) -> Result<bool, StoreError> {
    let done = sqlx::query("update passages set words = null where id = $1 and words is not null")
        .bind(id.to_string())
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// It stands in this message.
pub async fn put_post(tx: &mut Tx, id: PassageId, post: Post) -> Result<(), StoreError> {
    sqlx::query(
        "insert into passage_posts (passage, place, channel, message) values ($1, $2, $3, $4)
         on conflict (passage, place) do update set channel = excluded.channel, message = excluded.message",
    )
    .bind(id.to_string())
    .bind(posts::number(post.place))
    .bind(post.channel.0)
    .bind(post.message.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn posts_of(tx: &mut Tx, id: PassageId) -> Result<Vec<Post>, StoreError> {
    let rows = sqlx::query("select place, channel, message from passage_posts where passage = $1 order by place")
        .bind(id.to_string())
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(|row| posts::read(&Columns::of("passage_posts", id.to_string(), row))).collect()
}

/// The passage that stands in this message.
pub async fn at(tx: &mut Tx, channel: ChannelId, message: MessageId) -> Result<Option<PassageId>, StoreError> {
    let row = sqlx::query("select passage from passage_posts where message = $1 and channel = $2")
        .bind(message.0)
        .bind(channel.0)
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| Columns::by("passage_posts", "passage", &row)?.parsed("passage")).transpose()
}
