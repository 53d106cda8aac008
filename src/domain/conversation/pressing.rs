//! What is pressed without writing, what happens to a step that is left, and what comes after each.

use jiff::Timestamp;

use super::{Conversation, Heard, LEFT, Length, Line, Outcome, Phase, Press, Reply, Stage, What};
use crate::domain::ids::PersonId;
use crate::domain::notice::Place;
use crate::domain::refusal::Refusal;
use crate::domain::step::Step;

impl Conversation {
    /// `That's it`.
    pub fn confirmed(self, press: Press<'_>) -> Result<Step<Self>, Refusal> {
        let Stage::Confirming { heard, .. } = self.on_turn(press)? else { return Err(Refusal::StepPassed) };
        let next = self.after_mirror(heard, press.who);
        Ok(self.noted(What::Confirmed, next, press))
    }

    /// One of the four answers to a request.
    pub fn replied(self, reply: Reply, press: Press<'_>) -> Result<Step<Self>, Refusal> {
        let Stage::Answering { .. } = self.on_turn(press)? else { return Err(Refusal::StepPassed) };
        let next = if reply.may_become_a_plan() && self.length == Length::Full {
            Outcome::Next(Stage::Planning { by: press.who })
        } else {
            Outcome::Ended
        };
        Ok(self.noted(What::Replied(reply), next, press))
    }

    /// `We said it aloud`, by either: what was to be written was spoken.
    pub fn spoken(self, press: Press<'_>) -> Result<Step<Self>, Refusal> {
        self.still(press)?;
        let next = match self.course.phase {
            Phase::Open if self.length == Length::Short => return Err(Refusal::NoMirrors),
            Phase::Open => self.after_mirror(Heard::First, press.who),
            Phase::Waiting { stage: Stage::Listening { heard, by, .. } | Stage::Confirming { heard, by, .. }, .. } => {
                self.after_mirror(heard, by)
            }
            Phase::Waiting { stage: stage @ Stage::Appreciating { .. }, .. } => self.without(stage),
            Phase::Waiting { .. } | Phase::Ended { .. } => return Err(Refusal::StepPassed),
        };
        Ok(self.noted(What::Spoken, next, press))
    }

    pub fn skipped(self, press: Press<'_>) -> Result<Step<Self>, Refusal> {
        self.still(press)?;
        let next = match self.course.phase {
            Phase::Open if self.length == Length::Short => return Err(Refusal::NoMirrors),
            Phase::Open => {
                self.listens(press.who, press.at)?;
                self.after_mirror(Heard::First, press.who)
            }
            _ => self.without(self.on_turn(press)?),
        };
        Ok(self.noted(What::LeftOut, next, press))
    }

    /// The day is over. A step left alone closes; of one who leaves two in a row no more is asked, and the other has the word; a
    /// third ends it. To both that reads as a step that was skipped.
    pub fn lapsed(mut self, places: &[Place], now: Timestamp) -> Step<Self> {
        let Phase::Waiting { mut stage, until } = self.course.phase else { return Step::to(self) };
        if now < until {
            return Step::to(self);
        }
        let left = self.course.left + 1;
        let by = stage.by();
        let press = Press { who: by, turn: self.course.turn, at: now, places };
        let next = loop {
            match self.without(stage) {
                Outcome::Next(next) if left < LEFT && next.by() == by && left > 1 => stage = next,
                Outcome::Next(_) if left >= LEFT => break Outcome::Left,
                Outcome::Ended => break Outcome::Left,
                next => break next,
            }
        };
        let line = Line { what: What::LeftOut, by, sheet: self.course.sheet, turn: self.course.turn };
        self.course.left = left;
        let mut step = self.moved(line, next, press);
        step.state.course.left = left;
        step
    }

    /// What comes after a step that is left out.
    fn without(&self, stage: Stage) -> Outcome {
        match stage {
            Stage::Listening { by, heard, .. } | Stage::Confirming { by, heard, .. } => self.after_mirror(heard, by),
            Stage::Appreciating { by, last: false } => Outcome::Next(Stage::Appreciating { by: self.other(by), last: true }),
            Stage::Appreciating { last: true, .. } => self.after_appreciations(),
            Stage::Asking { by, last: false } => Outcome::Next(Stage::Asking { by: self.other(by), last: true }),
            Stage::Asking { last: true, .. } | Stage::Answering { .. } | Stage::Planning { .. } => Outcome::Ended,
        }
    }

    /// First the two swap; then `next` is the first to appreciate.
    pub(super) fn after_mirror(&self, heard: Heard, next: PersonId) -> Outcome {
        Outcome::Next(match heard {
            Heard::First => Stage::Listening { by: self.other(self.listener), heard: Heard::Second, corrections: 0 },
            Heard::Second => Stage::Appreciating { by: next, last: false },
        })
    }

    /// The first chance to ask is with whoever was heard first, so it alternates as listening does.
    pub(super) fn after_appreciations(&self) -> Outcome {
        match self.length {
            Length::Short => Outcome::Ended,
            Length::Guided | Length::Full => Outcome::Next(Stage::Asking { by: self.other(self.listener), last: false }),
        }
    }
}
