//! A conversation: what follows a reveal, step by step, until there is nothing left to do or somebody closes it.
//!
//! Left, the step that waits; above the arrow, what moves it on; `skip` is also a step that was left for a day.
//!
//! ```text
//! Open         mirror                                  -> Confirming
//! Open         skip, aloud                             -> Listening
//! Open         appreciate                              -> Appreciating
//! Listening    mirror                                  -> Confirming
//! Listening    mirror after two corrections            -> Listening Appreciating
//! Listening    skip, aloud                             -> Listening Appreciating
//! Confirming   correct                                 -> Listening
//! Confirming   confirm, skip, aloud                    -> Listening Appreciating
//! Appreciating appreciate, skip, aloud                 -> Appreciating Asking Ended
//! Asking       request                                 -> Answering
//! Asking       skip                                    -> Asking Ended
//! Answering    answer                                  -> Planning Ended
//! Answering    skip                                    -> Ended
//! Planning     plan, skip                              -> Ended
//! any          close, a new prompt, a partner who left -> Ended
//! ```
//!
//! The words themselves are not here: a [`Line`] knows that something was said, the store holds it under its author's key.
//!
//! It is shown on **sheets**: one message for each part of it. The one on which the next press is expected is *living*: it is edited
//! in place while the turn stays with a partner, and posted anew, calling the other, when the turn passes.

mod became;
mod ending;
mod feeling;
mod length;
mod line;
mod moving;
mod pressing;
mod repair;
mod said;
mod showing;
mod stage;
#[cfg(test)]
mod tests;
mod writing;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ids::{CoupleId, PersonId, RoundId};
use super::notice::{Notice, Place};
use super::pause::Shift;
use super::refusal::Refusal;
use super::step::{Due, Step};
use super::visibility::Held;

pub use self::became::Became;
pub use self::feeling::Feeling;
pub use self::length::Length;
pub use self::line::{Line, What};
pub use self::repair::Repair;
pub use self::said::{FIELD_LIMIT, Said};
pub use self::showing::Posting;
pub use self::stage::{Heard, Outcome, Reply, Sheet, Stage};

/// How long a step waits for its partner.
pub const STEP: SignedDuration = SignedDuration::from_hours(24);
/// When a plan is asked about, once.
pub const FOLLOW_UP: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often a speaker may correct what was heard, in each of the two turns.
pub const CORRECTIONS: u8 = 2;
/// How many steps in a row may be left before it closes by itself.
const LEFT: u8 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Every step of it was done or skipped.
    Finished,
    /// `Close`.
    Closed,
    /// Nobody came back to it.
    Left,
    /// A new prompt came.
    Replaced,
    /// A partner left the couple.
    Parted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The answers are on the table and nobody has begun. That never runs out.
    Open,
    Waiting {
        stage: Stage,
        until: Timestamp,
    },
    Ended {
        at: Timestamp,
        how: Ending,
    },
}

/// All that changes in a conversation, kept as one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    pub phase: Phase,
    /// Rises with every move, so that a press on what has passed is known.
    pub turn: u32,
    /// The living one.
    pub sheet: Sheet,
    pub lines: Vec<Line>,
    /// What each did to soften it, on which sheet.
    repairs: Vec<(PersonId, Sheet, Repair)>,
    /// Steps that were left in a row.
    left: u8,
    /// Who said how it left them, in the order of the partners.
    felt: [bool; 2],
    /// A sheet that may not be posted, and why.
    pub hold: Option<Held>,
    /// Sheets go to both by DM, because the channel may not show them and both wanted it so.
    pub by_dm: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub round: RoundId,
    pub couple: CoupleId,
    pub partners: [PersonId; 2],
    /// Who listens first.
    pub listener: PersonId,
    pub length: Length,
    pub begun_at: Timestamp,
    pub course: Course,
    /// When it left somebody heavier. Whom is kept nowhere.
    pub heavier_at: Option<Timestamp>,
    pub version: i64,
}

/// A press of one partner on one turn.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    pub who: PersonId,
    /// The turn that stood on what was pressed.
    pub turn: u32,
    pub at: Timestamp,
    /// Where the couple's conversations appear.
    pub places: &'a [Place],
}

impl Conversation {
    /// It begins with the reveal. `listened_first`: in the couple's conversation before, if there was one: it alternates.
    pub fn begun(
        round: (RoundId, CoupleId, [PersonId; 2]),
        second: PersonId,
        listened_first: Option<PersonId>,
        length: Length,
        now: Timestamp,
    ) -> Self {
        let (round, couple, partners) = round;
        let listener = partners.into_iter().find(|partner| listened_first.is_some_and(|before| before != *partner));
        let course = Course {
            phase: Phase::Open,
            turn: 0,
            sheet: Sheet::Reveal,
            lines: Vec::new(),
            repairs: Vec::new(),
            left: 0,
            felt: [false; 2],
            hold: None,
            by_dm: false,
        };
        let listener = listener.unwrap_or(second);
        Self { round, couple, partners, listener, length, begun_at: now, course, heavier_at: None, version: 0 }
    }

    pub fn other(&self, who: PersonId) -> PersonId {
        if self.partners[0] == who { self.partners[1] } else { self.partners[0] }
    }

    pub fn is_over(&self) -> bool {
        matches!(self.course.phase, Phase::Ended { .. })
    }

    /// The step that waits, if one does.
    pub fn stage(&self) -> Option<Stage> {
        match self.course.phase {
            Phase::Waiting { stage, .. } => Some(stage),
            Phase::Open | Phase::Ended { .. } => None,
        }
    }

    fn admits(&self, who: PersonId) -> Result<usize, Refusal> {
        self.partners.iter().position(|partner| *partner == who).ok_or(Refusal::NotYourRound)
    }

    /// Whether anything can be done in it by this partner.
    pub fn is_open_to(&self, who: PersonId) -> Result<(), Refusal> {
        self.admits(who)?;
        if self.is_over() { Err(Refusal::ConversationOver) } else { Ok(()) }
    }

    /// The step that waits, if it is this partner's.
    fn stage_of(&self, who: PersonId) -> Result<Stage, Refusal> {
        self.is_open_to(who)?;
        let stage = self.stage().ok_or(Refusal::StepPassed)?;
        if stage.by() == who { Ok(stage) } else { Err(Refusal::NotYourTurn) }
    }

    /// The same, for a press that belongs to one turn alone.
    fn on_turn(&self, press: Press<'_>) -> Result<Stage, Refusal> {
        self.still(press)?;
        self.stage_of(press.who)
    }

    fn still(&self, press: Press<'_>) -> Result<(), Refusal> {
        self.is_open_to(press.who)?;
        if press.turn == self.course.turn { Ok(()) } else { Err(Refusal::StepPassed) }
    }

    /// Every deadline is later by so much; one that was over already is not before the pause is.
    pub fn shifted(mut self, shift: Shift) -> Step<Self> {
        let round = self.round;
        let Phase::Waiting { until, .. } = &mut self.course.phase else { return Step::to(self) };
        *until = shift.moved(*until);
        let until = *until;
        Step::to(self).set(Due::Turn(round), until)
    }

    /// A word that softens, from either, once of each kind on each sheet.
    pub fn repaired(mut self, who: PersonId, repair: Repair, places: &[Place]) -> Result<Step<Self>, Refusal> {
        self.is_open_to(who)?;
        let said = (who, self.course.sheet, repair);
        if self.course.repairs.contains(&said) {
            return Err(Refusal::RepairSaid);
        }
        self.course.repairs.push(said);
        let round = self.round;
        Ok(Step::to(self).say_all(places.iter().map(|place| Notice::Repair { round, by: who, repair, place: *place })))
    }
}

fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
