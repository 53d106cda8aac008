//! The buttons and pages of the conversation after a reveal: call the flow, show the reply. Whoever pressed what has passed is
//! brought to where the two of them are; whatever somebody wrote for it comes back to them.

use super::super::buttons::Talk;
use super::super::card::Card;
use super::super::cards::conversation as pages;
use super::super::inbound::{Reply, Visit};
use super::super::{Bot, cards, words};
use super::links::link_to;
use crate::app::App;
use crate::domain::conversation::Said;
use crate::domain::ids::RoundId;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::Trouble;
use crate::flows::conversing::{self, Move, Outcome, Want, by_itself, standing};

pub async fn press(app: &App, bot: &Bot, visit: &Visit, round: RoundId, talk: Talk) -> Result<Reply, Trouble> {
    let who = visit.who;
    let done = match talk {
        Talk::Mirror => return page(app, bot, visit, round, Want::Mirror).await,
        Talk::Nearly => return page(app, bot, visit, round, Want::Nearly).await,
        Talk::More => return page(app, bot, visit, round, Want::More).await,
        Talk::Appreciate => return page(app, bot, visit, round, Want::Appreciation).await,
        Talk::Request => return page(app, bot, visit, round, Want::Request).await,
        Talk::Plan => return page(app, bot, visit, round, Want::Plan).await,
        Talk::Confirm(turn) => moved(app, visit, round, Some(turn), Move::Confirm).await,
        Talk::Spoken(turn) => moved(app, visit, round, Some(turn), Move::Spoken).await,
        Talk::Skip(turn) => moved(app, visit, round, Some(turn), Move::Skip).await,
        Talk::Reply(turn, reply) => moved(app, visit, round, Some(turn), Move::Reply(reply)).await,
        Talk::Close => moved(app, visit, round, None, Move::Close).await,
        Talk::Softer => {
            let view = conversing::look(app, who, round).await?;
            view.conversation.is_open_to(who).map(|()| pages::softer(&view)).map_err(Trouble::from)
        }
        Talk::Repair(repair) => match conversing::repair(app, who, round, repair).await {
            Ok(()) => Ok(pages::repaired(by_itself::paused_until(app, round).await?)),
            Err(trouble) => Err(trouble),
        },
        Talk::Felt(feeling) => conversing::felt(app, who, round, feeling).await.map(|()| pages::felt()),
        Talk::FollowedUp(became) => conversing::followed(app, who, round).await.map(|()| pages::followed(became)),
        Talk::WhereWeAre => where_we_are(app, bot, visit, round).await,
    };
    or_where(app, bot, visit, round, done).await
}

async fn moved(app: &App, visit: &Visit, round: RoundId, turn: Option<u32>, what: Move) -> Result<Card, Trouble> {
    Ok(after(&conversing::press(app, visit.who, round, turn, what).await?, visit))
}

/// What, told again, has been done already and is answered by where it stands.
pub fn moves_on(talk: Talk) -> bool {
    matches!(talk, Talk::Confirm(_) | Talk::Spoken(_) | Talk::Skip(_) | Talk::Reply(..) | Talk::Close)
}

/// Told again after a crash or a reconnect.
pub async fn told_again(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    let view = conversing::look(app, visit.who, round).await?;
    Ok(Reply::Private(pages::taken(&view, visit.who)))
}

async fn page(app: &App, bot: &Bot, visit: &Visit, round: RoundId, want: Want) -> Result<Reply, Trouble> {
    match conversing::page(app, visit.who, round, want).await {
        Ok(page) => Ok(Reply::Form(pages::page(&page))),
        Err(trouble) => or_where(app, bot, visit, round, Err(trouble)).await,
    }
}

pub async fn submit(
    app: &App,
    bot: &Bot,
    visit: &Visit,
    (round, turn, said): (RoundId, u32, Said),
    fields: &[Words],
) -> Result<Reply, Trouble> {
    match conversing::say(app, visit.who, round, turn, said, fields).await {
        Ok(outcome) => Ok(Reply::Private(after(&outcome, visit))),
        // Nothing that was written is lost.
        Err(Trouble::Refused(refusal)) => {
            let now = match where_we_are(app, bot, visit, round).await {
                Ok(card) if is_of_a_step(&refusal) => Some(card),
                Ok(_) | Err(Trouble::Refused(_)) => None,
                Err(trouble) => return Err(trouble),
            };
            // What ended it in a pause is not told before that is over.
            let closed = refusal == Refusal::ConversationOver;
            let why = if closed && is_kept_back(app, visit, round).await? { Refusal::StepPassed } else { refusal };
            Ok(Reply::Private(pages::words_back(&why, now, fields)))
        }
        Err(trouble) => Err(trouble),
    }
}

fn after(outcome: &Outcome, visit: &Visit) -> Card {
    match outcome.waits_until {
        Some(until) => pages::waits(&outcome.view, visit.who, until),
        None => pages::taken(&outcome.view, visit.who),
    }
}

/// A refusal for where the conversation stands comes with where that is.
async fn or_where(app: &App, bot: &Bot, visit: &Visit, round: RoundId, done: Result<Card, Trouble>) -> Result<Reply, Trouble> {
    match done {
        Ok(card) => Ok(Reply::Private(card)),
        Err(Trouble::Refused(refusal)) if is_of_a_step(&refusal) => {
            let card = where_we_are(app, bot, visit, round).await?;
            // Of one that is over, that says the same.
            let note = (refusal != Refusal::ConversationOver).then(|| words::refusal(&refusal));
            Ok(Reply::Private(card.noting(note.as_deref())))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn is_kept_back(app: &App, visit: &Visit, round: RoundId) -> Result<bool, Trouble> {
    match conversing::look(app, visit.who, round).await {
        Ok(view) => Ok(standing::kept_back_until(app, &view).await?.is_some()),
        Err(Trouble::Refused(_)) => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

fn is_of_a_step(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::ConversationOver
            | Refusal::StepPassed
            | Refusal::NotYourTurn
            | Refusal::ListensFirst { .. }
            | Refusal::NoMirrors
            | Refusal::NothingSaid
            | Refusal::TooLong { .. }
            | Refusal::RepairSaid
            | Refusal::StillOpen
    )
}

async fn where_we_are(app: &App, bot: &Bot, visit: &Visit, round: RoundId) -> Result<Card, Trouble> {
    let view = conversing::look(app, visit.who, round).await?;
    let has_begun = view.conversation.stage().is_some() || view.conversation.is_over();
    if has_begun && let Some(until) = standing::kept_back_until(app, &view).await? {
        return Ok(pages::in_a_pause(until));
    }
    if view.conversation.stage().is_some()
        && let Some(held) = view.conversation.course.hold
    {
        return Ok(cards::held(round, held.why, words::a_permission()).content(""));
    }
    let link = match standing::posted_for(app, visit.who, &view).await? {
        Some(post) if view.conversation.stage().is_some() => {
            link_to(bot, &view.couple, (post.place, post.channel, post.message)).await
        }
        _ => None,
    };
    Ok(pages::where_we_are(&view, visit.who, link.as_deref()))
}
