//! Two people become a couple: an invitation, and a yes. What the invitee does with it is never told to the inviter.

use super::{Trouble, keep, retrying};
use crate::app::App;
use crate::domain::couple::{Beginning, Couple};
use crate::domain::ids::{CoupleId, InvitationId, PersonId, ServerId};
use crate::domain::invitation::{self, Answered, Invitation};
use crate::domain::notice::Notice;
use crate::domain::refusal::Refusal;
use crate::store::{self, Tx};

/// Who invites whom, and where.
#[derive(Clone, Copy, Debug)]
pub struct Invite {
    pub inviter: PersonId,
    pub invitee: PersonId,
    pub invitee_is_bot: bool,
    pub server: ServerId,
}

/// What stands in the way, before anything is sent: `/pair` shows its notice only when nothing does.
pub async fn may_invite(app: &App, invite: Invite) -> Result<(), Trouble> {
    let mut tx = app.store.read().await?;
    check(app, &mut tx, invite).await?;
    Ok(())
}

/// The reply is the same whether the invitee takes invitations or not.
pub async fn invite(app: &App, invite: Invite) -> Result<InvitationId, Trouble> {
    retrying!(invite_once(app, invite))
}

async fn invite_once(app: &App, invite: Invite) -> Result<InvitationId, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    if let Some(waiting) = check(app, &mut tx, invite).await? {
        return Ok(waiting.id);
    }
    let mut inviter = store::people::load(&mut tx, invite.inviter).await?;
    if inviter.invitations_closed {
        // Whoever invites somebody has opened the door again.
        inviter.invitations_closed = false;
        store::people::save(&mut tx, &inviter).await?;
    }
    for old in [
        store::invitations::newest(&mut tx, invite.inviter, invite.invitee).await?,
        store::invitations::newest(&mut tx, invite.invitee, invite.inviter).await?,
    ] {
        // After downtime its timer may not have rung yet, and only one may wait between two people.
        if let Some(old) = old.filter(|old| old.answered == Answered::Not) {
            store::invitations::save(&mut tx, &old.lapsed(now).state).await?;
        }
    }
    let step = Invitation::send(InvitationId(app.new_id()), invite.inviter, invite.invitee, invite.server, now);
    let id = step.state.id;
    store::invitations::insert(&mut tx, &step.state).await?;
    let mut notices = step.notices;
    if !store::people::load(&mut tx, invite.invitee).await?.invitations_closed {
        notices.push(Notice::Invitation { invitation: id });
    }
    keep(app, &mut tx, notices, step.timings, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// The inviter's own invitation that still waits, or `None` when a new one may go out.
async fn check(app: &App, tx: &mut Tx, invite: Invite) -> Result<Option<Invitation>, Trouble> {
    let now = app.now();
    if invite.inviter == invite.invitee {
        return Err(Refusal::PairWithOneself.into());
    }
    if invite.invitee_is_bot {
        return Err(Refusal::PairWithBot.into());
    }
    let couple = store::couples::newest_between(tx, invite.inviter, invite.invitee).await?;
    if couple.as_ref().is_some_and(|couple| couple.left.is_none()) {
        return Err(Refusal::PairedAlready.into());
    }
    // Also for one who was left: the one who left may ask, and is found.
    if let Some(theirs) = store::invitations::newest(tx, invite.invitee, invite.inviter).await?
        && theirs.waits_at(now)
    {
        return Err(Refusal::InvitedByThem(theirs.id).into());
    }
    if let Some(until) = couple.as_ref().and_then(|couple| couple.closed_to(invite.inviter)).filter(|until| now < *until) {
        return Err(Refusal::InviteAgainFrom(until).into());
    }
    match store::invitations::newest(tx, invite.inviter, invite.invitee).await? {
        // Once they were a couple that decides, not what was asked before.
        Some(mine) if couple.is_some_and(|couple| mine.sent_at <= couple.paired_at) => Ok(None),
        // To the inviter a declined one looks like one that waits.
        Some(mine) if mine.seems_to_wait_at(now) => Ok(Some(mine)),
        Some(mine) if now < mine.again_from() => Err(Refusal::InviteAgainFrom(mine.again_from()).into()),
        _ => Ok(None),
    }
}

/// For whoever may see it: the two it concerns.
pub async fn invitation(app: &App, who: PersonId, id: InvitationId) -> Result<Invitation, Trouble> {
    let mut tx = app.store.read().await?;
    let invitation = store::invitations::load(&mut tx, id).await?.ok_or(Refusal::InvitationOver)?;
    if who != invitation.inviter && who != invitation.invitee {
        return Err(Refusal::NotYourInvitation.into());
    }
    Ok(invitation)
}

/// The inviter's, to be posted for all to see; and whether it may still call the invitee. To the inviter a declined one looks
/// like one that waits.
pub async fn to_post(app: &App, who: PersonId, id: InvitationId) -> Result<(Invitation, bool), Trouble> {
    let now = app.now();
    let invitation = invitation(app, who, id).await?;
    if who != invitation.inviter {
        return Err(Refusal::NotYourInvitation.into());
    }
    if !invitation.seems_to_wait_at(now) {
        return Err(Refusal::InvitationOver.into());
    }
    let mut tx = app.store.read().await?;
    let takes_invitations = !store::people::load(&mut tx, invitation.invitee).await?.invitations_closed;
    let calls = takes_invitations && invitation.waits_at(now);
    Ok((invitation, calls))
}

/// An invitation that still waits, for the notice that brings it.
pub async fn waiting(app: &App, id: InvitationId) -> Result<Invitation, Trouble> {
    let mut tx = app.store.read().await?;
    let invitation = store::invitations::load(&mut tx, id).await?.ok_or(Refusal::InvitationOver)?;
    if !invitation.waits_at(app.now()) {
        return Err(Refusal::InvitationOver.into());
    }
    Ok(invitation)
}

pub async fn accept(app: &App, who: PersonId, id: InvitationId) -> Result<CoupleId, Trouble> {
    retrying!(accept_once(app, who, id))
}

async fn accept_once(app: &App, who: PersonId, id: InvitationId) -> Result<CoupleId, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let mut invitation = store::invitations::load(&mut tx, id).await?.ok_or(Refusal::InvitationOver)?;
    let living = store::couples::newest_between(&mut tx, invitation.inviter, invitation.invitee)
        .await?
        .filter(|couple| couple.left.is_none());
    if living.is_some() {
        // On PostgreSQL the first of two presses may have been committed between these two looks.
        invitation = store::invitations::load(&mut tx, id).await?.ok_or(Refusal::InvitationOver)?;
    }
    if let (Answered::Accepted, true, Some(couple)) = (invitation.answered, who == invitation.invitee, &living) {
        // Pressed twice: the second press finds the first one's work done.
        return Ok(couple.id);
    }
    let accepted = invitation.accepted(who, now)?;
    if living.is_some() {
        return Err(Refusal::PairedAlready.into());
    }
    let beginning = Beginning {
        id: CoupleId(app.new_id()),
        inviter: accepted.state.inviter,
        invitee: accepted.state.invitee,
        server: accepted.state.server,
        seed: app.draw(rand::RngExt::random),
    };
    store::invitations::save(&mut tx, &accepted.state).await?;
    keep(app, &mut tx, accepted.notices, accepted.timings, now).await?;
    let pair = Couple::pair(beginning, now);
    if !store::couples::insert(&mut tx, &pair.state).await? {
        return Err(Refusal::PairedAlready.into());
    }
    for person in pair.state.people() {
        store::keys::data_key(&mut tx, &app.vault, person, &pair.state.id.to_string(), now).await?;
    }
    keep(app, &mut tx, pair.notices, pair.timings, now).await?;
    tx.commit().await?;
    Ok(pair.state.id)
}

/// `for_good` also closes the door to any further invitation, by anybody.
pub async fn decline(app: &App, who: PersonId, id: InvitationId, for_good: bool) -> Result<(), Trouble> {
    retrying!(decline_once(app, who, id, for_good))
}

async fn decline_once(app: &App, who: PersonId, id: InvitationId, for_good: bool) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    // Closing the door is possible from any invitation, however old: a very old one is forgotten.
    match store::invitations::load(&mut tx, id).await? {
        Some(invitation) => {
            let over = !invitation.waits_at(now) && who == invitation.invitee;
            let again = over && (for_good || invitation.answered == Answered::Declined);
            if !again {
                let step = invitation.declined(who, now)?;
                store::invitations::save(&mut tx, &step.state).await?;
                keep(app, &mut tx, step.notices, step.timings, now).await?;
            }
        }
        None if for_good => {}
        None => return Err(Refusal::InvitationOver.into()),
    }
    if for_good {
        let mut person = store::people::load(&mut tx, who).await?;
        person.invitations_closed = true;
        store::people::save(&mut tx, &person).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Forgets the invitations after which the same person may ask again.
pub(super) async fn sweep(app: &App) -> Result<(), Trouble> {
    let before = app.now().saturating_sub(invitation::WAITS + invitation::REST).unwrap_or(jiff::Timestamp::MIN);
    let mut tx = app.store.begin().await?;
    store::invitations::forget_before(&mut tx, before).await?;
    tx.commit().await?;
    Ok(())
}

/// Its seven days are over.
pub async fn lapse(app: &App, tx: &mut Tx, id: InvitationId) -> Result<(), Trouble> {
    let now = app.now();
    let Some(invitation) = store::invitations::load(tx, id).await? else { return Ok(()) };
    let step = invitation.lapsed(now);
    store::invitations::save(tx, &step.state).await?;
    keep(app, tx, step.notices, step.timings, now).await
}
