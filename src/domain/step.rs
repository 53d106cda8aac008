//! What a transition leaves behind: a state, things to say, moments to look again. Stored whole in one transaction, or not at all.

use jiff::Timestamp;

use super::ids::{CoupleId, InvitationId, NoticeId, PersonId, RoundId};
use super::notice::Notice;
use super::pause::Shift;

/// Why to look again. One timer for each, so setting it anew moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    InvitationLapse(InvitationId),
    Lapse(RoundId),
    /// Half of a round's time is over.
    Nudge(RoundId),
    Opening(RoundId),
    /// The unopened answers of an ended round are destroyed and its card removed.
    Leftovers(RoundId),
    /// A held post may have become possible.
    LookAgain(RoundId),
    /// A step of a conversation was left for a day.
    Turn(RoundId),
    /// What became of a plan is asked.
    FollowUp(RoundId),
    /// A couple's weekly check-in may be due.
    CheckIn(CoupleId),
    /// A couple's pause is over.
    PauseEnds(CoupleId),
    /// A person's planned reflection.
    Reflection(PersonId),
    /// The keys of a couple that ended are destroyed.
    KeysEnd(CoupleId),
    /// A notice that an outage parked is tried again.
    Unpark(NoticeId),
    /// Something deleted may not have left the disk yet.
    Forget,
    /// Notices settled long ago are forgotten.
    Sweep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    Set(Due, Timestamp),
    Drop(Due),
    /// If it is set, it comes later.
    PutOff(Due, Shift),
}

#[derive(Debug)]
#[must_use = "a step that is not stored did not happen"]
pub struct Step<S> {
    pub state: S,
    pub notices: Vec<Notice>,
    pub timings: Vec<Timing>,
}

impl<S> Step<S> {
    pub fn to(state: S) -> Self {
        Self { state, notices: Vec::new(), timings: Vec::new() }
    }

    /// Another transition after this one, as one step.
    pub fn and_then(self, next: impl FnOnce(S) -> Self) -> Self {
        let Self { state, mut notices, mut timings } = self;
        let then = next(state);
        notices.extend(then.notices);
        timings.extend(then.timings);
        Self { state: then.state, notices, timings }
    }

    pub fn say(mut self, notice: Notice) -> Self {
        self.notices.push(notice);
        self
    }

    pub fn say_all(mut self, notices: impl IntoIterator<Item = Notice>) -> Self {
        self.notices.extend(notices);
        self
    }

    pub fn set(mut self, due: Due, at: Timestamp) -> Self {
        self.timings.push(Timing::Set(due, at));
        self
    }

    pub fn drop(mut self, due: Due) -> Self {
        self.timings.push(Timing::Drop(due));
        self
    }

    pub fn put_off(mut self, due: Due, shift: Shift) -> Self {
        self.timings.push(Timing::PutOff(due, shift));
        self
    }
}
