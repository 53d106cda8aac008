//! A round: one question put to one couple, until it is revealed or ends unopened.
//!
//! ```text
//!            answered, taken_back, passed, swapped
//!              ┌────────┐
//!              ▼        │       both sealed, an hour agreed or a pause called
//!   ask ──► Asking ─────┴──────────────────────────────► Opening
//!              │ │                                        │   │ taken_back ──► Asking
//!              │ └─ both sealed ──► Revealed ◄── opened ──┘   │
//!              ▼                                              ▼
//!            Ended (lapsed, said_openly, replaced, parted) ◄──┘
//! ```
//!
//! The words themselves are not here: a seat knows that an answer is sealed, the store holds it under its author's key.
//! A check-in is a round like any other; what it asks differs, and how long it waits.

mod paused;
mod question;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::couple::Terms;
use super::ids::{CoupleId, PersonId, RoundId};
use super::notice::{Notice, Place};
use super::refusal::Refusal;
use super::step::{Due, Step};
use super::visibility::{Held, Hold};

pub use self::question::{Kind, Question};

/// How often a question may be swapped for another in one round.
pub const SWAPS: u8 = 2;
/// How long `Keep my unopened answer` works after a round ended.
pub const KEEPING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What remains at least after an answer was taken back from a held opening.
pub const AFTER_TAKING_BACK: SignedDuration = SignedDuration::from_hours(24);
/// How long until a held post is tried again.
pub const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    Waiting,
    Passed,
    Sealed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Lapsed,
    /// `Say it openly`, by the one whose name it carries.
    Openly(PersonId),
    /// `Close it and ask another`.
    Replaced,
    /// A partner left.
    Parted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Asking {
        seats: [Seat; 2],
    },
    /// Both are sealed and wait for the couple's own hour, or for the end of their pause.
    Opening {
        at: Timestamp,
    },
    /// `hold` says why the post still waits, if it does.
    Revealed {
        at: Timestamp,
        hold: Option<Held>,
        /// Sent to both by DM, because the channel could not show it.
        #[serde(default)]
        by_dm: bool,
    },
    /// `unopened` says whose answer can still be kept by its author.
    Ended {
        at: Timestamp,
        how: Ending,
        unopened: [bool; 2],
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    pub id: RoundId,
    pub couple: CoupleId,
    pub partners: [PersonId; 2],
    pub question: Question,
    /// Who asked; `None` when Duet did.
    pub asked_by: Option<PersonId>,
    pub asked_at: Timestamp,
    pub closes_at: Timestamp,
    pub swaps: u8,
    /// Which partner's answer stands first in the reveal: drawn once.
    pub first: u8,
    /// Who had their one nudge, in the order of `partners`.
    pub nudged: [bool; 2],
    /// A card with somebody's own question that may not be posted yet, and why.
    pub card_hold: Option<Held>,
    pub phase: Phase,
    pub version: i64,
}

/// Whether somebody may be nudged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudging {
    Now,
    /// In their quiet hours, while they are away or in a pause: from then on.
    Later(Timestamp),
    Never,
}

/// What a prompt card says of its round: see [`Round::shown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub swaps: u8,
    pub closes_at: Timestamp,
    pub state: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// `sealed` is nought while the line is hidden.
    Asking {
        sealed: usize,
    },
    /// Only while the line shows.
    Opening {
        at: Timestamp,
    },
    Revealed {
        held: bool,
    },
    Ended(Ending),
}

/// What is drawn and given when a round begins.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: RoundId,
    pub couple: CoupleId,
    pub partners: [PersonId; 2],
    pub question: Question,
    pub by: Option<PersonId>,
    pub first: u8,
}

impl Round {
    pub fn ask(new: Asked, terms: &Terms, now: Timestamp) -> Step<Self> {
        let (begins, window) = (terms.begins(now), new.question.window(terms));
        let closes_at = after(begins, window);
        let round = Self {
            id: new.id,
            couple: new.couple,
            partners: new.partners,
            question: new.question,
            asked_by: new.by,
            asked_at: now,
            closes_at,
            swaps: 0,
            first: new.first,
            nudged: [false; 2],
            card_hold: None,
            phase: Phase::Asking { seats: [Seat::Waiting; 2] },
            version: 0,
        };
        let cards = in_places(terms, |place| Notice::Card { round: new.id, place });
        Step::to(round).say_all(cards).set(Due::Lapse(new.id), closes_at).set(Due::Nudge(new.id), after(begins, window / 2))
    }

    pub fn seat_of(&self, who: PersonId) -> Result<usize, Refusal> {
        self.partners.iter().position(|partner| *partner == who).ok_or(Refusal::NotYourRound)
    }

    pub fn other(&self, who: PersonId) -> PersonId {
        if self.partners[0] == who { self.partners[1] } else { self.partners[0] }
    }

    /// Whether this partner's answer lies sealed and unopened.
    pub fn sealed(&self, who: PersonId) -> Result<bool, Refusal> {
        let seat = self.seat_of(who)?;
        Ok(match self.phase {
            Phase::Asking { seats } => seats[seat] == Seat::Sealed,
            Phase::Opening { .. } => true,
            Phase::Revealed { .. } | Phase::Ended { .. } => false,
        })
    }

    /// All that a prompt card says of the round beside its question. With the line hidden, what the partners do in private
    /// changes nothing in it.
    pub fn shown(&self, line: bool) -> Shown {
        let state = match self.phase {
            Phase::Asking { .. } if line => Standing::Asking { sealed: self.sealed_count() },
            Phase::Opening { at } if line => Standing::Opening { at },
            Phase::Asking { .. } | Phase::Opening { .. } => Standing::Asking { sealed: 0 },
            Phase::Revealed { hold, .. } => Standing::Revealed { held: hold.is_some() },
            Phase::Ended { how, .. } => Standing::Ended(how),
        };
        Shown { swaps: self.swaps, closes_at: self.closes_at, state }
    }

    /// How many answers are sealed: for the status line, and for nobody while it is hidden.
    pub fn sealed_count(&self) -> usize {
        match self.phase {
            Phase::Asking { seats } => seats.iter().filter(|seat| **seat == Seat::Sealed).count(),
            Phase::Opening { .. } | Phase::Revealed { .. } => 2,
            Phase::Ended { .. } => 0,
        }
    }

    /// Whether the round stands in the way of another question.
    pub fn awaits_answers(&self) -> bool {
        matches!(self.phase, Phase::Asking { .. } | Phase::Opening { .. })
    }

    /// Whether it still awaits something: answers, an opening, or that a held post may go out.
    pub fn is_unsettled(&self) -> bool {
        self.awaits_answers() || matches!(self.phase, Phase::Revealed { hold: Some(_), .. })
    }

    /// Whether something of it is held and not being tried.
    pub fn waits_for_its_place(&self) -> bool {
        let held = match self.phase {
            Phase::Revealed { hold, .. } => hold,
            Phase::Asking { .. } | Phase::Opening { .. } => self.card_hold,
            Phase::Ended { .. } => None,
        };
        held.is_some_and(|held| !held.trying)
    }

    /// Whether both partners may read both answers: P1 in one place.
    pub fn may_be_read(&self) -> bool {
        matches!(self.phase, Phase::Revealed { .. })
    }

    /// Whether this person may write now, before any words are looked at.
    pub fn may_answer(&self, who: PersonId) -> Result<(), Refusal> {
        self.seat_of(who)?;
        match self.phase {
            Phase::Asking { .. } | Phase::Opening { .. } => Ok(()),
            Phase::Revealed { .. } => Err(Refusal::AlreadyOpen),
            Phase::Ended { .. } if self.question.kind() == Kind::CheckIn => Err(Refusal::CheckInClosed),
            Phase::Ended { .. } => Err(Refusal::RoundClosed),
        }
    }

    /// Whether words written after this many swaps belong to the question that stands now.
    pub fn still_asks(&self, swaps: u8) -> Result<(), Refusal> {
        if self.swaps == swaps { Ok(()) } else { Err(Refusal::QuestionSwapped) }
    }

    /// An answer was written or edited. With the second one it opens, at once or at the couple's hour.
    pub fn answered(mut self, who: PersonId, terms: &Terms, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.may_answer(who)?;
        let seat = self.seat_of(who)?;
        let Phase::Asking { mut seats } = self.phase else {
            return Ok(Step::to(self));
        };
        let edited = seats[seat] == Seat::Sealed;
        seats[seat] = Seat::Sealed;
        if seats == [Seat::Sealed; 2] {
            return Ok(match terms.opens_at {
                None => self.revealed(terms, now),
                Some(at) => {
                    self.phase = Phase::Opening { at };
                    let id = self.id;
                    self.with_line(terms).drop(Due::Lapse(id)).set(Due::Opening(id), at)
                }
            });
        }
        self.phase = Phase::Asking { seats };
        Ok(if edited { Step::to(self) } else { self.with_line(terms) })
    }

    pub fn taken_back(mut self, who: PersonId, terms: &Terms, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.may_answer(who)?;
        let seat = self.seat_of(who)?;
        if !self.sealed(who)? {
            return Err(Refusal::NothingSealed);
        }
        let id = self.id;
        let (mut seats, held) = match self.phase {
            Phase::Asking { seats } => (seats, false),
            _ => ([Seat::Sealed; 2], true),
        };
        seats[seat] = Seat::Waiting;
        self.phase = Phase::Asking { seats };
        if !held {
            return Ok(self.with_line(terms));
        }
        self.closes_at = self.closes_at.max(after(terms.begins(now), AFTER_TAKING_BACK));
        let closes_at = self.closes_at;
        Ok(self.with_line(terms).drop(Due::Opening(id)).set(Due::Lapse(id), closes_at))
    }

    /// The round stays as it was: to the other, a pass looks like lateness.
    pub fn passed(mut self, who: PersonId) -> Result<Step<Self>, Refusal> {
        self.may_answer(who)?;
        let seat = self.seat_of(who)?;
        match &mut self.phase {
            Phase::Asking { seats } if seats[seat] != Seat::Sealed => {
                seats[seat] = Seat::Passed;
                Ok(Step::to(self))
            }
            _ => Err(Refusal::SealedAlready),
        }
    }

    pub fn said_openly(self, who: PersonId, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.may_answer(who)?;
        if self.sealed(who)? {
            return Err(Refusal::SealedAlready);
        }
        Ok(self.ended(Ending::Openly(who), now))
    }

    /// Whether `Another question` is possible for this partner, before one is drawn. While the line shows, a sealed answer keeps
    /// the question; while it is hidden, only the one who presses may learn of their own.
    pub fn may_swap(&self, who: PersonId, terms: &Terms) -> Result<(), Refusal> {
        self.may_answer(who)?;
        if self.question.kind() == Kind::CheckIn {
            return Err(Refusal::CheckInStays);
        }
        if self.sealed(who)? {
            return Err(Refusal::TakeBackFirst);
        }
        if self.swaps >= SWAPS {
            return Err(Refusal::NoMoreSwaps);
        }
        if terms.line && self.sealed_count() > 0 { Err(Refusal::AnswerWaits) } else { Ok(()) }
    }

    /// Another question in the same place, with the whole window before it. Passes are cleared, and what was sealed is gone:
    /// that can only be the answer of a partner who was told so when they asked for the swap.
    pub fn swapped(mut self, who: PersonId, question: Question, terms: &Terms, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.may_swap(who, terms)?;
        self.question = question;
        self.swaps += 1;
        self.phase = Phase::Asking { seats: [Seat::Waiting; 2] };
        let (begins, window) = (terms.begins(now), self.question.window(terms));
        self.closes_at = after(begins, window);
        let (id, closes_at) = (self.id, self.closes_at);
        // A card of own words that was held has nothing private on it any more; one that is being tried shows the new question.
        let freed = self.card_hold.is_some_and(|held| !held.trying);
        if freed {
            self.card_hold = None;
        }
        let cards = if freed { in_places(terms, |place| Notice::Card { round: id, place }) } else { Vec::new() };
        Ok(Step::to(self)
            .say_all(cards)
            .say(Notice::CardEdit { round: id, only_in: None })
            .drop(Due::Opening(id))
            .set(Due::Lapse(id), closes_at)
            .set(Due::Nudge(id), after(begins, window / 2)))
    }

    /// Its time is over. A round that meanwhile opened, or has time left, stays as it is.
    pub fn lapsed(self, now: Timestamp) -> Step<Self> {
        match self.phase {
            Phase::Asking { .. } if now >= self.closes_at => self.ended(Ending::Lapsed, now),
            _ => Step::to(self),
        }
    }

    /// Half its time is over: whoever has neither answered nor passed hears of it once, when and if they `may`.
    pub fn nudges(mut self, may: [Nudging; 2]) -> Step<Self> {
        let Phase::Asking { seats } = self.phase else { return Step::to(self) };
        let id = self.id;
        let mut to = Vec::new();
        let mut later = None;
        for seat in 0..2 {
            if seats[seat] != Seat::Waiting || self.nudged[seat] {
                continue;
            }
            match may[seat] {
                Nudging::Now => {
                    self.nudged[seat] = true;
                    to.push(Notice::Nudge { round: id, to: self.partners[seat] });
                }
                Nudging::Later(at) => later = Some(later.map_or(at, |soonest: Timestamp| soonest.min(at))),
                Nudging::Never => {}
            }
        }
        let closes_at = self.closes_at;
        let step = Step::to(self).say_all(to);
        match later {
            Some(at) if at < closes_at => step.set(Due::Nudge(id), at),
            _ => step,
        }
    }

    /// Whether a nudge that is on its way still has somebody to remind.
    pub fn still_nudges(&self, who: PersonId) -> bool {
        let waits = |seat: usize| matches!(self.phase, Phase::Asking { seats } if seats[seat] == Seat::Waiting);
        self.seat_of(who).is_ok_and(waits)
    }

    /// The couple's hour has come, or the end of their pause.
    pub fn opened(self, terms: &Terms, now: Timestamp) -> Step<Self> {
        match self.phase {
            Phase::Opening { .. } if terms.paused_until.is_some() => self.retimed(terms, now),
            Phase::Opening { at } if now >= at => self.revealed(terms, now),
            _ => Step::to(self),
        }
    }

    /// The couple agreed on another hour: what waits for the old one opens at the new one, or at once.
    pub fn retimed(mut self, terms: &Terms, now: Timestamp) -> Step<Self> {
        let Phase::Opening { .. } = self.phase else { return Step::to(self) };
        let Some(at) = terms.opens_at else { return self.revealed(terms, now) };
        self.phase = Phase::Opening { at };
        let id = self.id;
        self.with_line(terms).set(Due::Opening(id), at)
    }

    /// `Close it and ask another`.
    pub fn replaced(self, who: PersonId, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.may_answer(who)?;
        Ok(self.ended(Ending::Replaced, now))
    }

    /// A partner left: what is not open stays shut, an opening that was held included.
    pub fn parted(self, now: Timestamp) -> Step<Self> {
        match self.phase {
            Phase::Asking { .. } | Phase::Opening { .. } | Phase::Revealed { hold: Some(_), .. } => {
                self.ended(Ending::Parted, now)
            }
            Phase::Revealed { hold: None, .. } | Phase::Ended { .. } => Step::to(self),
        }
    }

    /// Both are in, but the reveal stands nowhere yet: who leaves now leaves it unopened.
    #[must_use]
    pub fn standing_nowhere(mut self) -> Self {
        if let Phase::Revealed { hold: hold @ None, .. } = &mut self.phase {
            *hold = Some(Held { why: Hold::ChannelGone, trying: false });
        }
        self
    }

    /// The place may not show what should be posted there; both partners are told, and it is looked at again. Told once.
    pub fn held(mut self, why: Hold, now: Timestamp) -> Step<Self> {
        let (id, partners) = (self.id, self.partners);
        let held = Held { why, trying: false };
        let known = match &mut self.phase {
            Phase::Revealed { hold, .. } => hold.replace(held).is_some(),
            Phase::Asking { .. } => self.card_hold.replace(held).is_some(),
            Phase::Opening { .. } | Phase::Ended { .. } => return Step::to(self),
        };
        // The card says that both are in, and that it waits.
        let edit = (!known && self.may_be_read()).then_some(Notice::CardEdit { round: id, only_in: None });
        let step = Step::to(self).say_all(edit).set(Due::LookAgain(id), after(now, LOOK_AGAIN));
        // A channel that is gone is told of once, with its own ways on.
        let told = known || why == Hold::ChannelGone;
        if told { step } else { step.say_all(partners.map(|to| Notice::Held { round: id, to })) }
    }

    /// Tries a held post again where the couple lives now. What would open waits for the end of a pause.
    pub fn tried_again(mut self, terms: &Terms) -> Step<Self> {
        let id = self.id;
        if terms.places.is_empty() {
            return Step::to(self);
        }
        let notices = match (&mut self.phase, &mut self.card_hold) {
            (Phase::Revealed { hold: Some(held), .. }, _) if !held.trying => {
                if let Some(until) = terms.paused_until {
                    return Step::to(self).set(Due::LookAgain(id), until);
                }
                held.trying = true;
                in_places(terms, |place| Notice::Reveal { round: id, place })
            }
            (Phase::Asking { .. }, Some(held)) if !held.trying => {
                held.trying = true;
                in_places(terms, |place| Notice::Card { round: id, place })
            }
            _ => return Step::to(self),
        };
        Step::to(self).say_all(notices)
    }

    /// The held reveal went out after all.
    pub fn reveal_posted(mut self) -> Step<Self> {
        if let Phase::Revealed { hold, .. } = &mut self.phase {
            *hold = None;
        }
        let id = self.id;
        Step::to(self).drop(Due::LookAgain(id))
    }

    /// The held card went out after all. Whatever else is held by now stays so.
    pub fn card_posted(mut self) -> Step<Self> {
        self.card_hold = None;
        let id = self.id;
        let held = matches!(self.phase, Phase::Revealed { hold: Some(_), .. });
        if held { Step::to(self) } else { Step::to(self).drop(Due::LookAgain(id)) }
    }

    /// Both wanted the held post in their DMs.
    pub fn sent_by_dm(mut self) -> Result<Step<Self>, Refusal> {
        let (id, partners) = (self.id, self.partners);
        let mut edit = None;
        let notices = match self.phase {
            Phase::Revealed { at, hold: Some(held), .. } if !held.trying => {
                self.phase = Phase::Revealed { at, hold: None, by_dm: true };
                edit = Some(Notice::CardEdit { round: id, only_in: None });
                partners.map(|to| Notice::RevealByDm { round: id, to })
            }
            Phase::Asking { .. } if self.card_hold.is_some_and(|held| !held.trying) => {
                self.card_hold = None;
                partners.map(|to| Notice::Card { round: id, place: Place::Dm(to) })
            }
            _ => return Err(Refusal::NothingHeld),
        };
        Ok(Step::to(self).say_all(notices).say_all(edit).drop(Due::LookAgain(id)))
    }

    /// Whether this author's unopened answer can still be kept.
    pub fn may_keep(&self, who: PersonId) -> Result<(), Refusal> {
        let seat = self.seat_of(who)?;
        match self.phase {
            Phase::Ended { unopened, .. } if unopened[seat] => Ok(()),
            _ => Err(Refusal::NothingKept),
        }
    }

    /// The seven days are over: the cards go.
    pub fn cleared(mut self) -> Step<Self> {
        let id = self.id;
        if let Phase::Ended { unopened, .. } = &mut self.phase {
            *unopened = [false; 2];
        }
        Step::to(self).say(Notice::CardRemoval { round: id, only_in: None })
    }

    fn revealed(mut self, terms: &Terms, now: Timestamp) -> Step<Self> {
        // Without a home at this moment it waits for one.
        let hold = terms.places.is_empty().then_some(Held { why: Hold::ChannelGone, trying: false });
        self.phase = Phase::Revealed { at: now, hold, by_dm: false };
        self.card_hold = None;
        let id = self.id;
        // The card follows once the reveal stands, or is held: until then it would claim what is not so.
        let reveals = in_places(terms, |place| Notice::Reveal { round: id, place });
        let step = Step::to(self)
            .say_all(reveals)
            .drop(Due::Lapse(id))
            .drop(Due::Nudge(id))
            .drop(Due::Opening(id))
            .drop(Due::LookAgain(id));
        if hold.is_some() { step.say(Notice::CardEdit { round: id, only_in: None }) } else { step }
    }

    fn ended(mut self, how: Ending, now: Timestamp) -> Step<Self> {
        let unopened = match self.phase {
            Phase::Asking { seats } => seats.map(|seat| seat == Seat::Sealed),
            Phase::Opening { .. } | Phase::Revealed { .. } => [true; 2],
            Phase::Ended { unopened, .. } => unopened,
        };
        self.phase = Phase::Ended { at: now, how, unopened };
        self.card_hold = None;
        let id = self.id;
        Step::to(self)
            .say(Notice::CardEdit { round: id, only_in: None })
            .drop(Due::Lapse(id))
            .drop(Due::Nudge(id))
            .drop(Due::Opening(id))
            .drop(Due::LookAgain(id))
            .set(Due::Leftovers(id), after(now, KEEPING))
    }

    /// Sealing changes the card only while both partners want the status line.
    fn with_line(self, terms: &Terms) -> Step<Self> {
        let id = self.id;
        let step = Step::to(self);
        if terms.line { step.say(Notice::CardEdit { round: id, only_in: None }) } else { step }
    }
}

fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

fn in_places(terms: &Terms, notice: impl Fn(Place) -> Notice) -> Vec<Notice> {
    terms.places.iter().copied().map(notice).collect()
}
