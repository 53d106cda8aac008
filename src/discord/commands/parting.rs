//! `/unpair`.

use super::super::buttons::Button;
use super::super::card::Card;
use super::super::inbound::{Reply, Visit};
use super::super::{cards, words};
use crate::app::App;
use crate::domain::ids::CoupleId;
use crate::domain::refusal::Refusal;
use crate::flows::{Trouble, homes, parting};

pub async fn open(app: &App, visit: &Visit) -> Result<Reply, Trouble> {
    match homes::meant_by(app, visit.who, Some(visit.channel)).await {
        Ok(couple) => Ok(Reply::Private(cards::unpair(&couple, visit.who))),
        Err(Trouble::Refused(Refusal::WhichCouple(_))) => {
            let couples = homes::couples(app, visit.who).await?;
            let choices: Vec<_> = couples.into_iter().map(|couple| (couple.clone(), Button::UnpairIn(couple.id))).collect();
            Ok(Reply::Private(cards::which_couple(&choices, visit.who, None)))
        }
        Err(trouble) => Err(trouble),
    }
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
