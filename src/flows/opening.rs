//! What happens to a round by itself or in its post: it opens at its hour, lapses, is held, is tried again, is cleared away.

use super::conversing::by_itself;
use super::{Trouble, couple, keep, pausing, retrying, scheduling};
use crate::app::App;
use crate::domain::couple::Home;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::domain::round::{Ending, Kind as RoundKind, Phase, Round, Shown};
use crate::domain::step::{Due, Step, Timing};
use crate::domain::visibility::Hold;
use crate::store::posts::{Kind, Post};
use crate::store::{self, Tx};

pub async fn lapse(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    if let Some(until) = pausing::until(tx, round.couple, app.now()).await? {
        // Asked in the moment in which the pause was called, it was not moved with the rest.
        return keep(app, tx, Vec::new(), vec![Timing::Set(Due::Lapse(id), until.max(round.closes_at))], app.now()).await;
    }
    let step = round.lapsed(app.now());
    let lapsed = matches!(step.state.phase, Phase::Ended { how: Ending::Lapsed, .. });
    let couple = couple(tx, step.state.couple).await?;
    save(app, tx, step).await?;
    if lapsed && couple.left.is_none() { scheduling::after_lapse(app, tx, &couple).await } else { Ok(()) }
}

pub async fn open(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    let now = app.now();
    let couple = couple(tx, round.couple).await?;
    // Whichever rings first where a pause ends: the opening is the return.
    pausing::over(app, tx, &couple, matches!(round.phase, Phase::Opening { at } if at <= now)).await?;
    let terms = pausing::terms(tx, &couple, now).await?;
    save(app, tx, round.opened(&terms, now)).await
}

/// The unopened answers are destroyed and the card goes.
pub async fn clear(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    store::answers::delete_all(tx, id).await?;
    save(app, tx, round.cleared()).await
}

pub async fn look_again(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    let couple = couple(tx, round.couple).await?;
    if couple.left.is_some() {
        return Ok(());
    }
    let terms = pausing::terms(tx, &couple, app.now()).await?;
    save(app, tx, round.tried_again(&terms)).await?;
    by_itself::look_again(app, tx, id).await
}

async fn save(app: &App, tx: &mut Tx, step: Step<Round>) -> Result<(), Trouble> {
    store::rounds::save(tx, &step.state).await?;
    by_itself::begin(app, tx, &step.state).await?;
    keep(app, tx, step.notices, step.timings, app.now()).await
}

/// The channel changed, or the home did: whatever is held in this couple is tried again now.
pub(super) async fn retry_held(app: &App, tx: &mut Tx, couple_id: CoupleId) -> Result<(), Trouble> {
    for round in store::rounds::unsettled(tx, couple_id).await?.into_iter().filter(Round::waits_for_its_place) {
        look_again(app, tx, round.id).await?;
    }
    by_itself::retry_held(app, tx, couple_id).await
}

/// The place may not show the post; part of the transaction that settles its notice.
pub async fn hold(app: &App, tx: &mut Tx, id: RoundId, why: Hold) -> Result<(), Trouble> {
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    let couple = couple(tx, round.couple).await?;
    save(app, tx, round.held(why, app.now())).await?;
    if why == Hold::ChannelGone && couple.home == Home::Dms {
        // It was meant for a channel that the couple has left meanwhile.
        look_again(app, tx, id).await?;
    }
    Ok(())
}

/// The cards are gone, or the one in that place.
pub async fn removed(tx: &mut Tx, id: RoundId, only_in: Option<Place>) -> Result<(), Trouble> {
    for post in store::posts::all(tx, id, Kind::Card).await? {
        if only_in.is_none_or(|place| place == post.place) {
            store::posts::delete(tx, id, Kind::Card, post.place).await?;
        }
    }
    Ok(())
}

/// A card or a reveal stands in its place. `shown`: what the card says; if that is no
/// longer so, or not known, it is brought up to date.
pub async fn posted(app: &App, tx: &mut Tx, id: RoundId, kind: Kind, post: Post, shown: Option<Shown>) -> Result<(), Trouble> {
    store::posts::put(tx, id, kind, post).await?;
    if let Place::Dm(person) = post.place {
        store::posts::reached(tx, person, id).await?;
    }
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    let couple = couple(tx, round.couple).await?;
    let moved_on = kind == Kind::Card && shown.is_none_or(|shown| shown != round.shown(couple.line()));
    match kind {
        Kind::Card if round.card_hold.is_some() => save(app, tx, round.card_posted()).await?,
        Kind::Reveal if matches!(round.phase, Phase::Revealed { hold: Some(_), .. }) => {
            save(app, tx, round.reveal_posted()).await?;
        }
        Kind::Card | Kind::Reveal | Kind::Sheet(_) => {}
    }
    if moved_on || kind == Kind::Reveal {
        let edit = Notice::CardEdit { round: id, only_in: Some(post.place) };
        super::queue(app, tx, &edit, app.now()).await?;
    }
    Ok(())
}

/// The cards show this now. If the round has moved on since they were drawn, they are drawn again: edits may overtake each other.
/// A reveal that does not stand yet draws them itself once it does.
pub async fn edited(app: &App, tx: &mut Tx, id: RoundId, shown: Shown) -> Result<(), Trouble> {
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    let line = couple(tx, round.couple).await?.line();
    let on_its_way = round.may_be_read() && store::posts::all(tx, id, Kind::Reveal).await?.is_empty();
    if shown != round.shown(line) && !on_its_way {
        super::queue(app, tx, &Notice::CardEdit { round: id, only_in: None }, app.now()).await?;
    }
    Ok(())
}

/// The couple's hour was changed while answers wait for it.
pub(super) async fn retime(app: &App, tx: &mut Tx, couple: &crate::domain::couple::Couple) -> Result<(), Trouble> {
    let now = app.now();
    for kind in RoundKind::ALL {
        if let Some(round) = store::rounds::awaiting(tx, couple.id, kind).await? {
            let terms = pausing::terms(tx, couple, now).await?;
            save(app, tx, round.retimed(&terms, now)).await?;
        }
    }
    Ok(())
}

/// A reveal could not be brought to this person: they read it through `/ask` or any of their cards. Nobody else is told.
pub async fn unreached(app: &App, tx: &mut Tx, id: RoundId, person: PersonId) -> Result<(), Trouble> {
    store::posts::unreached(tx, person, id).await?;
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    if matches!(round.phase, Phase::Revealed { hold: Some(_), .. }) {
        // It came from a channel that could not show it, and now waits for this person wherever they look.
        save(app, tx, round.reveal_posted()).await?;
    }
    super::queue(app, tx, &Notice::CardEdit { round: id, only_in: Some(Place::Dm(person)) }, app.now()).await
}

/// Read through a card: it counts as brought.
pub async fn read_through_card(app: &App, who: PersonId, id: RoundId) -> Result<(), Trouble> {
    retrying!(read_once(app, who, id))
}

async fn read_once(app: &App, who: PersonId, id: RoundId) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    store::posts::reached(&mut tx, who, id).await?;
    tx.commit().await?;
    Ok(())
}
