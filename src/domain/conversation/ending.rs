//! How a conversation ends, and how it left the two.

use jiff::Timestamp;

use super::{Conversation, Ending, Feeling, Phase, Press, Said, Sheet, What};
use crate::domain::ids::PersonId;
use crate::domain::notice::{Notice, Place};
use crate::domain::refusal::Refusal;
use crate::domain::step::{Due, Step};

impl Conversation {
    pub(super) fn ended(mut self, how: Ending, now: Timestamp, places: &[Place]) -> Step<Self> {
        let opened = self.course.sheet == Sheet::Reveal;
        self.course.phase = Phase::Ended { at: now, how };
        if how == Ending::Parted {
            self.course.hold = None;
        }
        let round = self.round;
        let tells = match how {
            Ending::Finished | Ending::Closed | Ending::Left => true,
            // Under a new question nobody needs to read that the one before it is over, unless it had begun.
            Ending::Replaced => !opened,
            // To the other that would be an alarm.
            Ending::Parted => false,
        };
        if opened && tells {
            self.course.sheet = Sheet::Closing;
        }
        let (sheet, turn) = (self.course.sheet, self.course.turn);
        let said = match (tells, opened) {
            (true, true) => places.iter().map(|place| Notice::Closing { round, turn, place: *place }).collect(),
            (true, false) => vec![Notice::SheetEdit { round, sheet }],
            (false, _) => Vec::new(),
        };
        Step::to(self).say_all(said).drop(Due::Turn(round))
    }

    /// `Close`, by either, at any time. Whoever ends it, so or with the last step, is asked in the reply how it left them; the other by DM.
    pub fn closed(mut self, press: Press<'_>) -> Result<Step<Self>, Refusal> {
        self.is_open_to(press.who)?;
        let (round, to) = (self.round, self.other(press.who));
        self.course.turn += 1;
        Ok(self.ended(Ending::Closed, press.at, press.places).say(Notice::Feeling { round, to }))
    }

    /// A new prompt came.
    pub fn replaced(mut self, places: &[Place], now: Timestamp) -> Step<Self> {
        if self.is_over() {
            return Step::to(self);
        }
        self.course.turn += 1;
        self.ended(Ending::Replaced, now, places)
    }

    /// A partner left the couple: nothing is said.
    pub fn parted(self, now: Timestamp) -> Step<Self> {
        if self.is_over() { Step::to(self) } else { self.ended(Ending::Parted, now, &[]) }
    }

    /// How it left one of the two: asked once it is over, answered once.
    pub fn felt(mut self, who: PersonId, feeling: Feeling, now: Timestamp) -> Result<Step<Self>, Refusal> {
        let seat = self.admits(who)?;
        if !self.is_over() {
            return Err(Refusal::StillOpen);
        }
        if !self.course.felt[seat] {
            self.course.felt[seat] = true;
            if feeling == Feeling::Heavier {
                self.heavier_at = Some(now);
            }
        }
        Ok(Step::to(self))
    }

    /// Whether this partner can still be asked how it left them.
    pub fn asks_how_it_felt(&self, who: PersonId) -> bool {
        let asked = match self.course.phase {
            Phase::Ended { how, .. } => matches!(how, Ending::Finished | Ending::Closed | Ending::Left),
            _ => false,
        };
        asked && self.admits(who).is_ok_and(|seat| !self.course.felt[seat])
    }

    /// Whoever made a plan.
    pub fn planner(&self) -> Option<PersonId> {
        self.course.lines.iter().find(|line| line.what == What::Said(Said::Plan)).map(|line| line.by)
    }
}
