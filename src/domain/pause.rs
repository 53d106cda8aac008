//! A pause: one partner alone calls it, no reason is asked, and the hour ends it. It books a return: nothing opens, closes or
//! reminds before that, and what is open gets as much longer.
//!
//! Of a conversation one person may pause 24 hours in all; then the other has as long before the same person pauses it again.
//! With nothing open there is nothing to hold up, and so no such rest.

mod length;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ids::{CoupleId, PersonId, RoundId};
use super::notice::{Notice, Place};
use super::person::Person;
use super::refusal::Refusal;
use super::step::{Due, Step};

pub use self::length::Length;

/// The longest, with all `More time`; and what one person may take of one conversation before a rest.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// Before the same person may pause that conversation again.
pub const REST: SignedDuration = SignedDuration::from_hours(24);
/// What is left of a day of pauses below that is no pause.
const SHORTEST: SignedDuration = SignedDuration::from_mins(20);
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How a pause moves what is open: everything comes `by` later, and nothing before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub by: SignedDuration,
    pub until: Timestamp,
}

impl Shift {
    pub fn moved(self, moment: Timestamp) -> Timestamp {
        moment.saturating_add(self.by).unwrap_or(Timestamp::MAX).max(self.until)
    }
}

/// What one of the two has paused of one conversation by their own wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub by: PersonId,
    pub in_all: SignedDuration,
    /// When the last of these pauses ends.
    pub until: Timestamp,
}

/// A couple's pause: the one that runs, or the last one, as long as it matters for the next. Its moments are whole seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    pub couple: CoupleId,
    /// Told to nobody.
    pub by: PersonId,
    /// By which it is told from any other of the couple's.
    pub called_at: Timestamp,
    pub until: Timestamp,
    /// The conversation that it interrupts, by its round.
    pub round: Option<RoundId>,
    pub taken: Vec<Taken>,
    /// Its end was said.
    pub is_over: bool,
    pub version: i64,
}

/// What is known when somebody calls a pause.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    pub couple: CoupleId,
    /// The caller first.
    pub people: [&'c Person; 2],
    pub length: Length,
    /// The conversation that is open.
    pub round: Option<RoundId>,
    /// Where the couple's conversations appear.
    pub places: &'c [Place],
    pub now: Timestamp,
}

impl Pause {
    /// By one alone, whatever there is. While one runs, that one stays as it is, and nothing moves.
    pub fn called(before: Option<Self>, call: &Call<'_>) -> Result<(Step<Self>, Option<Shift>), Refusal> {
        let now = Timestamp::from_second(call.now.as_second()).unwrap_or(call.now);
        let by = call.people[0].id;
        let (couple, mut taken, version, mut unsaid) =
            (call.couple, Vec::new(), before.as_ref().map_or(0, |it| it.version), None);
        if let Some(before) = before {
            if before.runs_at(call.now) {
                return Ok((Step::to(before), None));
            }
            unsaid = (!before.is_over).then(|| before.edit(None));
            if call.round.is_some() && before.round == call.round {
                taken = before.taken;
            }
        }
        let until = call.length.ends(call.people, now, left_of(&taken, by, now)?)?;
        let mut pause = Self { couple, by, called_at: now, until, round: call.round, taken, is_over: false, version };
        pause.takes(until.duration_since(now), now);
        let shift = Shift { by: until.duration_since(now), until };
        let cards = call.places.iter().map(|place| Notice::Paused { couple, place: *place, since: now, until });
        let step = Step::to(pause).say_all(unsaid).say_all(cards).set(Due::PauseEnds(couple), until);
        Ok((step, Some(shift)))
    }

    /// `More time`, by either. `seen`: the end that stood on what was pressed: a second press adds nothing more.
    pub fn drawn_out(mut self, who: PersonId, seen: Timestamp, now: Timestamp) -> Result<(Step<Self>, Option<Shift>), Refusal> {
        if !self.runs_at(now) {
            return Err(Refusal::PauseOver);
        }
        let Some(by) = self.more_for(who).filter(|_| seen == self.until) else { return Ok((Step::to(self), None)) };
        let (couple, until) = (self.couple, self.until + by);
        self.until = until;
        if who == self.by {
            self.takes(by, now);
        } else {
            self.takes(SignedDuration::ZERO, now);
        }
        let edit = self.edit(Some(until));
        Ok((Step::to(self).say(edit).set(Due::PauseEnds(couple), until), Some(Shift { by, until })))
    }

    /// The hour has come. `returns`: something of the couple's comes back by itself in this moment, and says enough.
    pub fn ended(mut self, returns: bool, places: &[Place], now: Timestamp) -> Step<Self> {
        if self.is_over || self.runs_at(now) {
            return Step::to(self);
        }
        self.is_over = true;
        let (couple, edit) = (self.couple, self.edit(None));
        let step = Step::to(self).say(edit).drop(Due::PauseEnds(couple));
        if returns { step } else { step.say_all(places.iter().map(|place| Notice::Back { couple, place: *place })) }
    }

    pub fn runs_at(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// How much `More time` adds: twenty minutes to what is short, an hour to what is longer. `None`: it has its whole day.
    pub fn more(&self) -> Option<SignedDuration> {
        let lasts = self.until.duration_since(self.called_at);
        let left = LONGEST - lasts;
        let adds = if lasts < AN_HOUR { SHORTEST } else { AN_HOUR };
        (left > SignedDuration::ZERO).then(|| adds.min(left))
    }

    /// The same for one of the two: its caller may have less left. Nobody uses up what is the other's.
    pub fn more_for(&self, who: PersonId) -> Option<SignedDuration> {
        let own = self.taken.iter().find(|taken| taken.by == who && who == self.by);
        let left = own.map_or(LONGEST, |taken| LONGEST - taken.in_all);
        self.more().map(|adds| adds.min(left)).filter(|adds| *adds > SignedDuration::ZERO)
    }

    /// How much of the time between the two moments was paused.
    pub fn within(&self, from: Timestamp, until: Timestamp) -> SignedDuration {
        self.until.min(until).duration_since(self.called_at.max(from)).max(SignedDuration::ZERO)
    }

    /// The caller has that much more of it.
    fn takes(&mut self, more: SignedDuration, now: Timestamp) {
        let (by, until) = (self.by, self.until);
        let before = self.taken.iter().find(|taken| taken.by == by).filter(|taken| now < rested(taken));
        let in_all = before.map_or(SignedDuration::ZERO, |taken| taken.in_all) + more;
        self.taken.retain(|taken| taken.by != by);
        self.taken.push(Taken { by, in_all, until });
    }

    fn edit(&self, until: Option<Timestamp>) -> Notice {
        Notice::PauseEdit { couple: self.couple, since: self.called_at, until }
    }
}

/// How long this person may still pause this conversation.
fn left_of(taken: &[Taken], who: PersonId, now: Timestamp) -> Result<SignedDuration, Refusal> {
    let Some(taken) = taken.iter().find(|taken| taken.by == who).filter(|taken| now < rested(taken)) else {
        return Ok(LONGEST);
    };
    let left = LONGEST - taken.in_all;
    if left < SHORTEST { Err(Refusal::PauseAgainFrom(rested(taken))) } else { Ok(left) }
}

fn rested(taken: &Taken) -> Timestamp {
    taken.until.saturating_add(REST).unwrap_or(Timestamp::MAX)
}
