//! What becomes of an item's message: posted, brought up to date, held, gone. Each is part of the transaction that settles its notice.

use super::super::{Trouble, couple, keep};
use super::{ItemView, worded};
use crate::app::App;
use crate::domain::board::{Item, Shown, Spot, Unposted};
use crate::domain::couple::Couple;
use crate::domain::ids::ItemId;
use crate::domain::refusal::Refusal;
use crate::domain::step::Step;
use crate::domain::visibility::Hold;
use crate::store::items::{self, Kept};
use crate::store::{self, Tx};

/// For wording its message. Refused once the couple ended: there an edit would be an alarm.
pub async fn look(app: &App, id: ItemId) -> Result<ItemView, Trouble> {
    let view = as_it_stands(app, id).await?;
    if view.couple.left.is_some() { Err(Refusal::CoupleEnded.into()) } else { Ok(view) }
}

/// The same in a couple that ended, for taking out of it what was removed before; nothing else is changed there.
pub async fn as_it_stands(app: &App, id: ItemId) -> Result<ItemView, Trouble> {
    let mut tx = app.store.read().await?;
    let kept = items::load(&mut tx, id).await?.ok_or(Refusal::CoupleEnded)?;
    let couple = couple(&mut tx, kept.item.couple).await?;
    if couple.left.is_some() && kept.item.is_live() {
        return Err(Refusal::CoupleEnded.into());
    }
    let shown = worded(app, &mut tx, &couple, kept).await?;
    Ok(ItemView { couple, shown })
}

/// `shown`: what it says; nothing when an earlier attempt posted it.
pub async fn posted(app: &App, tx: &mut Tx, id: ItemId, spot: Spot, shown: Option<Shown>) -> Result<(), Trouble> {
    step(app, tx, id, |item, _| item.posted(spot, shown)).await
}

pub async fn edited(app: &App, tx: &mut Tx, id: ItemId, shown: Shown) -> Result<(), Trouble> {
    step(app, tx, id, |item, _| item.says(Some(shown))).await
}

/// It is not there any more, or not where the couple lives.
pub async fn gone(app: &App, tx: &mut Tx, id: ItemId, spot: Spot) -> Result<(), Trouble> {
    step(app, tx, id, |item, couple| item.gone(spot, couple)).await
}

pub async fn unposted(app: &App, tx: &mut Tx, id: ItemId, how: Unposted) -> Result<(), Trouble> {
    step(app, tx, id, |item, couple| item.unposted(how, couple)).await
}

/// The message that stands may not say now what the item has become.
pub async fn held(app: &App, tx: &mut Tx, id: ItemId, why: Hold) -> Result<(), Trouble> {
    step(app, tx, id, |item, couple| item.held(why, couple)).await
}

async fn step(app: &App, tx: &mut Tx, id: ItemId, becomes: impl FnOnce(Item, &Couple) -> Step<Item>) -> Result<(), Trouble> {
    let Some(Kept { item, .. }) = items::load(tx, id).await? else { return Ok(()) };
    let Some(couple) = store::couples::load(tx, item.couple).await? else { return Ok(()) };
    let step = becomes(item, &couple);
    items::save(tx, &step.state).await?;
    keep(app, tx, step.notices, step.timings, app.now()).await
}
