//! The sheets of a conversation on their way into the home, and what is asked of one partner after it.

use super::{Attempt, Delivered, Undelivered, dm, may_hold, say, shut, standing, stands_already, still};
use crate::app::App;
use crate::discord::failure::Failure;
use crate::discord::{Bot, cards};
use crate::domain::conversation::{Posting, Repair, Sheet};
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::domain::visibility::Hold;
use crate::flows::conversing::by_itself::{self, Posted};
use crate::flows::conversing::standing::Call;
use crate::flows::reading;

pub(super) async fn deliver(app: &App, bot: &Bot, notice: &Notice, attempt: Attempt) -> Result<Delivered, Undelivered> {
    // A plan is asked about in private, and interrupts nothing.
    if let (Some(round), false) = (notice.round(), matches!(notice, Notice::FollowUp { .. }))
        && let Some(until) = by_itself::paused_until(app, round).await?
    {
        return Ok(Delivered::Waits(until));
    }
    match notice {
        Notice::Turn { round, sheet, turn, place, to } => {
            let call = Call { notice: attempt.notice, round: *round, sheet: *sheet, turn: *turn, place: *place };
            let calls = (call.place == Place::Channel || call.place == Place::Dm(*to)).then_some(*to);
            post(app, bot, call, calls, attempt).await
        }
        Notice::Closing { round, turn, place } => {
            let call = Call { notice: attempt.notice, round: *round, sheet: Sheet::Closing, turn: *turn, place: *place };
            post(app, bot, call, None, attempt).await
        }
        Notice::SheetEdit { round, sheet } => edit(app, bot, *round, *sheet, attempt).await,
        Notice::Repair { round, by, repair, place } => soften(app, bot, *round, (*by, *repair), *place, attempt).await,
        Notice::Feeling { round, to } => {
            let Some(with) = by_itself::asks_how_it_felt(app, *round, *to).await? else { return Ok(Delivered::Moot) };
            dm(app, bot, *to, &cards::conversation::feeling(*round, with), attempt).await
        }
        Notice::FollowUp { round, to } => {
            let Some(view) = still(by_itself::plan(app, *round).await)?.flatten() else { return Ok(Delivered::Moot) };
            dm(app, bot, *to, &cards::conversation::follow_up(&view), attempt).await
        }
        _ => Ok(Delivered::Moot),
    }
}

/// It names somebody, so it goes where nobody else can see it, and waits for that as long as they talk.
async fn soften(
    app: &App,
    bot: &Bot,
    round: RoundId,
    (by, repair): (PersonId, Repair),
    place: Place,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let Some(view) = still(by_itself::look(app, round).await)?.flatten() else { return Ok(Delivered::Moot) };
    match may_hold(app, bot, &view.couple, place, true).await? {
        Some(Delivered::Held(_)) if view.conversation.is_over() || view.left(place) => Ok(Delivered::Moot),
        Some(Delivered::Held(_)) => Ok(shut(app)),
        Some(outcome) => Ok(outcome),
        None => say(app, bot, &view.couple, place, &cards::conversation::repair(round, by, repair), attempt).await,
    }
}

/// Posts a sheet anew. Its old message goes once this one is known to stand: for a moment both do, but never neither. `calls`: who is called there.
async fn post(app: &App, bot: &Bot, call: Call, calls: Option<PersonId>, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Call { round, sheet, place, .. } = call;
    let Some(Posted { view, posting }) = still(by_itself::to_post(app, call).await)?.flatten() else {
        return Ok(Delivered::Moot);
    };
    let card = reading::card(app, round).await?;
    let posted = match stands_already(app, bot, &card, place, attempt).await? {
        Some(posted) => posted,
        None if posting == Posting::Moot => return Ok(Delivered::Moot),
        None => {
            if let Some(outcome) = may_hold(app, bot, &view.couple, place, sheet != Sheet::Closing).await? {
                return Ok(outcome);
            }
            let calls = calls.filter(|_| posting == Posting::Calls);
            let mut card = if sheet == Sheet::Closing {
                cards::conversation::closing(&view)
            } else {
                cards::conversation::sheet(&view, sheet, calls)
            };
            card.silent = calls.is_none();
            match say(app, bot, &view.couple, place, &card, attempt).await? {
                Delivered::Posted { channel, message, .. } => {
                    Delivered::Sheet { channel, message, shown: Some(view.drawn(sheet)) }
                }
                other => other,
            }
        }
    };
    Ok(match posted {
        Delivered::Posted { channel, message, .. } => Delivered::Sheet { channel, message, shown: None },
        other => other,
    })
}

async fn edit(app: &App, bot: &Bot, round: RoundId, sheet: Sheet, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Some((view, posts)) = still(by_itself::to_edit(app, round, sheet).await)?.flatten() else { return Ok(Delivered::Moot) };
    let body = cards::conversation::sheet(&view, sheet, None).edited(attempt.notice);
    // What was left behind where they talked before stays as it is.
    let posts: Vec<_> = posts.into_iter().filter(|post| view.lives_in(post)).collect();
    if posts.is_empty() {
        // It is on its way, or held: its own notice shows all of it.
        return Ok(Delivered::Moot);
    }
    for post in posts {
        // An edit brings new words into a channel, as a post does.
        if let Some(outcome) = may_hold(app, bot, &view.couple, post.place, true).await? {
            return Ok(outcome);
        }
        match bot.rest.edit_message(post.channel, post.message, &body).await {
            Err(Failure::MissingAccess { .. }) if post.place == Place::Channel => return Ok(Delivered::Held(Hold::NoAccess)),
            done => standing(done)?,
        }
    }
    Ok(Delivered::SheetEdited(view.drawn(sheet)))
}
