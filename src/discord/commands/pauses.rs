//! `/pause`, and the buttons of a pause: call the flow, show the reply.

use super::super::buttons::Button;
use super::super::card::Card;
use super::super::cards::{self, pauses as pages};
use super::super::inbound::{Reply, Visit};
use super::super::words::{self, pauses as said};
use super::{meant, rounds};
use crate::app::App;
use crate::domain::ids::CoupleId;
use crate::domain::pause::Length;
use crate::domain::refusal::Refusal;
use crate::flows::{Trouble, asking, pausing};

pub async fn call(app: &App, visit: &Visit, length: Option<Length>) -> Result<Reply, Trouble> {
    let button = |id| length.map_or(Button::Pause(id), |length| Button::PauseFor(id, length));
    match meant(app, visit, None, button).await? {
        Ok(couple) => press(app, visit, button(couple.id)).await,
        Err(menu) => Ok(Reply::Private(menu)),
    }
}

/// Every button of a pause.
pub async fn press(app: &App, visit: &Visit, button: Button) -> Result<Reply, Trouble> {
    let card = match button {
        // While one runs, that is what there is to see.
        Button::Pause(couple) => match pausing::look(app, visit.who, couple).await? {
            Some(view) => pages::called(&view),
            None => pages::how_long(couple),
        },
        Button::PauseFor(couple, length) => match pausing::call(app, visit.who, couple, length).await {
            Err(Trouble::Refused(Refusal::ZoneFirst)) => pages::zone_first(couple),
            view => pages::called(&view?),
        },
        Button::MoreTime(couple, seen) => pages::called(&pausing::more(app, visit.who, couple, seen).await?),
        Button::RepairQuestion(couple) => return repair(app, visit, couple).await,
        Button::NoRepairNow(couple) => {
            pausing::only_the_two(app, visit.who, couple).await?;
            return Ok(Reply::InPlace(Card::saying(said::not_now()).content(said::we_are_back())));
        }
        Button::Settle(couple) => {
            pausing::only_the_two(app, visit.who, couple).await?;
            pages::settling(rounds::practice(app)?, couple)
        }
        _ => Card::saying(words::old_button()),
    };
    Ok(Reply::Private(card))
}

async fn repair(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let gentle = asking::Request::gentle();
    match pausing::repair(app, visit.who, couple).await {
        Err(Trouble::Refused(Refusal::QuestionOpen(open))) => Ok(Reply::Private(cards::question_open(open, &gentle))),
        done => rounds::asked(app, &gentle, done?).await,
    }
}
