//! An item of the board on its way to the other, and its message brought up to date.

use super::{Attempt, Delivered, Undelivered, may_hold, say, shut, stands_in, still};
use crate::app::App;
use crate::discord::failure::Failure;
use crate::discord::{Bot, cards};
use crate::domain::board::{self, Posting, Shown, Spot, Unposted};
use crate::domain::ids::{ChannelId, ItemId};
use crate::domain::notice::Place;
use crate::domain::visibility::Hold;
use crate::flows::board::{ItemView, posting};
use crate::flows::homes;

/// What became of an item's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// With what it says; nothing when an earlier attempt posted it.
    Posted(Spot, Option<Shown>),
    NotPosted(Unposted),
    Edited(Shown),
    /// What the item has become may not be brought there now.
    EditHeld(Hold),
    /// It is not there any more, or was left behind without its words where the couple no longer lives.
    Gone(Spot),
}

/// Posts it as it stands at this moment, where the couple lives, if nobody else can see it there.
pub async fn item(app: &App, bot: &Bot, id: ItemId, place: Place, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Some(view) = still(posting::look(app, id).await)? else { return Ok(Delivered::Moot) };
    // Whatever became of it and of the place, what stands must not be posted a second time.
    if let Some(spot) = stands_already(app, bot, &view, place, attempt).await? {
        return Ok(Delivered::Item(Fate::Posted(spot, None)));
    }
    let (item, couple) = (&view.shown.item, &view.couple);
    if !item.is_live() {
        return Ok(Delivered::Item(Fate::NotPosted(Unposted::Moot)));
    }
    if board::place(couple, item.author) != Some(place) {
        return Ok(Delivered::Item(Fate::NotPosted(Unposted::Held(Hold::ChannelGone))));
    }
    let said = match may_hold(app, bot, couple, place, true).await? {
        Some(outcome) => outcome,
        None => say(app, bot, couple, place, &cards::board::posted(&view, place), attempt).await?,
    };
    Ok(match said {
        Delivered::Posted { channel, message, .. } => {
            Delivered::Item(Fate::Posted(Spot { place, channel, message }, Some(item.shown())))
        }
        Delivered::Held(why) => Delivered::Item(Fate::NotPosted(Unposted::Held(why))),
        Delivered::Closed => Delivered::Item(Fate::NotPosted(Unposted::Closed)),
        other => other,
    })
}

async fn stands_already(
    app: &App,
    bot: &Bot,
    view: &ItemView,
    place: Place,
    attempt: Attempt,
) -> Result<Option<Spot>, Undelivered> {
    if attempt.number == 1 {
        return Ok(None);
    }
    let channel: Option<ChannelId> = match place {
        Place::Channel => view.couple.channel(),
        Place::Dm(person) => homes::dm(app, person).await?,
    };
    let Some(channel) = channel else { return Ok(None) };
    let message = stands_in(bot, channel, attempt).await?;
    Ok(message.map(|message| Spot { place, channel, message }))
}

/// Words are brought there only where they may be posted; they are taken out of it anywhere. `removed`: their author wanted that, and so
/// it is done in a couple that ended, too.
pub async fn edit(app: &App, bot: &Bot, id: ItemId, removed: bool, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let view = if removed { posting::as_it_stands(app, id).await } else { posting::look(app, id).await };
    let Some(view) = still(view)? else { return Ok(Delivered::Moot) };
    let (item, couple) = (&view.shown.item, &view.couple);
    let Posting::Stands(spot) = item.posting else { return Ok(Delivered::Moot) };
    let Spot { place, channel, message } = spot;
    let moved = item.is_live() && !couple.home_is(channel, place);
    if item.is_live() && !moved {
        match may_hold(app, bot, couple, place, true).await? {
            Some(Delivered::Held(why)) => return Ok(Delivered::Item(Fate::EditHeld(why))),
            Some(Delivered::Gone(channel)) => return Ok(Delivered::Gone(channel)),
            Some(_) | None => {}
        }
    }
    let card = if moved { cards::board::left_behind(&view, place) } else { cards::board::posted(&view, place) };
    let body = card.edited(attempt.notice);
    let body = if couple.left.is_some() { body.words_alone() } else { body };
    Ok(Delivered::Item(match bot.rest.edit_message(channel, message, &body).await {
        Ok(()) if !moved => Fate::Edited(item.shown()),
        Ok(()) | Err(Failure::UnknownMessage | Failure::UnknownChannel | Failure::ClosedDms) => Fate::Gone(spot),
        // Somebody was told that these words go: they do once the place is open to us again.
        Err(Failure::MissingAccess { .. }) if removed && !item.is_live() => {
            return Ok(shut(app));
        }
        Err(Failure::MissingAccess { .. }) if moved => Fate::Gone(spot),
        Err(Failure::MissingAccess { .. }) => Fate::EditHeld(Hold::NoAccess),
        Err(failure) => return Err(failure.into()),
    }))
}
