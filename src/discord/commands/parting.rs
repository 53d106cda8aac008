//! `/unpair`.

use super::super::buttons::Button;
use super::super::card::Card;
use super::super::inbound::{Reply, Visit};
use super::super::{cards, words};
use super::meant;
use crate::app::App;
use crate::domain::ids::CoupleId;
use crate::flows::{Trouble, homes, parting};

pub async fn open(app: &App, visit: &Visit) -> Result<Reply, Trouble> {
    Ok(Reply::Private(match meant(app, visit, None, Button::UnpairIn).await? {
        Ok(couple) => cards::unpair(&couple, visit.who),
        Err(menu) => menu,
    }))
}

pub async fn open_in(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let couple = homes::look(app, couple).await?;
    couple.admits(visit.who)?;
    Ok(Reply::Private(cards::unpair(&couple, visit.who)))
}

pub async fn leave(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    parting::unpair(app, visit.who, couple).await?;
    Ok(Reply::Private(Card::saying(words::unpaired())))
}
