//! How a sheet is to be posted by the time that it can be, and what happens to one that may not be shown.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Conversation, Sheet, Stage, after};
use crate::domain::notice::{Notice, Place};
use crate::domain::step::{Due, Step};
use crate::domain::visibility::{Held, Hold};

/// How a sheet is to be posted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// Calling the one whose turn it is.
    Calls,
    /// Without a sound: the turn has moved on meanwhile, or it is not this person's.
    Quietly,
    /// It stands already, newer than this.
    Moot,
}

impl Conversation {
    /// How a sheet that was to call somebody on a turn is to be posted now. `stands`: the turn that its message shows, if there is one.
    pub fn posting(&self, sheet: Sheet, turn: u32, stands: bool) -> Posting {
        let current = self.course.turn == turn && !self.is_over();
        if current && sheet == self.course.sheet {
            return Posting::Calls;
        }
        // What was said must come to stand somewhere, whatever became of the turn.
        if stands { Posting::Moot } else { Posting::Quietly }
    }

    /// A sheet may not be posted where the two meet: both are told, and it is tried again.
    pub fn held(mut self, why: Hold, now: Timestamp, again: SignedDuration) -> Step<Self> {
        let told = self.course.hold.is_some_and(|held| held.why == why);
        self.course.hold = Some(Held { why, trying: false });
        let (round, partners) = (self.round, self.partners);
        let step = Step::to(self).set(Due::LookAgain(round), after(now, again));
        if told { step } else { step.say_all(partners.map(|to| Notice::Held { round, to })) }
    }

    /// There is no place to try it in.
    pub fn held_on(mut self, now: Timestamp, again: SignedDuration) -> Step<Self> {
        if let Some(held) = &mut self.course.hold {
            held.trying = false;
        }
        let round = self.round;
        Step::to(self).set(Due::LookAgain(round), after(now, again))
    }

    /// What is held is tried again, wherever the couple lives now.
    pub fn tried_again(mut self, places: &[Place]) -> Step<Self> {
        if self.course.hold.is_none() {
            return Step::to(self);
        }
        if let Some(held) = &mut self.course.hold {
            held.trying = true;
        }
        let (round, sheet) = (self.round, self.course.sheet);
        let notices = self.posted_anew(places);
        let edit = self.is_over().then_some(Notice::SheetEdit { round, sheet });
        Step::to(self).say_all(notices).say_all(edit)
    }

    /// Both want what the channel may not show by DM: from here on this conversation goes there.
    pub fn sent_by_dm(mut self) -> Step<Self> {
        self.course.by_dm = true;
        if self.course.hold.take().is_none() {
            return Step::to(self);
        }
        let round = self.round;
        let notices = self.posted_anew(&self.partners.map(Place::Dm));
        Step::to(self).say_all(notices).drop(Due::LookAgain(round))
    }

    /// Nothing of it is held any more.
    pub fn stands(mut self) -> Step<Self> {
        let round = self.round;
        if self.course.hold.take().is_some() { Step::to(self).drop(Due::LookAgain(round)) } else { Step::to(self) }
    }

    /// Every sheet on which something was said, and the living one: whatever stands already is moot by then.
    pub fn posted_anew(&self, places: &[Place]) -> Vec<Notice> {
        let (round, turn) = (self.round, self.course.turn);
        let to = self.stage().map_or(self.listener, Stage::by);
        let said = self.course.lines.iter().map(|line| line.sheet).chain([self.course.sheet]);
        let sheets: BTreeSet<Sheet> = said.filter(|sheet| !matches!(sheet, Sheet::Reveal | Sheet::Closing)).collect();
        let anew = |sheet| places.iter().map(move |place| Notice::Turn { round, sheet, turn, place: *place, to });
        sheets.into_iter().flat_map(anew).collect()
    }

    /// Where its sheets go: the couple's places, or both DMs.
    pub fn places(&self, home: Vec<Place>) -> Vec<Place> {
        if self.course.by_dm { self.partners.map(Place::Dm).to_vec() } else { home }
    }
}
