//! One partner leaves: at once, alone, without an alarm to the other. Thirty days later the couple's keys are destroyed.

use super::{Trouble, couple, keep, retrying};
use crate::app::App;
use crate::domain::ids::{CoupleId, PersonId};
use crate::domain::proposal::Kind;
use crate::domain::round;
use crate::store::posts::Kind as Posted;
use crate::store::{self, Tx};

pub async fn unpair(app: &App, who: PersonId, couple: CoupleId) -> Result<(), Trouble> {
    retrying!(unpair_once(app, who, couple))
}

async fn unpair_once(app: &App, who: PersonId, id: CoupleId) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let couple = couple(&mut tx, id).await?;
    if couple.left.is_some_and(|left| left.by == who) {
        // Pressed twice: the second press finds the first one's work done.
        return Ok(());
    }
    couple.admits(who)?;
    // Every open thing shuts, without a word in the home: an edit there would be an alarm.
    let mut open = store::rounds::unsettled(&mut tx, id).await?;
    // A reveal that Discord has not taken yet is open for nobody.
    for kind in round::Kind::ALL {
        let newest = store::rounds::newest(&mut tx, id, kind).await?;
        open.extend(newest.filter(|newest| open.iter().all(|round| round.id != newest.id)));
    }
    for round in open {
        let opened = !round.may_be_read() || !store::posts::all(&mut tx, round.id, Posted::Reveal).await?.is_empty();
        let round = if opened { round } else { round.standing_nowhere() };
        let step = round.parted(now);
        store::rounds::save(&mut tx, &step.state).await?;
        keep(app, &mut tx, Vec::new(), step.timings, now).await?;
    }
    for kind in Kind::ALL {
        store::proposals::drop(&mut tx, id, kind).await?;
    }
    let step = couple.parted(who, now)?;
    store::couples::save(&mut tx, &step.state).await?;
    keep(app, &mut tx, step.notices, step.timings, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The thirty days are over: without the keys, nothing of what the two wrote can be read by anybody.
pub async fn end_keys(tx: &mut Tx, id: CoupleId) -> Result<(), Trouble> {
    store::keys::delete_couple(tx, &id.to_string()).await?;
    Ok(())
}
