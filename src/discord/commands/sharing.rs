//! `/journal export`, and a passage on its way to one's partner: call the flow, show the reply to the one who asked.

use super::super::buttons::Button;
use super::super::card::Card;
use super::super::cards::sharing as pages;
use super::super::inbound::{Reply, Visit};
use super::super::words::{journal_files as files, sharing as said};
use super::meant;
use crate::app::App;
use crate::domain::hours::Zone;
use crate::domain::ids::{ChannelId, CoupleId, EntryId, PassageId};
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::sharing::{Confirmed, Shared};
use crate::flows::{Trouble, journal, journal_files, settings, sharing};

/// Bytes of entries in one message: all files of a request together may have 10 MiB (reference, "Uploading Files"), and their heads
/// and the words beside them need a little of it.
pub const ROOM: usize = 9 << 20;

/// `/journal export`.
pub async fn export(app: &App, visit: &Visit) -> Result<Reply, Trouble> {
    let zone = settings::person(app, visit.who).await?.zone.unwrap_or_else(Zone::utc);
    let parts = journal_files::export(app, visit.who, ROOM, |entry| files::weight(entry, &zone)).await?;
    Ok(Reply::Private(Card::saying(files::on_its_way(parts))))
}

/// In the place of the files that Duet sent: only it can take them back out of a DM.
pub fn remove_files(visit: &Visit) -> Reply {
    // Nobody else's message is there to be replaced.
    if visit.server.is_some() {
        return Reply::Private(Card::saying(super::super::words::old_button()));
    }
    Reply::InPlace(Card::saying(files::removed()))
}

/// `Share a passage`: with whom, then the page to write on.
pub async fn begin(app: &App, visit: &Visit, entry: EntryId) -> Result<Reply, Trouble> {
    match meant(app, visit, None, |couple| Button::SharePassageIn(entry, couple)).await {
        Ok(Ok(couple)) => begin_in(app, visit, entry, couple.id).await,
        Ok(Err(menu)) => Ok(Reply::Private(menu)),
        Err(Trouble::Refused(Refusal::NoCouple)) => Ok(Reply::Private(Card::saying(said::nobody_yet()))),
        Err(trouble) => Err(trouble),
    }
}

pub async fn begin_in(app: &App, visit: &Visit, entry: EntryId, couple: CoupleId) -> Result<Reply, Trouble> {
    let couple = sharing::home(app, visit.who, couple).await?;
    let entry = journal::entry(app, visit.who, entry).await?;
    Ok(Reply::Form(pages::passage_form(&couple, visit.who, &entry)))
}

/// What was written, exactly as it would be posted. Nothing is stored.
pub async fn preview(app: &App, visit: &Visit, couple: CoupleId, fields: &[Words]) -> Result<Reply, Trouble> {
    let empty = Words::new("");
    let typed = fields.first().unwrap_or(&empty);
    match sharing::preview(app, visit.who, couple, typed).await {
        Ok(preview) => Ok(Reply::Private(pages::preview(&preview, visit.who, false))),
        Err(Trouble::Refused(refusal)) => Ok(Reply::Private(pages::refused(&refusal, typed))),
        Err(trouble) => Err(trouble),
    }
}

/// `Post it`.
pub async fn post(
    app: &App,
    visit: &Visit,
    id: PassageId,
    couple: CoupleId,
    channel: Option<ChannelId>,
) -> Result<Reply, Trouble> {
    let words = visit.carried.clone().unwrap_or_else(|| Words::new(""));
    let confirmed = Confirmed { id, couple, channel, words };
    match sharing::share(app, visit.who, &confirmed).await {
        Ok(Shared::OnItsWay(couple)) => Ok(Reply::Private(Card::saying(said::on_its_way(&couple)))),
        Ok(Shared::Moved(preview)) => Ok(Reply::Private(pages::preview(&preview, visit.who, true))),
        Err(Trouble::Refused(refusal)) => Ok(Reply::Private(pages::refused(&refusal, &confirmed.words))),
        Err(trouble) => Err(trouble),
    }
}
