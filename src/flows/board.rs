//! What each of two does with their board: put up, edit, retire, put back what is one's own; see what is the other's; look at all of
//! it. What becomes of an item's message is [`posting`]'s.

pub mod posting;

use super::{Trouble, couple, couple_of, forgetting, keep, reading, retrying};
use crate::app::App;
use crate::domain::board::{self, Item, Kind, MOST, New};
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, ItemId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::round::{self, Round};
use crate::domain::step::Step;
use crate::domain::words::Words;
use crate::store::items::{self, Kept};
use crate::store::{self, Forgotten, Tx};
use crate::vault::Binding;

/// An item and what it says.
#[derive(Clone, Debug)]
pub struct Worded {
    pub item: Item,
    /// `None`: its author took them off the board.
    pub words: Option<Words>,
}

/// One item, and whose board it stands on.
#[derive(Clone, Debug)]
pub struct ItemView {
    pub couple: Couple,
    pub shown: Worded,
}

/// All that stands on a couple's board, oldest first.
#[derive(Clone, Debug)]
pub struct BoardView {
    pub couple: Couple,
    pub items: Vec<Worded>,
}

/// The couple, if something can be put up at this moment.
pub async fn may_add(app: &App, who: PersonId, id: CoupleId) -> Result<Couple, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple_of(&mut tx, who, id).await?;
    couple.home_ready()?;
    has_room(&mut tx, &couple).await?;
    Ok(couple)
}

async fn has_room(tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    let full = items::live_count(tx, couple.id).await? >= MOST as u64;
    if full { Err(Refusal::BoardFull(couple.id).into()) } else { Ok(()) }
}

/// As [`has_room`], for a transaction that takes the room: of two at this moment, the couple's version lets one through at a time.
async fn takes_room(tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    has_room(tx, couple).await?;
    Ok(store::couples::save(tx, couple).await?)
}

/// `/board add`. On disk when this returns, and on its way to the other.
pub async fn add(app: &App, who: PersonId, couple: CoupleId, kind: Kind, typed: &Words) -> Result<ItemView, Trouble> {
    let words = board::words(typed)?;
    retrying!(add_once(app, who, couple, kind, &words))
}

async fn add_once(app: &App, who: PersonId, id: CoupleId, kind: Kind, words: &Words) -> Result<ItemView, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, id).await?;
    let new = New { id: ItemId(app.new_id()), author: who, kind };
    let step = Item::put_up(new, &couple, now)?;
    takes_room(&mut tx, &couple).await?;
    let row = new.id.to_string();
    let sealed = reading::seal(app, &mut tx, &couple, binding(&row, who), words).await?;
    items::insert(&mut tx, &step.state, &sealed).await?;
    keep(app, &mut tx, step.notices, step.timings, now).await?;
    tx.commit().await?;
    Ok(ItemView { couple, shown: Worded { item: step.state, words: Some(words.clone()) } })
}

/// `/board list`.
pub async fn list(app: &App, who: PersonId, couple: CoupleId) -> Result<BoardView, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    let items = live(app, &mut tx, &couple).await?;
    Ok(BoardView { couple, items })
}

/// What stands on a couple's board, whatever has become of the couple.
pub(super) async fn live(app: &App, tx: &mut Tx, couple: &Couple) -> Result<Vec<Worded>, Trouble> {
    let mut found = Vec::new();
    for kept in items::live(tx, couple.id).await? {
        found.push(worded(app, tx, couple, kept).await?);
    }
    Ok(found)
}

/// One item that stands, for either of the two.
pub async fn item(app: &App, who: PersonId, id: ItemId) -> Result<ItemView, Trouble> {
    let mut tx = app.store.read().await?;
    let (couple, kept) = item_of(&mut tx, who, id).await?;
    if !kept.item.is_live() {
        return Err(Refusal::ItemRetired.into());
    }
    let shown = worded(app, &mut tx, &couple, kept).await?;
    Ok(ItemView { couple, shown })
}

/// Whatever has become of it. `None`: it went with all that its author deleted.
pub(super) async fn standing(app: &App, tx: &mut Tx, id: ItemId) -> Result<Option<ItemView>, Trouble> {
    let Some(kept) = items::load(tx, id).await? else { return Ok(None) };
    let couple = couple(tx, kept.item.couple).await?;
    let shown = worded(app, tx, &couple, kept).await?;
    Ok(Some(ItemView { couple, shown }))
}

/// One's own item, to be written anew.
pub async fn own(app: &App, who: PersonId, id: ItemId) -> Result<ItemView, Trouble> {
    let view = item(app, who, id).await?;
    view.shown.item.may_edit(who)?;
    Ok(view)
}

/// What became of an edit.
#[derive(Clone, Debug)]
pub struct Edited {
    pub view: ItemView,
    /// Whether its words are others than before.
    pub changed: bool,
}

pub async fn edit(app: &App, who: PersonId, id: ItemId, typed: &Words) -> Result<Edited, Trouble> {
    let words = board::words(typed)?;
    retrying!(edit_once(app, who, id, &words))
}

async fn edit_once(app: &App, who: PersonId, id: ItemId, words: &Words) -> Result<Edited, Trouble> {
    let mut tx = app.store.begin().await?;
    let (couple, kept) = item_of(&mut tx, who, id).await?;
    kept.item.may_edit(who)?;
    let Worded { item, words: before } = worded(app, &mut tx, &couple, kept).await?;
    let changed = before.as_ref() != Some(words);
    let step = item.edited(who, changed, &couple)?;
    if changed {
        reword(app, &mut tx, &couple, &step.state, words).await?;
    }
    let view = finish(app, tx, couple, step, Some(words.clone())).await?;
    Ok(Edited { view, changed })
}

/// `I see this`, of one wording. It is no agreement, and told to nobody: the list says it to the author.
pub async fn see(app: &App, who: PersonId, id: ItemId, wording: u32) -> Result<ItemView, Trouble> {
    retrying!(see_once(app, who, id, wording))
}

async fn see_once(app: &App, who: PersonId, id: ItemId, wording: u32) -> Result<ItemView, Trouble> {
    let mut tx = app.store.begin().await?;
    let (couple, kept) = item_of(&mut tx, who, id).await?;
    let step = kept.item.clone().seen(who, wording, app.now())?;
    let words = worded(app, &mut tx, &couple, kept).await?.words;
    finish(app, tx, couple, step, words).await
}

/// What was taken off the board.
#[derive(Clone, Debug)]
pub struct Retired {
    pub item: Item,
    /// What it said, once more and for the last time; `None` for a second press.
    pub words: Option<Words>,
}

/// Its words are destroyed. They go along to their author, who may put them back.
pub async fn retire(app: &App, who: PersonId, id: ItemId) -> Result<Retired, Trouble> {
    retrying!(retire_once(app, who, id))
}

async fn retire_once(app: &App, who: PersonId, id: ItemId) -> Result<Retired, Trouble> {
    let mut tx = app.store.begin().await?;
    let (couple, kept) = item_of(&mut tx, who, id).await?;
    let step = kept.item.clone().retired(who, app.now())?;
    if !kept.item.is_live() {
        return Ok(Retired { item: step.state, words: None });
    }
    let words = worded(app, &mut tx, &couple, kept).await?.words;
    let promise = forgetting::promise(app, &mut tx).await?;
    let item = finish(app, tx, couple, step, None).await?.shown.item;
    forgetting::forget(app, &[Forgotten::Items], promise).await;
    Ok(Retired { item, words })
}

/// `Put it back`, with the words that came along. Pressed twice, it finds it there.
pub async fn put_back(app: &App, who: PersonId, id: ItemId, carried: &Words) -> Result<ItemView, Trouble> {
    let words = board::words(carried)?;
    retrying!(put_back_once(app, who, id, &words))
}

async fn put_back_once(app: &App, who: PersonId, id: ItemId, words: &Words) -> Result<ItemView, Trouble> {
    let mut tx = app.store.begin().await?;
    let (couple, kept) = item_of(&mut tx, who, id).await?;
    let step = kept.item.clone().put_back(who, &couple)?;
    if kept.item.is_live() {
        let shown = worded(app, &mut tx, &couple, kept).await?;
        return Ok(ItemView { couple, shown });
    }
    takes_room(&mut tx, &couple).await?;
    reword(app, &mut tx, &couple, &step.state, words).await?;
    finish(app, tx, couple, step, Some(words.clone())).await
}

/// Whether this check-in asks this partner whether something of theirs on the board has gone out of date.
pub(super) async fn asked_in(tx: &mut Tx, who: PersonId, couple: &Couple, check_in: &Round) -> Result<bool, Trouble> {
    if check_in.question.kind() != round::Kind::CheckIn {
        return Ok(false);
    }
    let begun = store::rounds::asked_until(tx, couple.id, round::Kind::CheckIn, check_in.asked_at).await?;
    let own = async |tx| Ok::<_, Trouble>(items::live(tx, couple.id).await?.iter().any(|kept| kept.item.author == who));
    Ok(board::asks_what_is_out_of_date(couple.paired_at, &begun) && own(tx).await?)
}

/// An item of a living couple, for one of the two (P5). One that is not there went with its author's data, or with its couple.
async fn item_of(tx: &mut Tx, who: PersonId, id: ItemId) -> Result<(Couple, Kept), Trouble> {
    let kept = items::load(tx, id).await?.ok_or(Refusal::CoupleEnded)?;
    let couple = couple(tx, kept.item.couple).await?;
    couple.admits(who)?;
    Ok((couple, kept))
}

async fn worded(app: &App, tx: &mut Tx, couple: &Couple, kept: Kept) -> Result<Worded, Trouble> {
    let Kept { item, words } = kept;
    let row = item.id.to_string();
    let words = match words {
        Some(sealed) => reading::unseal(app, tx, couple, binding(&row, item.author), Some(sealed)).await?,
        None => None,
    };
    Ok(Worded { item, words })
}

async fn reword(app: &App, tx: &mut Tx, couple: &Couple, item: &Item, words: &Words) -> Result<(), Trouble> {
    let row = item.id.to_string();
    let sealed = reading::seal(app, tx, couple, binding(&row, item.author), words).await?;
    Ok(items::reword(tx, item.id, &sealed).await?)
}

/// Keeps a step of an item, and says what it has become.
async fn finish(app: &App, mut tx: Tx, couple: Couple, step: Step<Item>, words: Option<Words>) -> Result<ItemView, Trouble> {
    items::save(&mut tx, &step.state).await?;
    keep(app, &mut tx, step.notices, step.timings, app.now()).await?;
    tx.commit().await?;
    Ok(ItemView { couple, shown: Worded { item: step.state, words } })
}

fn binding(row: &str, author: PersonId) -> Binding<'_> {
    Binding { table: items::TABLE, row, author }
}
