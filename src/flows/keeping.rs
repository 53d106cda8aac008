//! What one keeps for oneself of what opened: a mark on the piece, never a copy, so that it reads as the piece does. Nobody else is told.

use jiff::Timestamp;

use super::pieces::{self, PieceView};
use super::{Trouble, couple, couple_of, retrying};
use crate::app::App;
use crate::domain::couple::Couple;
use crate::domain::ids::{ChannelId, CoupleId, KeptId, MessageId, PersonId};
use crate::domain::piece::Piece;
use crate::domain::refusal::Refusal;
use crate::store;
use crate::store::kept::Kept;
use crate::store::posts::Post;

/// A piece that somebody keeps, as it stands now.
#[derive(Clone, Debug)]
pub struct KeptView {
    pub id: KeptId,
    pub piece: Piece,
    pub kept_at: Timestamp,
    pub couple: Couple,
    pub view: PieceView,
    /// Where it was posted, as far as this person can look there.
    pub posts: Vec<Post>,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub kept: Option<Box<KeptView>>,
    /// Whether older ones follow.
    pub more: bool,
}

/// `Keep this`. Pressed twice, it finds the work done.
pub async fn keep(app: &App, who: PersonId, channel: ChannelId, message: MessageId) -> Result<(), Trouble> {
    retrying!(keep_once(app, who, channel, message))
}

async fn keep_once(app: &App, who: PersonId, channel: ChannelId, message: MessageId) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let piece = pieces::at(&mut tx, channel, message).await?.ok_or(Refusal::NothingToKeep)?;
    let couple = pieces::couple_of(&mut tx, who, piece).await?;
    couple.admits(who)?;
    if store::kept::keeps(&mut tx, who, piece).await? {
        return Ok(());
    }
    if !pieces::read_by(app, &mut tx, who, piece).await?.opened() {
        return Err(Refusal::NothingToKeep.into());
    }
    let kept = Kept { id: KeptId(app.new_id()), couple: couple.id, piece, kept_at: app.now() };
    store::kept::insert(&mut tx, who, &kept).await?;
    tx.commit().await?;
    Ok(())
}

/// `/kept`: the newest, or the one before; in a couple's home only what is theirs.
pub async fn page(app: &App, who: PersonId, within: Option<CoupleId>, before: Option<KeptId>) -> Result<Page, Trouble> {
    let mut tx = app.store.read().await?;
    if let Some(id) = within {
        couple_of(&mut tx, who, id).await?;
    }
    let mut found = store::kept::page(&mut tx, who, within, before, 2).await?.into_iter();
    let (Some(kept), more) = (found.next(), found.next().is_some()) else { return Ok(Page { kept: None, more: false }) };
    let couple = couple(&mut tx, kept.couple).await?;
    let view = pieces::read_by(app, &mut tx, who, kept.piece).await?;
    let posts = pieces::seen_by(pieces::posts(&mut tx, kept.piece).await?, who);
    let Kept { id, piece, kept_at, .. } = kept;
    Ok(Page { kept: Some(Box::new(KeptView { id, piece, kept_at, couple, view, posts })), more })
}

/// `Let it go`. The piece stays where it is. Whether older ones are kept.
pub async fn let_go(app: &App, who: PersonId, within: Option<CoupleId>, id: KeptId) -> Result<bool, Trouble> {
    retrying!(let_go_once(app, who, within, id))
}

async fn let_go_once(app: &App, who: PersonId, within: Option<CoupleId>, id: KeptId) -> Result<bool, Trouble> {
    let mut tx = app.store.begin().await?;
    store::kept::delete(&mut tx, who, id).await?;
    let more = !store::kept::page(&mut tx, who, within, Some(id), 1).await?.is_empty();
    tx.commit().await?;
    Ok(more)
}
