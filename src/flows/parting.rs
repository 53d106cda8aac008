//! One partner leaves: at once, alone, without an alarm to the other. Thirty days later the couple is forgotten, keys first.

use super::conversing::by_itself;
use super::{Trouble, couple, keep, named, retrying, unsay};
use crate::app::App;
use crate::domain::couple::{Couple, Home};
use crate::domain::ids::{CoupleId, PersonId};
use crate::domain::proposal::Kind;
use crate::domain::round;
use crate::domain::step::Due;
use crate::store::posts::Kind as Posted;
use crate::store::{self, Tx};

pub async fn unpair(app: &App, who: PersonId, couple: CoupleId) -> Result<(), Trouble> {
    retrying!(unpair_once(app, who, couple))
}

async fn unpair_once(app: &App, who: PersonId, id: CoupleId) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let couple = couple(&mut tx, id).await?;
    if couple.left.is_some_and(|left| left.by == who) {
        // Pressed twice: the second press finds the first one's work done.
        return Ok(());
    }
    part(app, &mut tx, couple, who).await?;
    tx.commit().await?;
    Ok(())
}

/// Part of the transaction in which somebody leaves.
pub(super) async fn part(app: &App, tx: &mut Tx, couple: Couple, who: PersonId) -> Result<(), Trouble> {
    let (now, id) = (app.now(), couple.id);
    couple.admits(who)?;
    // Every open thing shuts, without a word in the home: an edit there would be an alarm.
    let mut open = store::rounds::unsettled(tx, id).await?;
    // A reveal that Discord has not taken yet is open for nobody.
    for kind in round::Kind::ALL {
        let newest = store::rounds::newest(tx, id, kind).await?;
        open.extend(newest.filter(|newest| open.iter().all(|round| round.id != newest.id)));
    }
    for round in open {
        let opened = !round.may_be_read() || !store::posts::all(tx, round.id, Posted::Reveal).await?.is_empty();
        let round = if opened { round } else { round.standing_nowhere() };
        let step = round.parted(now);
        store::rounds::save(tx, &step.state).await?;
        keep(app, tx, Vec::new(), step.timings, now).await?;
    }
    by_itself::part(app, tx, &couple).await?;
    for kind in Kind::ALL {
        store::proposals::drop(tx, id, kind).await?;
    }
    store::pauses::forget(tx, id).await?;
    let (due, subject) = named(Due::PauseEnds(id));
    store::timers::drop(tx, due, &subject).await?;
    let step = couple.parted(who, now)?;
    store::couples::save(tx, &step.state).await?;
    keep(app, tx, step.notices, step.timings, now).await
}

/// The thirty days are over: without the keys, nothing of what the two wrote can be read by anybody, and the rest is forgotten, too.
/// From here on each of the two may invite the other again.
pub async fn end_keys(tx: &mut Tx, id: CoupleId) -> Result<(), Trouble> {
    store::keys::delete_couple(tx, &id.to_string()).await?;
    let Some(couple) = store::couples::load(tx, id).await? else { return Ok(()) };
    let rounds = store::rounds::ids(tx, id).await?;
    // After a long downtime some of it may be due in the same moment.
    let of_rounds = rounds.iter().flat_map(|round| {
        [
            Due::Lapse(*round),
            Due::Nudge(*round),
            Due::Opening(*round),
            Due::Leftovers(*round),
            Due::LookAgain(*round),
            Due::Turn(*round),
            Due::FollowUp(*round),
        ]
    });
    for due in of_rounds.chain([Due::CheckIn(id)]) {
        let (kind, subject) = named(due);
        store::timers::drop(tx, kind, &subject).await?;
    }
    unsay(tx, |notice| notice.couple() == Some(id) || notice.round().is_some_and(|round| rounds.contains(&round))).await?;
    let [one, other] = couple.people();
    store::invitations::forget_between(tx, one, other, couple.paired_at).await?;
    if let Home::Channel(channel) = couple.home {
        store::channels::forget(tx, channel).await?;
    }
    store::couples::forget(tx, id).await?;
    Ok(())
}
