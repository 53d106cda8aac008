//! What one does for oneself, on its way: a planned reflection, the files of one's journal and of one's data, and to the two of
//! them a passage.

use super::{Attempt, Delivered, Undelivered, dm, may_hold, missing_permissions, say, stands_in, still};
use crate::app::App;
use crate::discord::card::Card;
use crate::discord::words::journal_files::Files;
use crate::discord::{Bot, cards, exports, typed};
use crate::domain::couple::Couple;
use crate::domain::hours::Zone;
use crate::domain::ids::{ChannelId, CoupleId, PassageId, PersonId, RoundId, SittingId};
use crate::domain::journal::Part;
use crate::domain::notice::Place;
use crate::domain::visibility::Hold;
use crate::flows::{exporting, homes, journal_files, reflecting, settings, sharing};

pub async fn reflection(
    app: &App,
    bot: &Bot,
    sitting: SittingId,
    to: PersonId,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let Some(view) = still(reflecting::sitting(app, to, sitting).await)? else { return Ok(Delivered::Moot) };
    let card = cards::reflections::practice_by_dm(&view);
    let card = match typed::owners_notice_before(app, bot, to).await? {
        Some(notice) => card.with(notice),
        None => card,
    };
    dm(app, bot, to, &card, attempt).await
}

/// It holds what is kept at this moment.
pub async fn export(
    app: &App,
    bot: &Bot,
    to: PersonId,
    part: u32,
    after: Option<RoundId>,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let export = exporting::gather(app, to, part, after, exporting::ROOM).await?;
    let rest = export.rest;
    let file = exports::packed(export).await?;
    dm(app, bot, to, &cards::privacy::export(file, part, rest), attempt).await
}

/// The files are made at this moment, a batch of entries at a time.
pub async fn journal_files(app: &App, bot: &Bot, to: PersonId, part: &Part, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let zone = settings::person(app, to).await?.zone.unwrap_or_else(Zone::utc);
    let mut files = Files::begin(part, &zone);
    let mut last = None;
    loop {
        let entries = journal_files::next(app, to, part, last).await?;
        let Some(newest) = entries.last() else { break };
        last = Some(newest.mark());
        for entry in &entries {
            files.add(entry, &zone);
        }
    }
    if last.is_none() {
        // All of it was deleted meanwhile.
        return Ok(Delivered::Moot);
    }
    files.end();
    dm(app, bot, to, &cards::sharing::journal_files(part, files), attempt).await
}

/// Only where its author was told that it would stand, and only if nobody else can see it there.
pub async fn passage(
    app: &App,
    bot: &Bot,
    id: PassageId,
    place: Place,
    channel: Option<ChannelId>,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let Some(view) = still(sharing::look(app, id).await)? else { return Ok(Delivered::Moot) };
    if let (Place::Channel, Some(channel)) = (place, channel) {
        if attempt.number > 1
            && let Some(message) = stands_in(bot, channel, attempt).await?
        {
            return Ok(Delivered::Posted { channel, message, shown: None });
        }
        if view.couple.channel() != Some(channel) {
            return Ok(Delivered::Held(Hold::ChannelGone));
        }
    }
    if let Some(outcome) = may_hold(app, bot, &view.couple, place, true).await? {
        return Ok(outcome);
    }
    say(app, bot, &view.couple, place, &cards::sharing::passage(&view, place), attempt).await
}

/// To its author alone: it was not posted, and on the card what can be mended.
pub async fn not_posted(
    app: &App,
    bot: &Bot,
    couple: CoupleId,
    to: PersonId,
    why: Hold,
    attempt: Attempt,
    card: fn(&Couple, Hold, &str) -> Card,
) -> Result<Delivered, Undelivered> {
    let couple = homes::look(app, couple).await?;
    if couple.left.is_some() {
        return Ok(Delivered::Moot);
    }
    let missing = if why == Hold::NoAccess { missing_permissions(bot, &couple).await } else { String::new() };
    dm(app, bot, to, &card(&couple, why, &missing), attempt).await
}
