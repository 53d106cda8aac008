//! Where a couple's conversations appear: made, moved, seen by others, gone.

use super::conversing::by_itself;
use super::{Trouble, couple, keep, opening, pausing, retrying};
use crate::app::App;
use crate::domain::couple::{Couple, Home, NoChannel};
use crate::domain::ids::{ChannelId, CoupleId, PersonId, ServerId};
use crate::domain::notice::{Notice, Place};
use crate::domain::round::{self, Round};
use crate::domain::visibility::Overwrite;
use crate::store::posts::Kind;
use crate::store::{self, Tx};

/// The channel stands, or there will be none and they meet in their DMs: part of the transaction that settles the making. A
/// couple that meanwhile ended, or settled elsewhere, stays as it is.
pub async fn made(app: &App, tx: &mut Tx, id: CoupleId, channel: Result<ChannelId, NoChannel>) -> Result<(), Trouble> {
    let couple = couple(tx, id).await?;
    if couple.left.is_some() || couple.home != Home::Making {
        return Ok(());
    }
    match channel {
        Ok(channel) => settle(app, tx, couple, Home::Channel(channel), None).await,
        Err(why) => settle(app, tx, couple, Home::Dms, Some(why)).await,
    }
}

/// Neither a channel nor a DM could be reached: part of the transaction that settles a welcome.
pub async fn unreachable(tx: &mut Tx, id: CoupleId) -> Result<(), Trouble> {
    let mut couple = couple(tx, id).await?;
    if couple.home == Home::Dms {
        couple.home = Home::Nowhere;
        store::couples::save(tx, &couple).await?;
    }
    Ok(())
}

pub(super) async fn settle(
    app: &App,
    tx: &mut Tx,
    couple: Couple,
    home: Home,
    no_channel: Option<NoChannel>,
) -> Result<(), Trouble> {
    let step = couple.settled(home, no_channel);
    store::couples::save(tx, &step.state).await?;
    keep(app, tx, step.notices, step.timings, app.now()).await?;
    bring_along(app, tx, &step.state).await?;
    by_itself::bring_along(app, tx, &step.state).await?;
    pausing::bring_along(app, tx, &step.state).await?;
    opening::retry_held(app, tx, step.state.id).await
}

/// Rounds that are open move with their couple: their cards leave the old place and stand in the new one.
async fn bring_along(app: &App, tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    for kind in round::Kind::ALL {
        if let Some(round) = store::rounds::awaiting(tx, couple.id, kind).await? {
            bring_one_along(app, tx, couple, &round).await?;
        }
    }
    Ok(())
}

async fn bring_one_along(app: &App, tx: &mut Tx, couple: &Couple, round: &Round) -> Result<(), Trouble> {
    if round.card_hold.is_some() {
        // A held card is tried again by itself.
        return Ok(());
    }
    let (posts, places) = (store::posts::all(tx, round.id, Kind::Card).await?, couple.places());
    for post in posts.iter().filter(|post| !places.contains(&post.place)) {
        super::queue(app, tx, &Notice::CardRemoval { round: round.id, only_in: Some(post.place) }, app.now()).await?;
    }
    let stands = |place: &Place| posts.iter().any(|post| post.place == *place && couple.home_is(post.channel, *place));
    for place in places.into_iter().filter(|place| !stands(place)) {
        super::queue(app, tx, &Notice::Card { round: round.id, place }, app.now()).await?;
    }
    Ok(())
}

pub(super) async fn make_channel(app: &App, tx: &mut Tx, mut couple: Couple) -> Result<(), Trouble> {
    couple.home = Home::Making;
    store::couples::save(tx, &couple).await?;
    super::queue(app, tx, &Notice::MakeHome { couple: couple.id }, app.now()).await
}

/// The channel was deleted. Both are told, once.
pub async fn lost(app: &App, tx: &mut Tx, channel: ChannelId) -> Result<(), Trouble> {
    store::channels::forget(tx, channel).await?;
    let Some(couple) = store::couples::of_channel(tx, channel).await? else { return Ok(()) };
    if couple.left.is_some() || couple.home != Home::Channel(channel) {
        return Ok(());
    }
    let step = couple.unhoused();
    store::couples::save(tx, &step.state).await?;
    keep(app, tx, step.notices, step.timings, app.now()).await
}

/// What the gateway told about a channel. Channels that are nobody's home are not remembered.
pub async fn seen(app: &App, channel: ChannelId, server: ServerId, overwrites: &[Overwrite]) -> Result<(), Trouble> {
    retrying!(seen_once(app, channel, server, overwrites))
}

/// All channels of a server, as a new session tells them; only those that are homes are looked at.
pub async fn seen_all(app: &App, server: ServerId, channels: &[(ChannelId, Vec<Overwrite>)]) -> Result<(), Trouble> {
    let homes = {
        let mut tx = app.store.read().await?;
        store::couples::channels_in(&mut tx, server).await?
    };
    for (channel, overwrites) in channels.iter().filter(|(channel, _)| homes.contains(channel)) {
        seen(app, *channel, server, overwrites).await?;
    }
    Ok(())
}

async fn seen_once(app: &App, channel: ChannelId, server: ServerId, overwrites: &[Overwrite]) -> Result<(), Trouble> {
    {
        let mut tx = app.store.read().await?;
        if store::couples::of_channel(&mut tx, channel).await?.is_none_or(|couple| couple.left.is_some()) {
            return Ok(());
        }
        if store::channels::load(&mut tx, channel).await?.as_deref() == Some(overwrites) {
            return Ok(());
        }
    }
    let mut tx = app.store.begin().await?;
    store::channels::seen(&mut tx, channel, server, overwrites, app.now()).await?;
    if let Some(couple) = store::couples::of_channel(&mut tx, channel).await? {
        opening::retry_held(app, &mut tx, couple.id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A channel that was just made: remembered before it is anybody's home, so that no request is needed to know it.
pub async fn seen_new(app: &App, channel: ChannelId, server: ServerId, overwrites: &[Overwrite]) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    store::channels::seen(&mut tx, channel, server, overwrites, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

pub async fn deleted(app: &App, channel: ChannelId) -> Result<(), Trouble> {
    retrying!(deleted_once(app, channel))
}

async fn deleted_once(app: &App, channel: ChannelId) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    lost(app, &mut tx, channel).await?;
    tx.commit().await?;
    Ok(())
}

/// The gateway session was lost, so what happened meanwhile is unknown.
pub async fn forget_what_was_seen(app: &App) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    store::channels::forget_all(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// What is known of who may see this channel.
pub async fn known_overwrites(app: &App, channel: ChannelId) -> Result<Option<Vec<Overwrite>>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::channels::load(&mut tx, channel).await?)
}

/// The couple meant by a place: the one whose home it is, else the only one the person has.
pub async fn meant_by(app: &App, who: PersonId, channel: Option<ChannelId>) -> Result<Couple, Trouble> {
    use crate::domain::refusal::Refusal;
    let mut tx = app.store.read().await?;
    if let Some(channel) = channel
        && let Some(couple) = store::couples::of_channel(&mut tx, channel).await?
        && couple.partner(who).is_some()
    {
        couple.admits(who)?;
        return Ok(couple);
    }
    let mut couples = store::couples::of_person(&mut tx, who).await?;
    match couples.len() {
        // A DM home says that it is closed, as a channel does.
        0 if channel.is_some() && channel == store::people::load(&mut tx, who).await?.dm => {
            let newest = store::couples::newest_of_person(&mut tx, who).await?;
            let closed = newest.is_some_and(|couple| couple.home == Home::Dms && couple.left.is_some());
            Err(if closed { Refusal::CoupleEnded } else { Refusal::NoCouple }.into())
        }
        0 => Err(Refusal::NoCouple.into()),
        1 => Ok(couples.remove(0)),
        _ => Err(Refusal::WhichCouple(couples.iter().map(|couple| couple.id).collect()).into()),
    }
}

/// A person's living couples, oldest first.
pub async fn couples(app: &App, who: PersonId) -> Result<Vec<Couple>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::couples::of_person(&mut tx, who).await?)
}

/// A couple as it is now, for wording and posting.
pub async fn look(app: &App, id: CoupleId) -> Result<Couple, Trouble> {
    let mut tx = app.store.read().await?;
    couple(&mut tx, id).await
}

/// The DM with a person, once known.
pub async fn dm(app: &App, person: PersonId) -> Result<Option<ChannelId>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::people::load(&mut tx, person).await?.dm)
}

pub async fn remember_dm(app: &App, person: PersonId, dm: ChannelId) -> Result<(), Trouble> {
    retrying!(remember_dm_once(app, person, dm))
}

async fn remember_dm_once(app: &App, person: PersonId, dm: ChannelId) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    store::people::remember_dm(&mut tx, person, dm).await?;
    tx.commit().await?;
    Ok(())
}
