//! When the bot is killed in a round: at a random time, or right before or after a chosen request is applied.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use duet::rehearsal::{FaultKind, Match};
use rand::RngExt as _;
use rand::rngs::StdRng;
use tokio_util::sync::CancellationToken;

use super::super::stage::{Mishap, Stage};
use super::process::Process;

/// About as long as a round takes when nothing disturbs it, in milliseconds.
const A_ROUND: u64 = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Random { ms: u64 },
    Before(Request),
    After(Request),
}

/// The requests around which a crash could lose or double something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    Card,
    Acknowledgement,
    CardEdit,
    Reveal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    when: When,
    /// World time until it runs again. A press that waits when it ends is then too old to be answered.
    away: Duration,
    /// Whether it stays away even while somebody waits for an answer.
    rude: bool,
}

impl Moment {
    pub fn draw(chance: &mut StdRng) -> Self {
        let request = match chance.random_range(0..4) {
            0 => Request::Card,
            1 => Request::Acknowledgement,
            2 => Request::CardEdit,
            _ => Request::Reveal,
        };
        let when = match chance.random_range(0..3) {
            0 => When::Before(request),
            1 => When::After(request),
            _ => When::Random { ms: chance.random_range(0..A_ROUND) },
        };
        // Within the lease; past it, where Discord still folds the nonce; past both.
        let away = [1, 95, 600][chance.random_range(0..3)];
        Self { when, away: Duration::from_secs(away), rude: chance.random_ratio(1, 8) }
    }

    /// Waits for the moment, kills, and starts again. A round that ends before its moment is followed by a kill all the same;
    /// tells whether the moment came.
    pub async fn strike(
        self,
        stage: &Stage,
        process: &mut Process,
        acting: &Rc<Cell<usize>>,
        ended: &CancellationToken,
    ) -> Result<bool, Mishap> {
        let faults = stage.rehearsal.faults();
        let fault = match self.when {
            When::Random { .. } => None,
            When::Before(request) => Some(faults.on(request.seen(), FaultKind::HoldBefore)),
            When::After(request) => Some(faults.on(request.seen(), FaultKind::HoldAfter)),
        };
        let came = tokio::select! {
            biased;
            () = async {
                match (self.when, fault) {
                    (When::Random { ms }, _) => tokio::time::sleep(Duration::from_millis(ms)).await,
                    (_, Some(fault)) => faults.reached(fault).await,
                    (_, None) => {}
                }
            } => true,
            () = ended.cancelled() => false,
        };
        process.kill().await?;
        if self.rude || acting.get() == 0 {
            stage.rehearsal.clock().advance(self.away);
        }
        process.start_again()?;
        if let Some(fault) = fault {
            faults.forget(fault);
        }
        Ok(came)
    }
}

impl Request {
    fn seen(self) -> Match {
        match self {
            Self::Card => Match::new("POST", "/messages").with_body("A question for you both."),
            Self::Acknowledgement => Match::new("POST", "/callback").with_body("**Sealed"),
            Self::CardEdit => Match::new("PATCH", "/messages/").with_body("A question for you both."),
            Self::Reveal => Match::new("POST", "/messages").with_body("Both answers are here."),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.when {
            When::Random { ms } => write!(f, "{ms} ms into it")?,
            When::Before(request) => write!(f, "before {request} was applied")?,
            When::After(request) => write!(f, "after {request} was applied")?,
        }
        write!(f, " and away for {} s{}", self.away.as_secs(), if self.rude { ", whoever waited" } else { "" })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Card => "the prompt card",
            Self::Acknowledgement => "the acknowledgement of an answer",
            Self::CardEdit => "the edit of the card",
            Self::Reveal => "the reveal",
        })
    }
}

/// How often it was killed, and when.
#[derive(Debug, Default)]
pub struct Tally {
    rounds: usize,
    before: usize,
    after: usize,
    random: usize,
}

impl Tally {
    pub fn count(&mut self, moment: Moment, came: bool) {
        self.rounds += 1;
        match moment.when {
            When::Before(_) if came => self.before += 1,
            When::After(_) if came => self.after += 1,
            _ => self.random += 1,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, before, after, random } = self;
        write!(f, "{rounds} rounds, {} kills ({before} before, {after} after, {random} at random)", before + after + random)
    }
}
