//! Words went from a piece: what still shows them is drawn anew. It brings no word into a place that did not stand there.
//!
//! What was removed while the two were a couple goes after they parted, too. Then its plain line and its buttons stay as they are, and nothing
//! new is said: that would be an alarm. Whose step it would be, and when a card would open, goes with the words, for it is no longer so.

use jiff::Timestamp;

use super::{Attempt, Delivered, Undelivered, board, may_hold, standing, still};
use crate::app::App;
use crate::discord::card::{Body, Card};
use crate::discord::failure::Failure;
use crate::discord::{Bot, cards, pictures, words};
use crate::domain::conversation::Sheet;
use crate::domain::couple::Couple;
use crate::domain::ids::{ChannelId, MessageId, PassageId, RoundId};
use crate::domain::notice::Place;
use crate::domain::piece::Piece;
use crate::domain::round::{Ending, LOOK_AGAIN, Phase};
use crate::flows::conversing::by_itself;
use crate::flows::pieces::{self, Mark};
use crate::flows::{reading, sharing};

pub(super) async fn redraw(app: &App, bot: &Bot, piece: Piece, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let done = match piece {
        Piece::Reveal(round) => reveal(app, bot, round, attempt).await?,
        Piece::Card(round) => card(app, bot, round, attempt).await?,
        Piece::Sheet(round, of) => sheet(app, bot, round, of, attempt).await?,
        Piece::Passage(id) => passage(app, bot, id, attempt).await?,
        Piece::Item(id) => return board::edit(app, bot, id, true, attempt).await,
    };
    Ok(done.unwrap_or(Delivered::Moot))
}

/// Draws one message anew. When to try again, where the place is shut to us: somebody was told that these words go.
async fn draw(
    app: &App,
    bot: &Bot,
    (channel, message): (ChannelId, MessageId),
    body: &Body,
) -> Result<Option<Timestamp>, Undelivered> {
    match bot.rest.edit_message(channel, message, body).await {
        Err(Failure::MissingAccess { .. }) => Ok(app.now().saturating_add(LOOK_AGAIN).ok()),
        done => standing(done).map(|()| None),
    }
}

fn body(card: &Card, couple: &Couple, attempt: Attempt) -> Body {
    let body = card.edited(attempt.notice);
    if couple.left.is_some() { body.words_alone() } else { body }
}

async fn reveal(app: &App, bot: &Bot, round: RoundId, attempt: Attempt) -> Result<Option<Delivered>, Undelivered> {
    let Some(view) = still(reading::reveal_as_it_stands(app, round).await)? else { return Ok(None) };
    let couple = &view.card.couple;
    let picture = pictures::of_reveal(&view).await;
    let mut later = None;
    for post in pieces::standing(app, Piece::Reveal(round)).await? {
        let to = match post.place {
            Place::Channel => None,
            Place::Dm(person) => Some(person),
        };
        let card = cards::reveal_post(&view, picture.clone(), to);
        let mut again = draw(app, bot, (post.channel, post.message), &body(&card, couple, attempt)).await?;
        if card.picture.is_some() && again.is_some() {
            // As with its posting, it may be Attach Files alone that is missing.
            again = draw(app, bot, (post.channel, post.message), &body(&card.unpictured(), couple, attempt)).await?;
        }
        later = later.max(again);
    }
    Ok(Some(later.map_or(Delivered::Redrawn(view.mark), Delivered::Shut)))
}

/// A card moves on with its round: what it shows is compared as with every edit of it.
async fn card(app: &App, bot: &Bot, round: RoundId, attempt: Attempt) -> Result<Option<Delivered>, Undelivered> {
    let Some(view) = still(reading::card(app, round).await)? else { return Ok(None) };
    let closed = matches!(view.round.phase, Phase::Ended { how: Ending::Parted, .. });
    let card = if closed { Card::saying(words::kept::question(&view.asked)) } else { cards::prompt(&view, None) };
    let body = body(&card, &view.couple, attempt);
    let mut later = None;
    for post in reading::card_posts(app, round).await? {
        later = later.max(draw(app, bot, (post.channel, post.message), &body).await?);
    }
    Ok(Some(later.map_or(Delivered::Edited(view.round.shown(view.line)), Delivered::Shut)))
}

/// Words go at once, and none come that wait: for the end of a pause, or until the place is only theirs again. Until then it says no more
/// than that.
async fn sheet(app: &App, bot: &Bot, round: RoundId, sheet: Sheet, attempt: Attempt) -> Result<Option<Delivered>, Undelivered> {
    let Some((view, posts, drawn)) = still(by_itself::to_redraw(app, round, sheet).await)?.flatten() else { return Ok(None) };
    let removed = Card::saying(words::privacy::removed());
    let whole = cards::conversation::sheet(&view, sheet, None);
    if view.couple.left.is_some() {
        let mut later = None;
        for post in posts {
            // What stands of a sheet is known for all of its places together, and more of it may stand in those that came later.
            let card = if view.lives_in(&post) && !whole.texts.is_empty() { &whole } else { &removed };
            later = later.max(draw(app, bot, (post.channel, post.message), &body(card, &view.couple, attempt)).await?);
        }
        return Ok(Some(later.map_or(Delivered::Redrawn(Mark::of_sheet(drawn)), Delivered::Shut)));
    }
    let more_to_show = by_itself::has_more_to_show(app, round).await?;
    let paused = by_itself::paused_until(app, round).await?;
    let mut later = None;
    for post in posts {
        if !view.lives_in(&post) {
            // Left behind where they talked before: nothing of it comes to stand there any more.
            later = later.max(draw(app, bot, (post.channel, post.message), &removed.edited(attempt.notice)).await?);
            continue;
        }
        let held = more_to_show && may_hold(app, bot, &view.couple, post.place, true).await?.is_some();
        let until = if held { app.now().saturating_add(LOOK_AGAIN).ok() } else { paused.filter(|_| more_to_show) };
        let card = if until.is_some() { &removed } else { &whole };
        let shut = draw(app, bot, (post.channel, post.message), &card.edited(attempt.notice)).await?;
        later = later.max(until).max(shut);
    }
    Ok(Some(later.map_or(Delivered::Redrawn(Mark::of_sheet(drawn)), Delivered::Shut)))
}

async fn passage(app: &App, bot: &Bot, id: PassageId, attempt: Attempt) -> Result<Option<Delivered>, Undelivered> {
    let Some(view) = sharing::as_it_stands(app, id).await? else { return Ok(None) };
    let mut later = None;
    for post in pieces::standing(app, Piece::Passage(id)).await? {
        let card = cards::sharing::passage(&view, post.place);
        later = later.max(draw(app, bot, (post.channel, post.message), &body(&card, &view.couple, attempt)).await?);
    }
    Ok(Some(later.map_or(Delivered::Redrawn(Mark::of_passage(&view)), Delivered::Shut)))
}
