//! `/privacy`: what is kept, to take along or to end.

use super::super::card::Card;
use super::super::cards::privacy as pages;
use super::super::inbound::{Reply, Visit};
use super::super::modals::deletion_is_meant;
use super::super::words::{self, privacy as said};
use crate::app::App;
use crate::domain::ids::RoundId;
use crate::domain::words::Words;
use crate::flows::{Trouble, exporting, privacy};

pub fn open() -> Reply {
    Reply::Private(pages::privacy())
}

pub async fn export(app: &App, visit: &Visit) -> Result<Reply, Trouble> {
    exporting::begin(app, visit.who).await?;
    Ok(Reply::Private(Card::saying(said::on_its_way())))
}

pub async fn export_rest(app: &App, visit: &Visit, after: RoundId, part: u32) -> Result<Reply, Trouble> {
    exporting::more(app, visit.who, part, Some(after)).await?;
    Ok(Reply::Private(Card::saying(said::rest_on_its_way())))
}

pub fn delete_form() -> Reply {
    Reply::Form(pages::delete_form())
}

/// The typed word was sent, or another.
pub async fn delete(app: &App, visit: &Visit, fields: &[Words]) -> Result<Reply, Trouble> {
    if !deletion_is_meant(fields) {
        return Ok(Reply::Private(Card::saying(words::not_deleted())));
    }
    Ok(Reply::Private(Card::saying(said::deleted(&privacy::delete(app, visit.who).await?))))
}
