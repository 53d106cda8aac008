//! The cards of a pause and the return, on their way. They hold no private words, and name nobody as the one who paused.

use jiff::Timestamp;

use super::{Attempt, Delivered, Undelivered, say, standing};
use crate::app::App;
use crate::discord::{Bot, cards, words};
use crate::domain::ids::CoupleId;
use crate::domain::notice::Place;
use crate::flows::pausing;

pub async fn card(
    app: &App,
    bot: &Bot,
    couple: CoupleId,
    place: Place,
    since: Timestamp,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let view = pausing::card(app, couple, since).await?;
    if view.until.is_none() || view.couple.left.is_some() || !view.couple.places().contains(&place) {
        return Ok(Delivered::Moot);
    }
    let card = cards::pauses::card(&view, place).footnote(&words::safety_link(bot.safety));
    say(app, bot, &view.couple, place, &card, attempt).await
}

/// Wherever they stand. In a couple that ended an edit would be an alarm.
pub async fn edit(app: &App, bot: &Bot, couple: CoupleId, since: Timestamp, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let view = pausing::card(app, couple, since).await?;
    if view.couple.left.is_some() {
        return Ok(Delivered::Moot);
    }
    for post in pausing::posts(app, couple, since).await? {
        let mut card = cards::pauses::card(&view, post.place);
        if view.until.is_some() {
            card = card.footnote(&words::safety_link(bot.safety));
        }
        standing(bot.rest.edit_message(post.channel, post.message, &card.edited(attempt.notice)).await)?;
    }
    Ok(Delivered::Done)
}

pub async fn back(app: &App, bot: &Bot, couple: CoupleId, place: Place, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let view = pausing::back(app, couple).await?;
    if view.paused_until.is_some() || view.couple.left.is_some() || !view.couple.places().contains(&place) {
        return Ok(Delivered::Moot);
    }
    say(app, bot, &view.couple, place, &cards::pauses::back(&view, place), attempt).await
}
