//! The sheets of a conversation on their way into the home, and what is asked of one partner after it.

use super::{Attempt, Delivered, Undelivered, dm, may_hold, say, standing, stands_already, still};
use crate::app::App;
use crate::discord::Bot;
use crate::discord::cards;
use crate::domain::conversation::{Posting, Sheet};
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::flows::conversing::by_itself::{self, Posted};
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
            let place = *place;
            let calls = (place == Place::Channel || place == Place::Dm(*to)).then_some(*to);
            post(app, bot, Posts { round: *round, sheet: *sheet, turn: *turn, place, calls }, attempt).await
        }
        Notice::Closing { round, turn, place } => {
            let posts = Posts { round: *round, sheet: Sheet::Closing, turn: *turn, place: *place, calls: None };
            post(app, bot, posts, attempt).await
        }
        Notice::SheetEdit { round, sheet } => edit(app, bot, *round, *sheet, attempt).await,
        Notice::Repair { round, by, repair, place } => {
            let Some(view) = still(reading::card(app, *round).await)? else { return Ok(Delivered::Moot) };
            if view.couple.left.is_some() {
                return Ok(Delivered::Moot);
            }
            say(app, bot, &view.couple, *place, &cards::conversation::repair(*round, *by, *repair), attempt).await
        }
        Notice::Feeling { round, to } => {
            if !by_itself::asks_how_it_felt(app, *round, *to).await? {
                return Ok(Delivered::Moot);
            }
            dm(app, bot, *to, &cards::conversation::feeling(*round), attempt).await
        }
        Notice::FollowUp { round, to } => {
            let Some(view) = still(by_itself::plan(app, *round).await)?.flatten() else { return Ok(Delivered::Moot) };
            dm(app, bot, *to, &cards::conversation::follow_up(&view), attempt).await
        }
        _ => Ok(Delivered::Moot),
    }
}

/// A sheet that is to be posted in one place, on a turn.
struct Posts {
    round: RoundId,
    sheet: Sheet,
    turn: u32,
    place: Place,
    /// Who is called there.
    calls: Option<PersonId>,
}

/// Posts a sheet anew, and then takes its old message away: for a moment both stand, but never neither.
async fn post(app: &App, bot: &Bot, posts: Posts, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Posts { round, sheet, turn, place, calls } = posts;
    let Some(Posted { view, posting, before }) = still(by_itself::to_post(app, round, sheet, turn, place).await)?.flatten()
    else {
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
    let posted = match posted {
        Delivered::Posted { channel, message, .. } => Delivered::Sheet { channel, message, shown: None },
        other => other,
    };
    if let (Some(before), Delivered::Sheet { message, .. }) = (before, posted)
        && before.message != message
    {
        standing(bot.rest.delete_message(before.channel, before.message).await)?;
    }
    Ok(posted)
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
        standing(bot.rest.edit_message(post.channel, post.message, &body).await)?;
    }
    Ok(Delivered::SheetEdited(view.drawn(sheet)))
}
