//! The journal: written, read, searched and deleted by its author alone (P4). Its key belongs to the person and to no couple.

use super::{Trouble, forgetting, reflecting, retrying, typing};
use crate::app::App;
use crate::domain::ids::{EntryId, PersonId, SittingId};
use crate::domain::journal::{self, Entry, KEY, Mark, Stretch};
use crate::domain::library::Exercise;
use crate::domain::refusal::Refusal;
use crate::domain::words::{Sealed, Words};
use crate::store::entries::Kept;
use crate::store::{self, Forgotten, Tx};
use crate::vault::{self, Binding, DataKey};

/// Entries on one page at most, and UTF-16 units over all of them: they fit one message (6,000 over all embeds: resources/message).
const ON_A_PAGE: usize = 5;
const UNITS_ON_A_PAGE: usize = 5_000;
/// Entries unsealed at a time in a search.
const BATCH: usize = 200;

/// A page of entries, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// Whether older ones follow.
    pub more: bool,
}

/// `Write`: on disk when this returns.
pub async fn write(app: &App, who: PersonId, sitting: SittingId, typed: &Words) -> Result<Entry, Trouble> {
    let words = journal::words(typed)?;
    retrying!(write_once(app, who, sitting, &words))
}

async fn write_once(app: &App, who: PersonId, sitting: SittingId, words: &Words) -> Result<Entry, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let kind = reflecting::sitting_in(app, &mut tx, who, sitting).await?.reflection.kind;
    let entry = Entry { id: EntryId(app.new_id()), kind: Some(kind), written_at: now, words: words.clone() };
    add(app, &mut tx, who, &entry).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Part of the transaction that has something new to keep.
pub(super) async fn add(app: &App, tx: &mut Tx, who: PersonId, entry: &Entry) -> Result<(), Trouble> {
    let words = sealed(app, tx, who, entry.id, &entry.words).await?;
    Ok(store::entries::insert(tx, who, &Kept { mark: entry.mark(), kind: entry.kind, words }).await?)
}

/// Part of the transaction that changes an entry.
pub(super) async fn rewrite(app: &App, tx: &mut Tx, who: PersonId, id: EntryId, words: &Words) -> Result<(), Trouble> {
    let words = sealed(app, tx, who, id, words).await?;
    Ok(store::entries::rewrite(tx, who, id, &words).await?)
}

async fn sealed(app: &App, tx: &mut Tx, who: PersonId, id: EntryId, words: &Words) -> Result<Sealed, Trouble> {
    let key = store::keys::data_key(tx, &app.vault, who, KEY, app.now()).await?;
    Ok(vault::seal(&key, binding(&id.to_string(), who), words)?)
}

/// One entry of this person's, unless it is gone.
pub(super) async fn entry_in(app: &App, tx: &mut Tx, who: PersonId, id: EntryId) -> Result<Option<Entry>, Trouble> {
    let kept = store::entries::load(tx, who, id).await?;
    Ok(open_all(app, tx, who, kept.as_slice()).await?.pop())
}

/// Whether this person has written anything yet.
pub async fn begun(app: &App, who: PersonId) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::entries::any(&mut tx, who).await?)
}

/// `/journal read`: the page after the entry named by `before`.
pub async fn read(
    app: &App,
    who: PersonId,
    stretch: Stretch,
    kind: Option<Exercise>,
    before: Option<EntryId>,
) -> Result<Page, Trouble> {
    let mut tx = app.store.read().await?;
    let before = place(&mut tx, who, before).await?;
    let kept = store::entries::page(&mut tx, who, stretch, kind, before, ON_A_PAGE + 1).await?;
    let entries = open_all(app, &mut tx, who, &kept).await?;
    Ok(fitted(entries))
}

/// One entry, for its author.
pub async fn entry(app: &App, who: PersonId, id: EntryId) -> Result<Entry, Trouble> {
    let mut tx = app.store.read().await?;
    entry_in(app, &mut tx, who, id).await?.ok_or_else(|| Refusal::EntryGone.into())
}

/// Where the page before ended. An entry deleted meanwhile still tells when it was written, by its id.
async fn place(tx: &mut Tx, who: PersonId, before: Option<EntryId>) -> Result<Option<Mark>, Trouble> {
    let Some(id) = before else { return Ok(None) };
    Ok(store::entries::mark(tx, who, id).await?.or_else(|| Mark::of_gone(id)))
}

/// As many as fit one message, one at least.
fn fitted(entries: Vec<Entry>) -> Page {
    let found = entries.len();
    let mut units = 0;
    let fits = |entry: &Entry| {
        units += entry.words.units();
        units <= UNITS_ON_A_PAGE
    };
    let count = entries.iter().map(fits).take(ON_A_PAGE).take_while(|fits| *fits).count().max(1);
    let entries: Vec<Entry> = entries.into_iter().take(count).collect();
    Page { more: found > entries.len(), entries }
}

/// `/journal search`: unsealed in memory only, a batch at a time, newest first.
pub async fn search(app: &App, who: PersonId, wanted: &Words, before: Option<EntryId>) -> Result<Page, Trouble> {
    let mut tx = app.store.read().await?;
    let mut before = place(&mut tx, who, before).await?;
    let mut found = Vec::new();
    while found.len() <= ON_A_PAGE {
        let kept = store::entries::page(&mut tx, who, Stretch::ALL, None, before, BATCH).await?;
        let Some(last) = kept.last().map(|kept| kept.mark) else { break };
        let entries = open_all(app, &mut tx, who, &kept).await?;
        found.extend(entries.into_iter().filter(|entry| journal::contains(&entry.words, wanted)));
        before = Some(last);
    }
    found.truncate(ON_A_PAGE + 1);
    Ok(if found.is_empty() { Page { entries: found, more: false } } else { fitted(found) })
}

pub(super) async fn open_all(app: &App, tx: &mut Tx, who: PersonId, kept: &[Kept]) -> Result<Vec<Entry>, Trouble> {
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let key = store::keys::find(tx, &app.vault, who, KEY).await?;
    let key = key.ok_or_else(|| Trouble::Inconsistent(format!("a key of {who} is gone")))?;
    kept.iter().map(|kept| open(&key, who, kept)).collect()
}

fn open(key: &DataKey, who: PersonId, kept: &Kept) -> Result<Entry, Trouble> {
    let Mark { written_at, id } = kept.mark;
    let words = vault::open(key, binding(&id.to_string(), who), &kept.words)?;
    Ok(Entry { id, kind: kept.kind, written_at, words })
}

fn binding(row: &str, author: PersonId) -> Binding<'_> {
    Binding { table: store::entries::TABLE, row, author }
}

/// What a deletion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleted {
    pub count: u64,
    /// Whether some of it was typed in the DM, where it still stands.
    pub typed: bool,
    /// Whether it left the disk, too. Otherwise it does so by itself, a little later.
    pub from_disk: bool,
}

/// One entry. Pressed twice, it finds the work done.
pub async fn delete(app: &App, who: PersonId, id: EntryId) -> Result<Deleted, Trouble> {
    retrying!(delete_once(app, who, Which::One(id)))
}

/// All entries of a stretch of time.
pub async fn delete_in(app: &App, who: PersonId, stretch: Stretch) -> Result<Deleted, Trouble> {
    retrying!(delete_once(app, who, Which::In(stretch)))
}

/// The whole journal, its key included.
pub async fn delete_all(app: &App, who: PersonId) -> Result<Deleted, Trouble> {
    retrying!(delete_once(app, who, Which::All))
}

#[derive(Clone, Copy)]
pub(super) enum Which {
    One(EntryId),
    In(Stretch),
    All,
}

async fn delete_once(app: &App, who: PersonId, which: Which) -> Result<Deleted, Trouble> {
    let mut tx = app.store.begin().await?;
    let typed = typing::messages_in(&mut tx, who, which).await?;
    let (count, left): (u64, &[Forgotten]) = match which {
        Which::One(id) => (store::entries::delete(&mut tx, who, id).await?.into(), &[Forgotten::Entries]),
        Which::In(stretch) => (store::entries::delete_in(&mut tx, who, stretch).await?, &[Forgotten::Entries]),
        Which::All => {
            // The key first: it waits for whoever is writing under it, and then their entry goes, too.
            store::keys::delete(&mut tx, who, KEY).await?;
            (store::entries::delete_in(&mut tx, who, Stretch::ALL).await?, &[Forgotten::Keys, Forgotten::Entries])
        }
    };
    typing::untick(app, &mut tx, who, &typed).await?;
    let promise = forgetting::promise(app, &mut tx).await?;
    tx.commit().await?;
    let typed = !typed.is_empty();
    Ok(Deleted { count, typed, from_disk: forgetting::forget(app, left, promise).await })
}
