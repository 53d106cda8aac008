//! `/board` and the buttons of its items: call the flow, show the reply.

use super::super::buttons::OnBoard;
use super::super::cards::board as pages;
use super::super::inbound::{Reply, Visit};
use super::super::words::board as said;
use super::meant;
use crate::app::App;
use crate::domain::board::Kind;
use crate::domain::ids::{CoupleId, ItemId};
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::{Trouble, board};

/// What `/board` was called for.
#[derive(Clone, Debug)]
pub enum Call {
    /// Without words, a page to write on comes.
    Add {
        kind: Kind,
        text: Option<Words>,
    },
    List,
}

pub async fn call(app: &App, visit: &Visit, call: Call) -> Result<Reply, Trouble> {
    match call {
        Call::List => match meant(app, visit, None, |couple| OnBoard::List(couple, 0).into()).await? {
            Ok(couple) => list(app, visit, couple.id, 0).await,
            Err(menu) => Ok(Reply::Private(menu)),
        },
        Call::Add { kind, text } => match meant(app, visit, None, |couple| OnBoard::Add(couple, kind).into()).await {
            Ok(Ok(couple)) => add(app, visit, couple.id, kind, text.as_ref()).await,
            // The words travel in the menu until it is said for whom they are.
            Ok(Err(menu)) => Ok(Reply::Private(match text {
                Some(text) => menu.carrying(Some(said::YOUR_WORDS), text),
                None => menu,
            })),
            Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, text.as_ref())),
            Err(trouble) => Err(trouble),
        },
    }
}

/// A press that is about the board.
pub async fn press(app: &App, visit: &Visit, press: OnBoard) -> Result<Reply, Trouble> {
    match press {
        OnBoard::List(couple, page) => list(app, visit, couple, page).await,
        OnBoard::Add(couple, kind) => add(app, visit, couple, kind, visit.carried.as_ref()).await,
        OnBoard::See(item, wording) => see(app, visit, item, wording).await,
        OnBoard::Open(item) => Ok(Reply::Private(pages::item(&board::item(app, visit.who, item).await?, visit.who))),
        OnBoard::Edit(item) => Ok(Reply::Form(pages::page_to_edit(&board::own(app, visit.who, item).await?))),
        OnBoard::Retire(item) => Ok(Reply::Private(pages::retired(&board::retire(app, visit.who, item).await?))),
        OnBoard::PutBack(item) => put_back(app, visit, item).await,
    }
}

async fn list(app: &App, visit: &Visit, couple: CoupleId, page: u8) -> Result<Reply, Trouble> {
    let view = board::list(app, visit.who, couple).await?;
    Ok(Reply::Private(pages::list(&view, visit.who, page.into())))
}

pub async fn add(app: &App, visit: &Visit, couple: CoupleId, kind: Kind, text: Option<&Words>) -> Result<Reply, Trouble> {
    let Some(text) = text else {
        return match board::may_add(app, visit.who, couple).await {
            Ok(couple) => Ok(Reply::Form(pages::page(&couple, visit.who, kind))),
            Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, None)),
            Err(trouble) => Err(trouble),
        };
    };
    match board::add(app, visit.who, couple, kind, text).await {
        Ok(view) => Ok(Reply::Private(pages::on_the_board(&view, visit.who))),
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, Some(text))),
        Err(trouble) => Err(trouble),
    }
}

/// What was written anew on the page of `Edit`.
pub async fn edit(app: &App, visit: &Visit, item: ItemId, fields: &[Words]) -> Result<Reply, Trouble> {
    let empty = Words::new("");
    let typed = fields.first().unwrap_or(&empty);
    match board::edit(app, visit.who, item, typed).await {
        Ok(edited) => Ok(Reply::Private(pages::edited(&edited, visit.who))),
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, Some(typed))),
        Err(trouble) => Err(trouble),
    }
}

async fn see(app: &App, visit: &Visit, item: ItemId, wording: u32) -> Result<Reply, Trouble> {
    match board::see(app, visit.who, item, wording).await {
        Ok(view) => Ok(Reply::Private(pages::seen(&view))),
        Err(Trouble::Refused(Refusal::ItemReworded)) => {
            Ok(Reply::Private(pages::reworded(&board::item(app, visit.who, item).await?, visit.who)))
        }
        // In their channel the button stands under one's own, too.
        Err(Trouble::Refused(Refusal::OwnItem)) => {
            Ok(Reply::Private(pages::yours(&board::item(app, visit.who, item).await?, visit.who)))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn put_back(app: &App, visit: &Visit, item: ItemId) -> Result<Reply, Trouble> {
    let carried = visit.carried.clone().unwrap_or_else(|| Words::new(""));
    match board::put_back(app, visit.who, item, &carried).await {
        Ok(view) => Ok(Reply::Private(pages::put_back(&view, visit.who))),
        Err(Trouble::Refused(Refusal::BoardFull(_))) => Ok(Reply::Private(pages::no_room_for(item, &carried))),
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, Some(&carried))),
        Err(trouble) => Err(trouble),
    }
}

/// Nothing that was written is lost: it comes back to its author.
fn refused(refusal: &Refusal, text: Option<&Words>) -> Reply {
    Reply::Private(pages::refused(refusal, text))
}
