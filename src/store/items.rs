//! The table `items`: what stands on a couple's board, sealed, and where each item's message stands. A row outlives its words, so
//! that a message is brought up to date and an old button is answered.

use super::posts;
use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::board::{Item, Posting, Spot};
use crate::domain::ids::{ChannelId, CoupleId, ItemId, MessageId, PersonId};
use crate::domain::words::Sealed;

/// The name that binds a seal to this table.
pub const TABLE: &str = "items";

const COLUMNS: &str = "id, couple, author, kind, words, wording, put_up_at, seen_at, retired_at, posting, place, channel, message, \
                       version";

/// An item as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub item: Item,
    /// `None` once it was retired.
    pub words: Option<Sealed>,
}

pub async fn insert(tx: &mut Tx, item: &Item, words: &Sealed) -> Result<(), StoreError> {
    let (posting, place, channel, message) = posting(item);
    sqlx::query(
        "insert into items (id, couple, author, kind, words, wording, put_up_at, seen_at, retired_at, posting, place, channel, message,
             version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)",
    )
    .bind(item.id.to_string())
    .bind(item.couple.to_string())
    .bind(item.author.0)
    .bind(item.kind.name())
    .bind(words.0.clone())
    .bind(i64::from(item.wording))
    .bind(due_millis(item.put_up_at))
    .bind(item.seen_at.map(due_millis))
    .bind(item.retired_at.map(due_millis))
    .bind(posting)
    .bind(place)
    .bind(channel)
    .bind(message)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes everything but the words of one that stands; an item that was retired takes its words with it.
pub async fn save(tx: &mut Tx, item: &Item) -> Result<(), StoreError> {
    let (posting, place, channel, message) = posting(item);
    let written = sqlx::query(
        "update items set wording = $1, seen_at = $2, retired_at = $3, posting = $4, place = $5, channel = $6, message = $7,
             words = case when $8 = 1 then words else null end, version = version + 1
         where id = $9 and version = $10",
    )
    .bind(i64::from(item.wording))
    .bind(item.seen_at.map(due_millis))
    .bind(item.retired_at.map(due_millis))
    .bind(posting)
    .bind(place)
    .bind(channel)
    .bind(message)
    .bind(i64::from(item.is_live()))
    .bind(item.id.to_string())
    .bind(item.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), TABLE, item.id)
}

/// Part of a transaction that saves the item, too.
pub async fn reword(tx: &mut Tx, id: ItemId, words: &Sealed) -> Result<(), StoreError> {
    sqlx::query("update items set words = $1 where id = $2")
        .bind(words.0.clone())
        .bind(id.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn load(tx: &mut Tx, id: ItemId) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("select {COLUMNS} from items where id = $1")))
        .bind(id.to_string())
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// What stands on a couple's board, oldest first.
pub async fn live(tx: &mut Tx, couple: CoupleId) -> Result<Vec<Kept>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from items where couple = $1 and retired_at is null order by put_up_at, id"
    )))
    .bind(couple.to_string())
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(read).collect()
}

pub async fn live_count(tx: &mut Tx, couple: CoupleId) -> Result<u64, StoreError> {
    let row = sqlx::query("select count(*) as live from items where couple = $1 and retired_at is null")
        .bind(couple.to_string())
        .fetch_one(tx.conn())
        .await?;
    Columns::of(TABLE, couple.to_string(), &row).count("live")
}

/// Of one author, in all their couples.
pub async fn live_count_of(tx: &mut Tx, author: PersonId) -> Result<u64, StoreError> {
    let row = sqlx::query("select count(*) as live from items where author = $1 and retired_at is null")
        .bind(author.0)
        .fetch_one(tx.conn())
        .await?;
    Columns::of(TABLE, author.to_string(), &row).count("live")
}

/// The item that this message shows.
pub async fn shown_in(tx: &mut Tx, channel: ChannelId, message: MessageId) -> Result<Option<ItemId>, StoreError> {
    let row = sqlx::query("select id from items where message = $1 and channel = $2")
        .bind(message.0)
        .bind(channel.0)
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| Columns::by(TABLE, "id", &row)?.parsed("id")).transpose()
}

fn posting(item: &Item) -> (&'static str, Option<i64>, Option<i64>, Option<i64>) {
    match item.posting {
        Posting::OnItsWay => ("on_its_way", None, None, None),
        Posting::Stands(Spot { place, channel, message }) => {
            ("stands", Some(posts::number(place)), Some(channel.0), Some(message.0))
        }
        Posting::Nowhere => ("nowhere", None, None, None),
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Kept, StoreError> {
    let columns = Columns::by(TABLE, "id", row)?;
    let spot = (columns.maybe_number("place")?, columns.maybe_number("channel")?, columns.maybe_number("message")?);
    let posting = match (columns.text("posting")?.as_str(), spot) {
        ("on_its_way", (None, None, None)) => Posting::OnItsWay,
        ("nowhere", (None, None, None)) => Posting::Nowhere,
        ("stands", (Some(place), Some(channel), Some(message))) => {
            Posting::Stands(Spot { place: posts::place(place), channel: ChannelId(channel), message: MessageId(message) })
        }
        _ => return Err(columns.refuse("posting", "not a posting that goes with its message")),
    };
    let item = Item {
        id: columns.parsed("id")?,
        couple: columns.parsed("couple")?,
        author: PersonId(columns.number("author")?),
        kind: columns.parsed("kind")?,
        wording: u32::try_from(columns.number("wording")?).map_err(|_| columns.refuse("wording", "not a wording"))?,
        put_up_at: columns.moment("put_up_at")?,
        seen_at: columns.maybe_moment("seen_at")?,
        retired_at: columns.maybe_moment("retired_at")?,
        posting,
        version: columns.number("version")?,
    };
    Ok(Kept { item, words: columns.maybe_text("words")?.map(Sealed) })
}
