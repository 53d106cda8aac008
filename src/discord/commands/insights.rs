//! `/insights`: the picture and a few plain sentences, from opened check-ins only.

use super::super::buttons::Button;
use super::super::inbound::{Reply, Visit};
use super::super::{cards, pictures};
use super::meant;
use crate::app::App;
use crate::domain::ids::CoupleId;
use crate::flows::{Trouble, insights};

pub async fn open(app: &App, visit: &Visit) -> Result<Reply, Trouble> {
    match meant(app, visit, None, Button::InsightsIn).await? {
        Ok(couple) => open_in(app, visit, couple.id).await,
        Err(menu) => Ok(Reply::Private(menu)),
    }
}

pub async fn open_in(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let insights = insights::of(app, visit.who, couple).await?;
    let picture = pictures::of(&insights).await;
    Ok(Reply::Private(cards::insights(&insights, picture)))
}
