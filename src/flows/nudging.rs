//! Nudges: one quiet private reminder per person and round, at half its time, never in quiet hours, in a pause or while away.

use super::{Trouble, couple, keep, pausing, retrying, settings};
use crate::app::App;
use crate::domain::couple::Couple;
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::person::{Nudges, Person};
use crate::domain::round::{Kind, Nudging};
use crate::domain::step::{Due, Timing};
use crate::store::{self, Tx};

/// Half of a round's time is over.
pub async fn half_over(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let now = app.now();
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    let couple = couple(tx, round.couple).await?;
    if couple.left.is_some() {
        return Ok(());
    }
    let paused_until = pausing::until(tx, couple.id, now).await?;
    let mut may = [Nudging::Never; 2];
    for (may, partner) in may.iter_mut().zip(round.partners) {
        let away_until = couple.partner(partner).and_then(|partner| partner.away_until).max(paused_until);
        *may = store::people::load(tx, partner).await?.nudging(round.question.kind(), away_until, now);
    }
    let nudged = round.nudged;
    let step = round.nudges(may);
    if step.state.nudged != nudged {
        store::rounds::save(tx, &step.state).await?;
    }
    keep(app, tx, step.notices, step.timings, now).await
}

/// Whether a nudge on its way is still right when it arrives. Who went quiet or away meanwhile, or is in a pause, hears of it later.
pub async fn still(app: &App, id: RoundId, to: PersonId) -> Result<bool, Trouble> {
    retrying!(still_once(app, id, to))
}

async fn still_once(app: &App, id: RoundId, to: PersonId) -> Result<bool, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let Some(mut round) = store::rounds::load(&mut tx, id).await?.filter(|round| round.still_nudges(to)) else {
        return Ok(false);
    };
    let couple = couple(&mut tx, round.couple).await?;
    let paused_until = pausing::until(&mut tx, couple.id, now).await?;
    let away_until = couple.partner(to).and_then(|partner| partner.away_until).max(paused_until);
    let may = store::people::load(&mut tx, to).await?.nudging(round.question.kind(), away_until, now);
    if let Nudging::Later(at) = may
        && at < round.closes_at
    {
        let seat = round.seat_of(to)?;
        round.nudged[seat] = false;
        store::rounds::save(&mut tx, &round).await?;
        keep(app, &mut tx, Vec::new(), vec![Timing::Set(Due::Nudge(id), at)], now).await?;
        tx.commit().await?;
    }
    Ok(couple.left.is_none() && may == Nudging::Now)
}

/// Somebody is back: whoever's turn to be reminded passed meanwhile has it now.
pub(super) async fn back(app: &App, tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    let now = app.now();
    for kind in Kind::ALL {
        let Some(round) = store::rounds::awaiting(tx, couple.id, kind).await? else { continue };
        if round.closes_at.duration_since(now) * 2 <= round.closes_at.duration_since(round.asked_at) {
            keep(app, tx, Vec::new(), vec![Timing::Set(Due::Nudge(round.id), now)], now).await?;
        }
    }
    Ok(())
}

/// `Fewer, please`: one step less than what the button's card was sent under, so that a second press takes no second step.
pub async fn fewer(app: &App, who: PersonId, from: Nudges) -> Result<Person, Trouble> {
    settings::change_person(app, who, |person| person.nudges = person.nudges.max(from.fewer())).await
}
