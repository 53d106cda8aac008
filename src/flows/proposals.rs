//! What takes both: one partner proposes, the other agrees or says not now. One mechanism for all of it.

use jiff::SignedDuration;

use super::conversing::by_itself;
use super::{Trouble, asking, couple_of, homes, keep, opening, retrying, scheduling};
use crate::app::App;
use crate::domain::couple::{Couple, Home};
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::notice::Notice;
use crate::domain::proposal::{Kind, Met, Proposal, Proposed, meet};
use crate::domain::refusal::Refusal;
use crate::store::{self, Tx};

/// From when the same proposal asks the other anew.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(24);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Agreed(Proposal),
    Waits,
}

pub async fn propose(app: &App, who: PersonId, couple: CoupleId, proposal: Proposal) -> Result<Outcome, Trouble> {
    retrying!(propose_once(app, who, couple, proposal.clone()))
}

async fn propose_once(app: &App, who: PersonId, couple: CoupleId, proposal: Proposal) -> Result<Outcome, Trouble> {
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    let outcome = put(app, &mut tx, who, &couple, proposal).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// `Send to both by DM`, which names only the round.
pub async fn send_by_dm(app: &App, who: PersonId, round: RoundId) -> Result<Outcome, Trouble> {
    let couple = {
        let mut tx = app.store.read().await?;
        super::round_of(&mut tx, who, round).await?.1.id
    };
    propose(app, who, couple, Proposal::SendByDm { round }).await
}

/// `Agree`: proposes what lies on the table. Pressed by its own proposer it changes nothing.
/// `proposed_at`: of the proposal that the button's card told of, in seconds; a newer one is not agreed to unread.
pub async fn agree(app: &App, who: PersonId, couple: CoupleId, kind: Kind, proposed_at: i64) -> Result<Outcome, Trouble> {
    retrying!(agree_once(app, who, couple, kind, proposed_at))
}

async fn agree_once(app: &App, who: PersonId, couple: CoupleId, kind: Kind, proposed_at: i64) -> Result<Outcome, Trouble> {
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    let proposed = store::proposals::load(&mut tx, couple.id, kind).await?.filter(|proposed| proposed.lies_at(app.now()));
    let proposed = proposed.filter(|proposed| proposed.at.as_second() == proposed_at).ok_or(Refusal::ProposalOver)?;
    let outcome = put(app, &mut tx, who, &couple, proposed.proposal).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// `Not now`: it leaves the table, and nobody is told.
pub async fn not_now(app: &App, who: PersonId, couple: CoupleId, kind: Kind) -> Result<(), Trouble> {
    retrying!(not_now_once(app, who, couple, kind))
}

async fn not_now_once(app: &App, who: PersonId, couple: CoupleId, kind: Kind) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    store::proposals::drop(&mut tx, couple.id, kind).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts it on the table and asks the other, or makes it so when the other proposed the same.
pub(super) async fn put(app: &App, tx: &mut Tx, who: PersonId, couple: &Couple, proposal: Proposal) -> Result<Outcome, Trouble> {
    let now = app.now();
    let kind = proposal.kind();
    match (kind, couple.home) {
        (Kind::MoveToDms, Home::Dms) => return Err(Refusal::AlreadyInDms.into()),
        (Kind::MoveToChannel, Home::Channel(_)) => return Err(Refusal::AlreadyInChannel.into()),
        (Kind::MoveToChannel, Home::Making) => return Err(Refusal::HomeInMaking.into()),
        _ => {}
    }
    match &proposal {
        Proposal::OpeningHour { hour } if *hour == couple.opening => return Err(Refusal::SoAlready.into()),
        Proposal::Length { length } if *length == couple.length => return Err(Refusal::SoAlready.into()),
        Proposal::Schedule { slot } => {
            let now = store::schedules::load(tx, couple.id).await?;
            if now.is_some_and(|schedule| schedule.slot == *slot && !schedule.resting) {
                return Err(Refusal::SoAlready.into());
            }
        }
        Proposal::SendByDm { round } => {
            let held = store::rounds::load(tx, *round).await?.is_some_and(|round| round.waits_for_its_place());
            if !held && !by_itself::is_held(tx, *round).await? {
                return Err(Refusal::NothingHeld.into());
            }
        }
        _ => {}
    }
    let on_table = store::proposals::load(tx, couple.id, kind).await?.filter(|proposed| proposed.lies_at(now));
    if meet(on_table.as_ref(), who, &proposal) == Met::Agreed || takes_one(couple, &proposal) {
        store::proposals::drop(tx, couple.id, kind).await?;
        hold_to(app, tx, who, couple, &proposal).await?;
        return Ok(Outcome::Agreed(proposal));
    }
    // Pressed again within a day, the other is not asked a second time.
    let asked_lately = on_table.is_some_and(|proposed| {
        proposed.by == who && proposed.proposal == proposal && now.duration_since(proposed.at) < ASK_AGAIN
    });
    if !asked_lately {
        let proposed = Proposed { proposal, by: who, at: now };
        store::proposals::put(tx, couple.id, &proposed).await?;
        // Two who propose the same in the same moment must not miss each other: the second finds the couple's version moved on,
        // looks again, and agrees.
        store::couples::save(tx, couple).await?;
        // A held post has told both already, each with the button.
        if kind != Kind::SendByDm {
            let notice = Notice::Proposed { couple: couple.id, kind, to: couple.other(who) };
            super::queue(app, tx, &notice, now).await?;
        }
    }
    Ok(Outcome::Waits)
}

/// Whether it binds nobody to more. What lay on the table before goes with it, or an older wish would hold against a newer one.
fn takes_one(couple: &Couple, proposal: &Proposal) -> bool {
    matches!(proposal, Proposal::Length { length } if !couple.length.takes_both(*length))
}

/// Both want it, or one is enough.
async fn hold_to(app: &App, tx: &mut Tx, who: PersonId, couple: &Couple, proposal: &Proposal) -> Result<(), Trouble> {
    match proposal {
        Proposal::MoveToDms | Proposal::MoveToChannel => {
            // What was once proposed about a place is answered by a new place.
            store::proposals::drop(tx, couple.id, Kind::MoveToDms).await?;
            store::proposals::drop(tx, couple.id, Kind::MoveToChannel).await?;
            if *proposal == Proposal::MoveToDms {
                homes::settle(app, tx, couple.clone(), Home::Dms, None).await
            } else {
                homes::make_channel(app, tx, couple.clone()).await
            }
        }
        Proposal::OpeningHour { hour } => {
            let mut couple = couple.clone();
            couple.opening.clone_from(hour);
            store::couples::save(tx, &couple).await?;
            opening::retime(app, tx, &couple).await
        }
        Proposal::Length { length } => {
            let mut couple = couple.clone();
            couple.length = *length;
            store::couples::save(tx, &couple).await?;
            Ok(())
        }
        Proposal::Schedule { slot } => scheduling::agreed(app, tx, couple, slot).await,
        Proposal::AnotherQuestion { round, swaps } => {
            let round = store::rounds::load(tx, *round).await?.ok_or(Refusal::RoundClosed)?;
            if round.swaps != *swaps {
                return Err(Refusal::ProposalOver.into());
            }
            asking::swap_in(app, tx, who, round, couple).await
        }
        Proposal::SendByDm { round } => {
            let by_dm = by_itself::send_by_dm(app, tx, *round).await?;
            let round = store::rounds::load(tx, *round).await?.ok_or(Refusal::RoundClosed)?;
            if by_dm && !round.waits_for_its_place() {
                return Ok(());
            }
            let step = round.sent_by_dm()?;
            store::rounds::save(tx, &step.state).await?;
            keep(app, tx, step.notices, step.timings, app.now()).await
        }
    }
}

/// What lies on the table, for the card that asks about it.
pub async fn on_table(app: &App, couple: CoupleId, kind: Kind) -> Result<Option<Proposed>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::proposals::load(&mut tx, couple, kind).await?)
}
