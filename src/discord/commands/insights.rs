//! `/insights`: the picture and a few plain sentences, from opened check-ins only.

use super::super::buttons::Button;
use super::super::inbound::{Reply, Visit};
use super::super::{cards, pictures};
use crate::app::App;
use crate::domain::ids::CoupleId;
use crate::domain::refusal::Refusal;
use crate::flows::{Trouble, homes, insights};

pub async fn open(app: &App, visit: &Visit) -> Result<Reply, Trouble> {
    match homes::meant_by(app, visit.who, Some(visit.channel)).await {
        Ok(couple) => open_in(app, visit, couple.id).await,
        Err(Trouble::Refused(Refusal::WhichCouple(_))) => {
            let couples = homes::couples(app, visit.who).await?;
            let choices: Vec<_> = couples.into_iter().map(|couple| (couple.clone(), Button::InsightsIn(couple.id))).collect();
            Ok(Reply::Private(cards::which_couple(&choices, visit.who, None)))
        }
        Err(trouble) => Err(trouble),
    }
}

pub async fn open_in(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let (_, insights) = insights::of(app, visit.who, couple).await?;
    let picture = pictures::of(&insights).await;
    Ok(Reply::Private(cards::insights(&insights, picture)))
}
