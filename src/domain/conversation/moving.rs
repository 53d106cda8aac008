//! A move: what is remembered of it, whose turn it is now, and on which sheet that stands.

use super::{Conversation, Ending, Line, Outcome, Phase, Press, STEP, Sheet, Stage, What, after};
use crate::domain::notice::Notice;
use crate::domain::step::{Due, Step};

impl Conversation {
    /// Something without words; it stands on the sheet that was pressed.
    pub(super) fn noted(self, what: What, next: Outcome, press: Press<'_>) -> Step<Self> {
        let line = Line { what, by: press.who, sheet: self.course.sheet, turn: press.turn };
        self.moved(line, next, press)
    }

    pub(super) fn moved(mut self, mut line: Line, next: Outcome, press: Press<'_>) -> Step<Self> {
        let (round, before) = (self.round, self.course.sheet);
        let stage = match next {
            Outcome::Next(stage) => stage,
            Outcome::Ended => {
                let other = self.other(press.who);
                return self.with(line).ended(Ending::Finished, press.at, press.places).say(Notice::Feeling { round, to: other });
            }
            Outcome::Left => return self.with(line).ended(Ending::Left, press.at, press.places),
        };
        let held_by = self.stage().map(Stage::by);
        // From the reveal nothing is edited: a sheet begins, even for the one whose turn it stays.
        let passes = before == Sheet::Reveal || held_by != Some(stage.by());
        if passes {
            self.course.sheet = if line.what.has_words() { line.sheet } else { stage.sheet() };
        }
        if line.sheet == Sheet::Reveal {
            line.sheet = self.course.sheet;
        }
        let until = after(press.at, STEP);
        let mut on = self.with(line);
        on.course.phase = Phase::Waiting { stage, until };
        let (sheet, turn) = (on.course.sheet, on.course.turn);
        let leaves = passes && before != sheet && before != Sheet::Reveal;
        let step = Step::to(on).set(Due::Turn(round), until);
        let step = if passes {
            step.say_all(press.places.iter().map(|place| Notice::Turn { round, sheet, turn, place: *place, to: stage.by() }))
        } else {
            step.say(Notice::SheetEdit { round, sheet })
        };
        // Its buttons go, and what it has to say is complete.
        if leaves { step.say(Notice::SheetEdit { round, sheet: before }) } else { step }
    }

    fn with(mut self, line: Line) -> Self {
        self.course.left = 0;
        self.course.turn += 1;
        self.course.lines.push(line);
        self
    }
}
