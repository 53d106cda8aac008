//! What happens: one file per flow, one transaction per function. A flow loads, lets the domain decide, and keeps the step
//! whole; it returns the reply for the one who acted, and queues everything that is said to anybody else. It never awaits the network.

pub mod answering;
pub mod asking;
pub mod board;
pub mod checkins;
pub mod conversing;
pub mod exporting;
pub mod forgetting;
pub mod homes;
pub mod insights;
pub mod journal;
pub mod journal_files;
pub mod keeping;
pub mod nudging;
pub mod opening;
pub mod pairing;
pub mod parking;
pub mod parting;
pub mod pausing;
pub mod pieces;
pub mod privacy;
pub mod proposals;
pub mod reading;
pub mod reflecting;
pub mod registration;
pub mod removing;
pub mod scheduling;
pub mod settings;
pub mod sharing;
pub mod typing;

use jiff::Timestamp;

use crate::app::App;
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, NoticeId, PersonId, RoundId};
use crate::domain::notice::Notice;
use crate::domain::refusal::Refusal;
use crate::domain::round::Round;
use crate::domain::step::{Due, Timing};
use crate::store::{self, StoreError, Tx};
use crate::vault::VaultError;

/// Why a flow did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The person is told why, and what to do next.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Our failure: the person gets an apology and a reference, the log the rest.
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What cannot be, by an id to look it up.
    #[error("inconsistent: {0}")]
    Inconsistent(String),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Trouble {
    /// Whether the same again, with everything loaded anew, may go well.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }

    /// For the log: a table of what one does in private is not named beside whose press it was.
    pub fn logged(&self) -> String {
        match self {
            Self::Store(StoreError::Conflict { table, .. } | StoreError::Row { table, .. }) if store::mine::is_private(table) => {
                "a row of somebody's own is not as it was expected".into()
            }
            other => other.to_string(),
        }
    }

    /// Whether the interaction was dealt with before: see [`once`].
    pub fn was_told_again(&self) -> bool {
        matches!(self, Self::Store(StoreError::ToldAgain))
    }
}

/// How often a flow's transaction is run anew when somebody else wrote the same rows meanwhile: of so many who write at once,
/// each round lets one through.
const ANEW: usize = 6;

/// Runs what one interaction asks for, once: told again after a crash or a reconnect, it fails and changes nothing.
pub async fn once<T>(app: &App, interaction: i64, deed: impl Future<Output = T>) -> T {
    store::acts::once(&app.store, interaction, deed).await
}

/// Runs a flow's transaction, and anew when somebody else wrote the same rows meanwhile.
macro_rules! retrying {
    ($once:expr) => {{
        let mut left = $crate::flows::ANEW;
        loop {
            match $once.await {
                Err(trouble) if trouble.may_pass() && left > 0 => left -= 1,
                done => break done,
            }
        }
    }};
}
pub(crate) use retrying;

/// The rest of a step beside its state: what to say, and when to look again.
async fn keep(app: &App, tx: &mut Tx, notices: Vec<Notice>, timings: Vec<Timing>, now: Timestamp) -> Result<(), Trouble> {
    for notice in notices {
        queue(app, tx, &notice, now).await?;
    }
    for timing in timings {
        match timing {
            Timing::Set(due, at) => {
                let (kind, subject) = named(due);
                store::timers::set(tx, kind, &subject, at).await?;
            }
            Timing::Drop(due) => {
                let (kind, subject) = named(due);
                store::timers::drop(tx, kind, &subject).await?;
            }
            Timing::PutOff(due, shift) => {
                let (kind, subject) = named(due);
                if let Some(at) = store::timers::find(tx, kind, &subject).await? {
                    store::timers::set(tx, kind, &subject, shift.moved(at)).await?;
                }
            }
        }
    }
    Ok(())
}

/// What has yet to be said and is about this is not said any more.
async fn unsay(tx: &mut Tx, about: impl Fn(&Notice) -> bool) -> Result<(), Trouble> {
    for (id, body) in store::outbox::unsent(tx).await? {
        if serde_json::from_str(&body).is_ok_and(|notice| about(&notice)) {
            store::outbox::drop_unsent(tx, id).await?;
            let (kind, subject) = named(Due::Unpark(id));
            store::timers::drop(tx, kind, &subject).await?;
        }
    }
    Ok(())
}

async fn queue(app: &App, tx: &mut Tx, notice: &Notice, due: Timestamp) -> Result<(), Trouble> {
    store::outbox::queue(tx, NoticeId(app.new_id()), &body_of(notice)?, due).await?;
    Ok(())
}

fn body_of(notice: &Notice) -> Result<String, Trouble> {
    serde_json::to_string(notice).map_err(|error| Trouble::Inconsistent(format!("notice: {error}")))
}

/// A timer's name in the table.
pub fn named(due: Due) -> (&'static str, String) {
    match due {
        Due::InvitationLapse(id) => ("invitation_lapse", id.to_string()),
        Due::Lapse(id) => ("lapse", id.to_string()),
        Due::Nudge(id) => ("nudge", id.to_string()),
        Due::Opening(id) => ("opening", id.to_string()),
        Due::Leftovers(id) => ("leftovers", id.to_string()),
        Due::LookAgain(id) => ("look_again", id.to_string()),
        Due::Turn(id) => ("turn", id.to_string()),
        Due::FollowUp(id) => ("follow_up", id.to_string()),
        Due::CheckIn(id) => ("check_in", id.to_string()),
        Due::PauseEnds(id) => ("pause_ends", id.to_string()),
        Due::Reflection(person) => ("reflection", person.to_string()),
        Due::KeysEnd(id) => ("keys_end", id.to_string()),
        Due::Unpark(id) => ("unpark", id.to_string()),
        Due::Forget => ("forget", "disk".to_owned()),
        Due::Sweep => ("sweep", "outbox".to_owned()),
    }
}

/// The way back from the table.
pub fn due_named(kind: &str, subject: &str) -> Option<Due> {
    Some(match kind {
        "invitation_lapse" => Due::InvitationLapse(subject.parse().ok()?),
        "lapse" => Due::Lapse(subject.parse().ok()?),
        "nudge" => Due::Nudge(subject.parse().ok()?),
        "opening" => Due::Opening(subject.parse().ok()?),
        "leftovers" => Due::Leftovers(subject.parse().ok()?),
        "look_again" => Due::LookAgain(subject.parse().ok()?),
        "turn" => Due::Turn(subject.parse().ok()?),
        "follow_up" => Due::FollowUp(subject.parse().ok()?),
        "check_in" => Due::CheckIn(subject.parse().ok()?),
        "pause_ends" => Due::PauseEnds(subject.parse().ok()?),
        "reflection" => Due::Reflection(subject.parse().ok()?),
        "keys_end" => Due::KeysEnd(subject.parse().ok()?),
        "unpark" => Due::Unpark(subject.parse().ok()?),
        "forget" => Due::Forget,
        "sweep" => Due::Sweep,
        _ => return None,
    })
}

/// One that is not there has ended, and was forgotten thirty days later.
async fn couple(tx: &mut Tx, id: CoupleId) -> Result<Couple, Trouble> {
    Ok(store::couples::load(tx, id).await?.ok_or(Refusal::CoupleEnded)?)
}

/// One that is not there was forgotten with its couple.
async fn round(tx: &mut Tx, id: RoundId) -> Result<Round, Trouble> {
    Ok(store::rounds::load(tx, id).await?.ok_or(Refusal::CoupleEnded)?)
}

/// A couple, for one of its partners only.
async fn couple_of(tx: &mut Tx, who: PersonId, id: CoupleId) -> Result<Couple, Trouble> {
    let couple = couple(tx, id).await?;
    couple.admits(who)?;
    Ok(couple)
}

/// A round and its couple, for one of the two partners only (P5). Buttons of a couple that ended find nothing to press.
async fn round_of(tx: &mut Tx, who: PersonId, id: RoundId) -> Result<(Round, Couple), Trouble> {
    let round = round(tx, id).await?;
    round.seat_of(who)?;
    let couple = couple(tx, round.couple).await?;
    couple.admits(who)?;
    Ok((round, couple))
}
