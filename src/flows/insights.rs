//! What a couple's opened check-ins say, unsealed at the moment of showing. One that awaits answers, lapsed, is held back, or of which
//! somebody removed their words is not among them.

use super::reading;
use super::{Trouble, couple_of};
use crate::app::App;
use crate::domain::checkin::Ratings;
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::insights::{Insights, REACH, WINDOW};
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
    let until = match opening {
        Some(id) => store::rounds::load(tx, id).await?,
        None => None,
    };
    // A few more than are shown, for those that are left out.
    let mut opened = store::rounds::opened_check_ins(tx, couple.id, until.as_ref(), WINDOW).await?;
    let stands = |round: &Round| Some(round.id) == opening || matches!(round.phase, Phase::Revealed { hold: None, .. });
    opened.retain(stands);
    let mut check_ins = Vec::new();
    for round in opened.iter().rev() {
        check_ins.extend(ratings(app, tx, couple, round).await?);
        if check_ins.len() == REACH {
            break;
        }
    }
    check_ins.reverse();
    Ok(Insights { partners: couple.people(), check_ins })
}

/// `None` when one of the two removed theirs: half of it would tell that.
async fn ratings(app: &App, tx: &mut Tx, couple: &Couple, round: &Round) -> Result<Option<[Ratings; 2]>, Trouble> {
    let mut ratings = [Ratings::default(); 2];
    for (ratings, partner) in ratings.iter_mut().zip(couple.people()) {
        let Some(answer) = reading::written(app, tx, round, partner).await? else { return Ok(None) };
        *ratings = answer.ratings().unwrap_or_default();
    }
    Ok(Some(ratings))
}
