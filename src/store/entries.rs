//! The table `entries`: the journal, sealed, newest first. Each query is bounded by its author's own rows.

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{EntryId, PersonId};
use crate::domain::journal::{Mark, Stretch};
use crate::domain::library::Exercise;
use crate::domain::words::Sealed;

/// The name that binds a seal to this table.
pub const TABLE: &str = "entries";

macro_rules! page {
    ($kind:literal) => {
        concat!(
            "select id, kind, words, written_at from entries \
             where author = $1 and written_at >= $2 and (written_at, id) < ($3, $4)",
            $kind,
            " order by written_at desc, id desc limit $5"
        )
    };
}
/// Walks the index `entries_newest`.
pub const PAGE: &str = page!("");
/// Walks the index `entries_of_kind`.
pub const PAGE_OF_KIND: &str = page!(" and kind = $6");

/// Walks the index `entries_newest` from its other end.
pub const ONWARDS: &str = "select id, kind, words, written_at from entries \
     where author = $1 and (written_at, id) > ($2, $3) and (written_at, id) <= ($4, $5) \
     order by written_at, id limit $6";

/// An entry as it lies on disk.
#[derive(Clone, Debug)]
pub struct Kept {
    pub mark: Mark,
    pub kind: Option<Exercise>,
    pub words: Sealed,
}

pub async fn insert(tx: &mut Tx, author: PersonId, entry: &Kept) -> Result<(), StoreError> {
    sqlx::query("insert into entries (id, author, kind, words, written_at) values ($1, $2, $3, $4, $5)")
        .bind(entry.mark.id.to_string())
        .bind(author.0)
        .bind(entry.kind.map(|kind| kind.name().to_owned()))
        .bind(entry.words.0.clone())
        .bind(due_millis(entry.mark.written_at))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The author's entries in this stretch of time, written before `before`, newest first, at most `most`; `kind`: only those after
/// such a practice.
pub async fn page(
    tx: &mut Tx,
    author: PersonId,
    stretch: Stretch,
    kind: Option<Exercise>,
    before: Option<Mark>,
    most: usize,
) -> Result<Vec<Kept>, StoreError> {
    // One bound from above, whichever is nearer: two, and the database walks from the farther. No id comes before the empty one.
    let end = (due_millis(stretch.until), String::new());
    let (until, id) = before.map_or(end.clone(), |mark| end.min((due_millis(mark.written_at), mark.id.to_string())));
    let query = match kind {
        None => sqlx::query(PAGE),
        Some(_) => sqlx::query(PAGE_OF_KIND),
    };
    let query = query.bind(author.0).bind(due_millis(stretch.from)).bind(until).bind(id).bind(count(most));
    let query = match kind {
        None => query,
        Some(kind) => query.bind(kind.name()),
    };
    query.fetch_all(tx.conn()).await?.iter().map(read).collect()
}

/// The author's entries after `after` up to `upto`, oldest first, at most `most`.
pub async fn onwards(
    tx: &mut Tx,
    author: PersonId,
    after: Option<Mark>,
    upto: Mark,
    most: usize,
) -> Result<Vec<Kept>, StoreError> {
    let (from, id) = after.map_or((i64::MIN, String::new()), |mark| (due_millis(mark.written_at), mark.id.to_string()));
    sqlx::query(ONWARDS)
        .bind(author.0)
        .bind(from)
        .bind(id)
        .bind(due_millis(upto.written_at))
        .bind(upto.id.to_string())
        .bind(count(most))
        .fetch_all(tx.conn())
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Other words for an entry; one that is gone meanwhile is a conflict.
pub async fn rewrite(tx: &mut Tx, author: PersonId, id: EntryId, words: &Sealed) -> Result<(), StoreError> {
    let written = sqlx::query("update entries set words = $1 where id = $2 and author = $3")
        .bind(words.0.clone())
        .bind(id.to_string())
        .bind(author.0)
        .execute(tx.conn())
        .await?;
    super::wrote_one(written.rows_affected(), TABLE, id)
}

/// `None` when it is not theirs, or gone.
pub async fn load(tx: &mut Tx, author: PersonId, id: EntryId) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query("select id, kind, words, written_at from entries where id = $1 and author = $2")
        .bind(id.to_string())
        .bind(author.0)
        .fetch_optional(tx.conn())
        .await?;
    row.as_ref().map(read).transpose()
}

/// When the author wrote this entry; `None` when it is not theirs, or gone.
pub async fn mark(tx: &mut Tx, author: PersonId, id: EntryId) -> Result<Option<Mark>, StoreError> {
    let row = sqlx::query("select written_at from entries where id = $1 and author = $2")
        .bind(id.to_string())
        .bind(author.0)
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| Ok(Mark { written_at: Columns::of(TABLE, id.to_string(), &row).moment("written_at")?, id })).transpose()
}

/// Whether the author has any.
pub async fn any(tx: &mut Tx, author: PersonId) -> Result<bool, StoreError> {
    Ok(sqlx::query("select id from entries where author = $1 limit 1").bind(author.0).fetch_optional(tx.conn()).await?.is_some())
}

/// Call [`super::Store::forget`] after the commit, so that what was deleted leaves the disk.
pub async fn delete(tx: &mut Tx, author: PersonId, id: EntryId) -> Result<bool, StoreError> {
    let gone = sqlx::query("delete from entries where id = $1 and author = $2")
        .bind(id.to_string())
        .bind(author.0)
        .execute(tx.conn())
        .await?;
    Ok(gone.rows_affected() == 1)
}

/// How many went. As for [`delete`].
pub async fn delete_in(tx: &mut Tx, author: PersonId, stretch: Stretch) -> Result<u64, StoreError> {
    let gone = sqlx::query("delete from entries where author = $1 and written_at >= $2 and written_at < $3")
        .bind(author.0)
        .bind(due_millis(stretch.from))
        .bind(due_millis(stretch.until))
        .execute(tx.conn())
        .await?;
    Ok(gone.rows_affected())
}

fn read(row: &sqlx::any::AnyRow) -> Result<Kept, StoreError> {
    let columns = Columns::by(TABLE, "id", row)?;
    let kind = columns.maybe_text("kind")?;
    Ok(Kept {
        mark: Mark { written_at: columns.moment("written_at")?, id: columns.parsed("id")? },
        kind: kind.map(|kind| kind.parse().map_err(|_| columns.refuse("kind", "no kind of practice"))).transpose()?,
        words: Sealed(columns.text("words")?),
    })
}

fn count(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
