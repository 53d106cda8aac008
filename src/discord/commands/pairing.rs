//! `/pair` and the buttons of an invitation.

use super::super::card::Card;
use super::super::inbound::{Reply, Visit};
use super::super::{Bot, cards, words};
use crate::app::App;
use crate::domain::ids::{InvitationId, PersonId};
use crate::domain::refusal::Refusal;
use crate::flows::Trouble;
use crate::flows::pairing::{self, Invite};

pub async fn pair(app: &App, bot: &Bot, visit: &Visit, with: PersonId, is_bot: bool) -> Result<Reply, Trouble> {
    let invite = invite(visit, with, is_bot)?;
    match pairing::may_invite(app, invite).await {
        Ok(()) => Ok(Reply::Private(cards::before_inviting(with, &bot.owners_among(with)))),
        Err(Trouble::Refused(Refusal::InvitedByThem(id))) => show(app, bot, visit, id).await,
        Err(trouble) => Err(trouble),
    }
}

fn invite(visit: &Visit, with: PersonId, is_bot: bool) -> Result<Invite, Trouble> {
    // Discord offers the command in servers only.
    let server = visit.server.ok_or(Refusal::NoCouple)?;
    Ok(Invite { inviter: visit.who, invitee: with, invitee_is_bot: is_bot, server })
}

pub async fn send(app: &App, bot: &Bot, visit: &Visit, with: PersonId) -> Result<Reply, Trouble> {
    match pairing::invite(app, invite(visit, with, false)?).await {
        Ok(id) => Ok(Reply::Private(cards::invitation_ready(&pairing::invitation(app, visit.who, id).await?))),
        // Both invited each other in the same moment: the second finds the first's invitation.
        Err(Trouble::Refused(Refusal::InvitedByThem(id))) => show(app, bot, visit, id).await,
        Err(trouble) => Err(trouble),
    }
}

async fn show(app: &App, bot: &Bot, visit: &Visit, id: InvitationId) -> Result<Reply, Trouble> {
    let invitation = pairing::invitation(app, visit.who, id).await?;
    let owners = bot.owners_among(invitation.inviter);
    Ok(Reply::Private(cards::invitation(&invitation, &owners)))
}

/// Into the channel where the button was pressed, as the inviter wanted.
pub async fn post(app: &App, bot: &Bot, visit: &Visit, id: InvitationId) -> Result<Reply, Trouble> {
    let (invitation, calls) = pairing::to_post(app, visit.who, id).await?;
    let owners = bot.owners_among(invitation.inviter);
    Ok(Reply::Public(cards::invitation_here(&invitation, &owners, calls)))
}

pub async fn accept(app: &App, visit: &Visit, id: InvitationId) -> Result<Reply, Trouble> {
    pairing::accept(app, visit.who, id).await?;
    Ok(Reply::Private(Card::saying(words::accepted())))
}

pub async fn decline(app: &App, visit: &Visit, id: InvitationId, for_good: bool) -> Result<Reply, Trouble> {
    pairing::decline(app, visit.who, id, for_good).await?;
    Ok(Reply::Private(Card::saying(if for_good { words::no_more_invitations() } else { words::declined() })))
}
