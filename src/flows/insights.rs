//! What a couple's opened check-ins say, unsealed at the moment of showing. One that awaits answers, lapsed or is held back is not
//! among them.

use super::reading;
use super::{Trouble, couple_of};
use crate::app::App;
use crate::domain::checkin::Ratings;
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::insights::{Insights, REACH};
use crate::domain::refusal::Refusal;
use crate::domain::round::{Phase, Round};
use crate::store::{self, Tx};

/// `/insights`, for one of the two.
pub async fn of(app: &App, who: PersonId, couple: CoupleId) -> Result<Insights, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    let insights = drawn(app, &mut tx, &couple, None).await?;
    if insights.check_ins.is_empty() { Err(Refusal::NothingOpened.into()) } else { Ok(insights) }
}

/// With `opening`: what its reveal shows, itself included and nothing after it.
pub(super) async fn drawn(app: &App, tx: &mut Tx, couple: &Couple, opening: Option<RoundId>) -> Result<Insights, Trouble> {
    // A few more than are shown, for those that are held back.
    let mut opened = store::rounds::opened_check_ins(tx, couple.id, 2 * REACH).await?;
    if let Some(at) = opened.iter().position(|round| Some(round.id) == opening) {
        opened.truncate(at + 1);
    }
    let stands = |round: &Round| Some(round.id) == opening || matches!(round.phase, Phase::Revealed { hold: None, .. });
    opened.retain(stands);
    let mut check_ins = Vec::new();
    for round in opened.iter().skip(opened.len().saturating_sub(REACH)) {
        let mut ratings = [Ratings::default(); 2];
        for (ratings, partner) in ratings.iter_mut().zip(couple.people()) {
            let answer = reading::written(app, tx, round, partner).await?;
            *ratings = answer.and_then(|answer| answer.ratings()).unwrap_or_default();
        }
        check_ins.push(ratings);
    }
    Ok(Insights { partners: couple.people(), check_ins })
}
