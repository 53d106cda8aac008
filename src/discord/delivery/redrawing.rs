//! Words went from a piece: what still shows them is drawn anew. It brings no word into a place that did not stand there.

use super::{Attempt, Delivered, Undelivered, edit_cards, may_hold, standing, still};
use crate::app::App;
use crate::discord::card::Card;
use crate::discord::failure::Failure;
use crate::discord::{Bot, cards, pictures, words};
use crate::domain::conversation::Sheet;
use crate::domain::ids::{PassageId, RoundId};
use crate::domain::notice::Place;
use crate::domain::piece::Piece;
use crate::domain::round::LOOK_AGAIN;
use crate::flows::conversing::by_itself;
use crate::flows::pieces::{self, Mark};
use crate::flows::{reading, sharing};

/// In a couple that ended an edit would be an alarm.
pub(super) async fn redraw(app: &App, bot: &Bot, piece: Piece, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let shown = match piece {
        Piece::Reveal(round) => reveal(app, bot, round, attempt).await?,
        Piece::Card(round) => edit_cards(app, bot, round, None, attempt).await?.map(|view| Mark::of_question(&view.asked)),
        Piece::Sheet(round, of) => return sheet(app, bot, round, of, attempt).await,
        Piece::Passage(id) => passage(app, bot, id, attempt).await?,
        // The board brings its messages up to date itself.
        Piece::Item(_) => None,
    };
    Ok(shown.map_or(Delivered::Moot, Delivered::Redrawn))
}

async fn reveal(app: &App, bot: &Bot, round: RoundId, attempt: Attempt) -> Result<Option<Mark>, Undelivered> {
    let Some(view) = still(reading::reveal(app, round).await)? else { return Ok(None) };
    let picture = pictures::of_reveal(&view).await;
    for post in pieces::standing(app, Piece::Reveal(round)).await? {
        let to = match post.place {
            Place::Channel => None,
            Place::Dm(person) => Some(person),
        };
        let card = cards::reveal_post(&view, picture.clone(), to);
        let mut done = bot.rest.edit_message(post.channel, post.message, &card.edited(attempt.notice)).await;
        if card.picture.is_some() && matches!(done, Err(Failure::MissingAccess { .. })) {
            // As with its posting, it may be Attach Files alone that is missing.
            done = bot.rest.edit_message(post.channel, post.message, &card.unpictured().edited(attempt.notice)).await;
        }
        standing(done)?;
    }
    Ok(Some(view.mark))
}

/// Words go at once, and none come that wait: for the end of a pause, or until the place is only theirs again. Until then it says no more
/// than that.
async fn sheet(app: &App, bot: &Bot, round: RoundId, sheet: Sheet, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Some((view, posts)) = still(by_itself::to_edit(app, round, sheet).await)?.flatten() else { return Ok(Delivered::Moot) };
    let whole = cards::conversation::sheet(&view, sheet, None);
    let more_to_show = by_itself::has_more_to_show(app, round).await?;
    let paused = by_itself::paused_until(app, round).await?;
    let mut later = None;
    for post in posts {
        if !view.lives_in(&post) {
            // Left behind where they talked before: nothing of it comes to stand there any more.
            let body = Card::saying(words::privacy::removed()).edited(attempt.notice);
            standing(bot.rest.edit_message(post.channel, post.message, &body).await)?;
            continue;
        }
        let held = more_to_show && may_hold(app, bot, &view.couple, post.place, true).await?.is_some();
        let until = if held { app.now().saturating_add(LOOK_AGAIN).ok() } else { paused.filter(|_| more_to_show) };
        let card = if until.is_some() { Card::saying(words::privacy::removed()) } else { whole.clone() };
        standing(bot.rest.edit_message(post.channel, post.message, &card.edited(attempt.notice)).await)?;
        later = later.max(until);
    }
    Ok(later.map_or(Delivered::Redrawn(Mark::of_sheet(&view, sheet)), Delivered::Waits))
}

async fn passage(app: &App, bot: &Bot, id: PassageId, attempt: Attempt) -> Result<Option<Mark>, Undelivered> {
    let Some(view) = sharing::as_it_stands(app, id).await? else { return Ok(None) };
    if view.couple.left.is_some() {
        return Ok(None);
    }
    for post in pieces::standing(app, Piece::Passage(id)).await? {
        let body = cards::sharing::passage(&view, post.place).edited(attempt.notice);
        standing(bot.rest.edit_message(post.channel, post.message, &body).await)?;
    }
    Ok(Some(Mark::of_passage(&view)))
}
