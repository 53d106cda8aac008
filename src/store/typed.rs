//! The tables `typed` and `dms`: which message is which part of an entry, and how far each person's DM was dealt with. No words.

use jiff::Timestamp;

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{EntryId, MessageId, PersonId};
use crate::domain::journal::Stretch;
use crate::domain::typed::Chat;

/// Where a message's words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub message: MessageId,
    pub author: PersonId,
    pub entry: EntryId,
    /// In UTF-16 units.
    pub units: usize,
    pub gone_at: Option<Timestamp>,
}

macro_rules! places {
    ($which:literal) => {
        concat!("select message, author, entry, units, gone_at from typed where ", $which)
    };
}

/// With the length that its message has by now.
pub async fn save(tx: &mut Tx, place: &Place) -> Result<(), StoreError> {
    sqlx::query(
        "insert into typed (message, author, entry, units, gone_at) values ($1, $2, $3, $4, $5)
         on conflict (message) do update set units = excluded.units, gone_at = excluded.gone_at",
    )
    .bind(place.message.0)
    .bind(place.author.0)
    .bind(place.entry.to_string())
    .bind(i64::try_from(place.units).unwrap_or(i64::MAX))
    .bind(place.gone_at.map(due_millis))
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, message: MessageId) -> Result<Option<Place>, StoreError> {
    let row = sqlx::query(places!("message = $1")).bind(message.0).fetch_optional(tx.conn()).await?;
    row.map(|row| read(&row)).transpose()
}

/// The parts of this author's entry, in order; none when it was not typed, is gone, or is not theirs.
pub async fn of_entry(tx: &mut Tx, author: PersonId, entry: EntryId) -> Result<Vec<Place>, StoreError> {
    let rows = sqlx::query(places!("entry = $1 and author = $2 order by message"))
        .bind(entry.to_string())
        .bind(author.0)
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(read).collect()
}

/// The messages in the author's entries of this stretch of time, newest first, at most `most`.
pub async fn in_stretch(tx: &mut Tx, author: PersonId, stretch: Stretch, most: usize) -> Result<Vec<MessageId>, StoreError> {
    let rows = sqlx::query(
        "select typed.message as message from typed join entries on entries.id = typed.entry
         where typed.author = $1 and entries.written_at >= $2 and entries.written_at < $3 order by typed.message desc limit $4",
    )
    .bind(author.0)
    .bind(due_millis(stretch.from))
    .bind(due_millis(stretch.until))
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| Ok(MessageId(Columns::of("typed", "stretch", row).number("message")?))).collect()
}

/// Whether anything that this person typed is kept.
pub async fn any(tx: &mut Tx, author: PersonId) -> Result<bool, StoreError> {
    Ok(sqlx::query("select message from typed where author = $1 limit 1")
        .bind(author.0)
        .fetch_optional(tx.conn())
        .await?
        .is_some())
}

/// It is no part of its entry any more. An entry that goes takes all of its parts along.
pub async fn delete(tx: &mut Tx, message: MessageId) -> Result<(), StoreError> {
    sqlx::query("delete from typed where message = $1").bind(message.0).execute(tx.conn()).await?;
    Ok(())
}

/// Everybody begins with nothing heard.
pub async fn chat(tx: &mut Tx, person: PersonId) -> Result<Chat, StoreError> {
    let row = sqlx::query("select heard, asked, refused, ticked_at, behind, awaited, version from dms where person = $1")
        .bind(person.0)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(Chat::new(person)) };
    let columns = Columns::of("dms", person.to_string(), &row);
    let message = |column| -> Result<Option<MessageId>, StoreError> { Ok(columns.maybe_number(column)?.map(MessageId)) };
    Ok(Chat {
        person,
        heard: MessageId(columns.number("heard")?),
        asked: message("asked")?,
        refused: message("refused")?,
        ticked_at: columns.maybe_moment("ticked_at")?,
        behind: message("behind")?,
        awaited: message("awaited")?,
        version: columns.number("version")?,
    })
}

pub async fn save_chat(tx: &mut Tx, chat: &Chat) -> Result<(), StoreError> {
    let written = sqlx::query(
        "insert into dms (person, heard, asked, refused, ticked_at, behind, awaited, version)
         values ($1, $2, $3, $4, $5, $6, $7, 1)
         on conflict (person) do update set heard = excluded.heard, asked = excluded.asked, refused = excluded.refused,
             ticked_at = excluded.ticked_at, behind = excluded.behind, awaited = excluded.awaited, version = dms.version + 1
         where dms.version = $8",
    )
    .bind(chat.person.0)
    .bind(chat.heard.0)
    .bind(chat.asked.map(|message| message.0))
    .bind(chat.refused.map(|message| message.0))
    .bind(chat.ticked_at.map(due_millis))
    .bind(chat.behind.map(|message| message.0))
    .bind(chat.awaited.map(|message| message.0))
    .bind(chat.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "dms", chat.person)
}

/// DMs in which nothing was typed since then; walks the whole table: for once a day.
pub async fn forget_before(tx: &mut Tx, before: MessageId) -> Result<u64, StoreError> {
    let gone = sqlx::query("delete from dms where heard < $1 and behind is null").bind(before.0).execute(tx.conn()).await?;
    Ok(gone.rows_affected())
}

fn read(row: &sqlx::any::AnyRow) -> Result<Place, StoreError> {
    let message = Columns::of("typed", "?", row).number("message")?;
    let columns = Columns::of("typed", message.to_string(), row);
    Ok(Place {
        message: MessageId(message),
        author: PersonId(columns.number("author")?),
        entry: columns.parsed("entry")?,
        units: usize::try_from(columns.number("units")?).map_err(|_| columns.refuse("units", "a length below zero"))?,
        gone_at: columns.maybe_moment("gone_at")?,
    })
}
