//! A passage on its way from one's journal to one's partner: only what its author was shown and confirmed, only to where they were
//! told (P4, P6). Before the yes nothing of it is stored.

use super::{Trouble, couple, couple_of, forgetting, queue, reading, retrying};
use crate::app::App;
use crate::domain::couple::Couple;
use crate::domain::ids::{ChannelId, CoupleId, PassageId, PersonId};
use crate::domain::notice::Notice;
use crate::domain::passage;
use crate::domain::piece::Piece;
use crate::domain::refusal::Refusal;
use crate::domain::visibility::Hold;
use crate::domain::words::Words;
use crate::store::passages::{self, Kept};
use crate::store::posts::Post;
use crate::store::{self, Tx};
use crate::vault::Binding;

/// What its author is shown before they say yes.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Under which it will be shared, once.
    pub id: PassageId,
    pub couple: Couple,
    pub words: Words,
}

/// A passage as it is to be shown.
#[derive(Clone, Debug)]
pub struct PassageView {
    pub couple: Couple,
    pub author: PersonId,
    /// `None`: removed by its author.
    pub words: Option<Words>,
}

/// The couple, if something can be shared in it at this moment.
pub async fn home(app: &App, who: PersonId, id: CoupleId) -> Result<Couple, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple_of(&mut tx, who, id).await?;
    couple.home_ready()?;
    Ok(couple)
}

pub async fn preview(app: &App, who: PersonId, id: CoupleId, typed: &Words) -> Result<Preview, Trouble> {
    let words = passage::words(typed)?;
    let couple = home(app, who, id).await?;
    Ok(Preview { id: PassageId(app.new_id()), couple, words })
}

/// What its author said yes to.
#[derive(Clone, Debug)]
pub struct Confirmed {
    pub id: PassageId,
    pub couple: CoupleId,
    /// Where they were told it would stand.
    pub channel: Option<ChannelId>,
    pub words: Words,
}

/// What became of a yes.
#[derive(Clone, Debug)]
pub enum Shared {
    OnItsWay(Couple),
    /// The couple lives elsewhere by now than its author was told: they are asked again.
    Moved(Preview),
}

/// `Post it`. Pressed twice, it finds the work done.
pub async fn share(app: &App, who: PersonId, confirmed: &Confirmed) -> Result<Shared, Trouble> {
    let words = passage::words(&confirmed.words)?;
    retrying!(share_once(app, who, confirmed, &words))
}

async fn share_once(app: &App, who: PersonId, confirmed: &Confirmed, words: &Words) -> Result<Shared, Trouble> {
    let (id, channel, now) = (confirmed.id, confirmed.channel, app.now());
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, confirmed.couple).await?;
    if passages::load(&mut tx, id).await?.is_some() {
        return Ok(Shared::OnItsWay(couple));
    }
    couple.home_ready()?;
    if couple.channel() != channel {
        return Ok(Shared::Moved(Preview { id, couple, words: words.clone() }));
    }
    let row = id.to_string();
    let sealed = reading::seal(app, &mut tx, &couple, binding(&row, who), words).await?;
    let kept = Kept { id, couple: couple.id, author: who, words: Some(sealed) };
    if passages::insert(&mut tx, &kept, now).await? {
        for place in couple.places() {
            queue(app, &mut tx, &Notice::Passage { passage: id, place, channel }, now).await?;
        }
        tx.commit().await?;
    }
    Ok(Shared::OnItsWay(couple))
}

/// Refused when it was destroyed, or when the couple ended meanwhile.
pub async fn look(app: &App, id: PassageId) -> Result<PassageView, Trouble> {
    let mut tx = app.store.read().await?;
    let kept = passages::load(&mut tx, id).await?.ok_or(Refusal::EntryGone)?;
    let sealed = kept.words.ok_or(Refusal::EntryGone)?;
    let couple = couple(&mut tx, kept.couple).await?;
    if couple.left.is_some() {
        return Err(Refusal::CoupleEnded.into());
    }
    let words = reading::unseal(app, &mut tx, &couple, binding(&id.to_string(), kept.author), Some(sealed)).await?;
    let words = words.ok_or(Refusal::EntryGone)?;
    Ok(PassageView { couple, author: kept.author, words: Some(words) })
}

/// As it stands, removed by its author or not. `None`: it is gone with all that its author deleted.
pub(super) async fn standing(app: &App, tx: &mut Tx, id: PassageId) -> Result<Option<PassageView>, Trouble> {
    let Some(kept) = passages::load(tx, id).await? else { return Ok(None) };
    let couple = couple(tx, kept.couple).await?;
    let words = match kept.words {
        Some(sealed) => reading::unseal(app, tx, &couple, binding(&id.to_string(), kept.author), Some(sealed)).await?,
        None => None,
    };
    Ok(Some(PassageView { couple, author: kept.author, words }))
}

/// The same, for whoever draws it.
pub async fn as_it_stands(app: &App, id: PassageId) -> Result<Option<PassageView>, Trouble> {
    standing(app, &mut app.store.read().await?, id).await
}

/// It stands in its place: part of the transaction that settles its notice.
pub async fn posted(app: &App, tx: &mut Tx, id: PassageId, post: Post) -> Result<(), Trouble> {
    let Some(kept) = passages::load(tx, id).await? else { return Ok(()) };
    passages::put_post(tx, id, post).await?;
    // Its author took the words away while they were on their way.
    if kept.words.is_none() {
        queue(app, tx, &Notice::Redraw { piece: Piece::Passage(id) }, app.now()).await?;
    }
    Ok(())
}

/// It was not shown, and is destroyed: part of the transaction that settles its notice. `why`: what its author, and nobody else, is
/// told. In a couple that ended nobody is: that would be an alarm.
pub async fn unshown(app: &App, tx: &mut Tx, id: PassageId, why: Option<Hold>) -> Result<Option<forgetting::Promise>, Trouble> {
    let Some(kept) = passages::load(tx, id).await? else { return Ok(None) };
    if !passages::destroy(tx, id).await? {
        return Ok(None);
    }
    let left = store::couples::load(tx, kept.couple).await?.is_none_or(|couple| couple.left.is_some());
    if let Some(why) = why.filter(|_| !left) {
        queue(app, tx, &Notice::NotShared { couple: kept.couple, to: kept.author, why }, app.now()).await?;
    }
    forgetting::promise(app, tx).await.map(Some)
}

pub(super) fn binding(row: &str, author: PersonId) -> Binding<'_> {
    Binding { table: passages::TABLE, row, author }
}
