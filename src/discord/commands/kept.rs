//! `Keep this` and `Remove my words`, in the menu of a message, and `/kept`: call the flow, show the reply to the one who pressed.

use super::super::Bot;
use super::super::buttons::Keeping;
use super::super::card::Card;
use super::super::cards::kept as pages;
use super::super::inbound::{Reply, Visit};
use super::super::words::kept as said;
use super::links::link_to;
use super::meant;
use crate::app::App;
use crate::domain::ids::{CoupleId, KeptId, MessageId};
use crate::flows::keeping::KeptView;
use crate::flows::{Trouble, keeping, removing};

fn plain(text: impl Into<String>) -> Reply {
    Reply::Private(Card::saying(text))
}

pub async fn keep(app: &App, visit: &Visit, message: MessageId) -> Result<Reply, Trouble> {
    keeping::keep(app, visit.who, visit.channel, message).await?;
    Ok(plain(said::kept()))
}

/// In the DM all that one keeps; elsewhere what is with the couple that is meant there.
pub async fn open(app: &App, bot: &Bot, visit: &Visit) -> Result<Reply, Trouble> {
    if visit.server.is_none() {
        return page(app, bot, visit, None, None).await;
    }
    match meant(app, visit, None, |couple| Keeping::In(couple).into()).await? {
        Ok(couple) => page(app, bot, visit, Some(couple.id), None).await,
        Err(menu) => Ok(Reply::Private(menu)),
    }
}

pub async fn press(app: &App, bot: &Bot, visit: &Visit, press: Keeping) -> Result<Reply, Trouble> {
    match press {
        Keeping::In(couple) => page(app, bot, visit, Some(couple), None).await,
        Keeping::Older(before, within) => page(app, bot, visit, within, Some(before)).await,
        Keeping::LetGo(id, within) => let_go(app, visit, id, within).await,
        Keeping::Remove(piece) => {
            let asked = removing::ask_about(app, visit.who, piece).await?;
            Ok(Reply::Private(pages::remove(&asked, visit.who)))
        }
        Keeping::RemoveNow(piece, up_to) => Ok(plain(said::removed(removing::remove(app, visit.who, piece, up_to).await?))),
        Keeping::Leave => Ok(plain(said::left())),
    }
}

async fn page(app: &App, bot: &Bot, visit: &Visit, within: Option<CoupleId>, before: Option<KeptId>) -> Result<Reply, Trouble> {
    let page = keeping::page(app, visit.who, within, before).await?;
    let link = match &page.kept {
        Some(kept) => link(bot, kept).await,
        None => None,
    };
    Ok(Reply::Private(pages::page(&page, visit.who, within, link.as_deref(), before.is_some())))
}

/// Where it still stands.
async fn link(bot: &Bot, kept: &KeptView) -> Option<String> {
    for post in &kept.posts {
        if let Some(link) = link_to(bot, &kept.couple, (post.place, post.channel, post.message)).await {
            return Some(link);
        }
    }
    None
}

async fn let_go(app: &App, visit: &Visit, id: KeptId, within: Option<CoupleId>) -> Result<Reply, Trouble> {
    let more = keeping::let_go(app, visit.who, within, id).await?;
    Ok(Reply::Private(pages::let_go(Keeping::Older(id, within), more)))
}

pub async fn remove(app: &App, visit: &Visit, message: MessageId) -> Result<Reply, Trouble> {
    let asked = removing::ask(app, visit.who, visit.channel, message).await?;
    Ok(Reply::Private(pages::remove(&asked, visit.who)))
}
