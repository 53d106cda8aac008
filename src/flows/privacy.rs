//! `Delete my data`: one person's words, keys and habits go, in one transaction that a crash leaves done or not begun. Their
//! couples end as with `/unpair`, without an alarm to the other, whose own words stay theirs.

use super::{Trouble, forgetting, keep, named, parting, retrying, unsay};
use crate::app::App;
use crate::domain::couple::Partner;
use crate::domain::ids::{InvitationId, PersonId};
use crate::domain::invitation::Answered;
use crate::domain::notice::Notice;
use crate::domain::step::Due;
use crate::store::{self, Forgotten, Tx};

/// What went. For its owner alone, as a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub couples: u64,
    pub answers: u64,
    pub questions: u64,
    pub entries: u64,
    pub passages: u64,
    /// Those that stood on a board.
    pub items: u64,
    /// Whether some of it was typed in the DM, where it still stands.
    pub typed: bool,
    /// Of theirs, that seemed to wait.
    pub invitations: u64,
    /// Whether it left the disk, too. Otherwise it does so by itself, a little later.
    pub from_disk: bool,
}

/// Done twice, the second finds nothing more to do.
pub async fn delete(app: &App, who: PersonId) -> Result<Receipt, Trouble> {
    retrying!(delete_once(app, who))
}

async fn delete_once(app: &App, who: PersonId) -> Result<Receipt, Trouble> {
    let mut tx = app.store.begin().await?;
    // First: it waits for whoever is writing under one of the keys, and then what they wrote goes, too.
    let typed = store::typed::any(&mut tx, who).await?;
    let items = store::items::live_count_of(&mut tx, who).await?;
    let gone = store::mine::delete(&mut tx, who).await?;
    let (mut couples, mut questions) = (0, 0);
    for mut couple in store::couples::all_of_person(&mut tx, who).await? {
        questions += store::rounds::drop_own_questions(&mut tx, couple.id, who).await?;
        if let Some(own) = couple.partner_mut(who) {
            *own = Partner::new(who);
        }
        if couple.left.is_none() {
            couples += 1;
            parting::part(app, &mut tx, couple, who).await?;
        } else {
            store::couples::save(&mut tx, &couple).await?;
        }
    }
    let (withdrawn, answered) = end_invitations(app, &mut tx, who).await?;
    let theirs = |notice: &Notice| match notice {
        Notice::Invitation { invitation } => answered.contains(invitation),
        notice => notice.to() == Some(who),
    };
    unsay(&mut tx, theirs).await?;
    store::outbox::forget_said_to(&mut tx, who).await?;
    let (kind, subject) = named(Due::Reflection(who));
    store::timers::drop(&mut tx, kind, &subject).await?;
    let promise = forgetting::promise(app, &mut tx).await?;
    tx.commit().await?;
    Ok(Receipt {
        couples,
        answers: gone.from("answers"),
        questions,
        entries: gone.from("entries"),
        passages: gone.from("passages"),
        items,
        typed,
        invitations: withdrawn,
        from_disk: forgetting::forget(app, &Forgotten::ALL, promise).await,
    })
}

/// Those they sent are withdrawn, those that wait for them declined. They stay as dates until the same person may ask again:
/// whoever said no is not asked anew because the other deleted their data. How many of theirs seemed to wait, and which ended.
async fn end_invitations(app: &App, tx: &mut Tx, who: PersonId) -> Result<(u64, Vec<InvitationId>), Trouble> {
    let now = app.now();
    let (mut withdrawn, mut ended) = (0, Vec::new());
    for invitation in store::invitations::open_of(tx, who).await? {
        let id = invitation.id;
        let step = if invitation.inviter == who {
            withdrawn += u64::from(invitation.seems_to_wait_at(now));
            invitation.withdrawn()
        } else if invitation.waits_at(now) {
            invitation.declined(who, now)?
        } else if invitation.answered == Answered::Not {
            invitation.lapsed(now)
        } else {
            continue;
        };
        store::invitations::save(tx, &step.state).await?;
        keep(app, tx, step.notices, step.timings, now).await?;
        ended.push(id);
    }
    Ok((withdrawn, ended))
}
