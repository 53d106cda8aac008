//! The board: boundaries, needs, goals and interests that one of two put up for the other to see. Only its author changes an item.
//! Seeing takes the other alone, and belongs to one wording; that an item was not seen is nowhere said.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use super::couple::Couple;
use super::ids::{ChannelId, CoupleId, ItemId, MessageId, PersonId};
use super::notice::{Notice, Place};
use super::refusal::Refusal;
use super::step::Step;
use super::visibility::Hold;
use super::words::Words;

/// Longest item, in UTF-16 units: a sentence or three, so that a board can be read at one sitting.
pub const LONGEST: usize = 300;
/// How many items stand on one couple's board at most.
pub const MOST: usize = 50;
/// From one check-in that asks whether something has gone out of date to the next: four weeks, less a day for one that was posted
/// late, or by another clock in winter.
const ASK_EVERY: SignedDuration = SignedDuration::from_hours(27 * 24);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Boundary,
    Need,
    Goal,
    Interest,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Boundary, Self::Need, Self::Goal, Self::Interest];

    /// As the screen, a command's choice, a custom id and the table spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Need => "need",
            Self::Goal => "goal",
            Self::Interest => "interest",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| format!("nothing on the board is a {name:?}"))
    }
}

/// An item's words, as typed: white space at the ends goes.
pub fn words(typed: &Words) -> Result<Words, Refusal> {
    let words = Words::new(typed.expose().trim());
    if words.is_blank() {
        return Err(Refusal::ItemEmpty);
    }
    match words.units().checked_sub(LONGEST) {
        None | Some(0) => Ok(words),
        Some(over) => Err(Refusal::ItemTooLong { over }),
    }
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub place: Place,
    pub channel: ChannelId,
    pub message: MessageId,
}

/// An item's message in Discord. There is one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// It says what the item has become by the time it is sent.
    OnItsWay,
    Stands(Spot),
    /// It could not be posted, or is gone. The item stands on the board all the same.
    Nowhere,
}

/// What a message says of its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub wording: u32,
    pub retired: bool,
}

/// How the posting of an item ended without a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unposted {
    /// There was nothing to post.
    Moot,
    Held(Hold),
    /// The other takes no DMs, which is told to nobody.
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub couple: CoupleId,
    pub author: PersonId,
    pub kind: Kind,
    /// Rises whenever its words change.
    pub wording: u32,
    pub put_up_at: Timestamp,
    /// When the other saw this wording.
    pub seen_at: Option<Timestamp>,
    pub retired_at: Option<Timestamp>,
    pub posting: Posting,
    pub version: i64,
}

/// What is drawn and given when somebody puts something up.
#[derive(Clone, Copy, Debug)]
pub struct New {
    pub id: ItemId,
    pub author: PersonId,
    pub kind: Kind,
}

impl Item {
    pub fn put_up(new: New, couple: &Couple, now: Timestamp) -> Result<Step<Self>, Refusal> {
        couple.admits(new.author)?;
        couple.home_ready()?;
        let item = Self {
            id: new.id,
            couple: couple.id,
            author: new.author,
            kind: new.kind,
            wording: 1,
            put_up_at: now,
            seen_at: None,
            retired_at: None,
            posting: Posting::Nowhere,
            version: 0,
        };
        Ok(item.sent(couple))
    }

    pub fn is_live(&self) -> bool {
        self.retired_at.is_none()
    }

    pub fn shown(&self) -> Shown {
        Shown { wording: self.wording, retired: !self.is_live() }
    }

    /// Whether this person may change its words now.
    pub fn may_edit(&self, who: PersonId) -> Result<(), Refusal> {
        if who != self.author {
            return Err(Refusal::NotYourItem);
        }
        if self.is_live() { Ok(()) } else { Err(Refusal::ItemRetired) }
    }

    /// Its author wrote it anew: what was seen is the wording before. Its message is brought up to date also where the words are the
    /// same, which posts anew what is gone or could not be posted.
    pub fn edited(mut self, who: PersonId, changed: bool, couple: &Couple) -> Result<Step<Self>, Refusal> {
        self.may_edit(who)?;
        if changed {
            self.reworded();
        }
        Ok(self.brought_up_to_date(couple))
    }

    /// The other saw this wording. A second press finds it so.
    pub fn seen(mut self, who: PersonId, wording: u32, now: Timestamp) -> Result<Step<Self>, Refusal> {
        if who == self.author {
            return Err(Refusal::OwnItem);
        }
        if !self.is_live() {
            return Err(Refusal::ItemRetired);
        }
        if wording != self.wording {
            return Err(Refusal::ItemReworded);
        }
        self.seen_at.get_or_insert(now);
        Ok(Step::to(self))
    }

    /// It leaves the board, and its words their message. A second press finds it so.
    pub fn retired(mut self, who: PersonId, now: Timestamp) -> Result<Step<Self>, Refusal> {
        if who != self.author {
            return Err(Refusal::NotYourItem);
        }
        if !self.is_live() {
            return Ok(Step::to(self));
        }
        self.retired_at = Some(now);
        self.seen_at = None;
        let (id, stands) = (self.id, matches!(self.posting, Posting::Stands(_)));
        Ok(Step::to(self).say_all(stands.then_some(Notice::ItemEdit { item: id })))
    }

    /// It comes back, in its old place, to be seen anew. A second press finds it there.
    pub fn put_back(mut self, who: PersonId, couple: &Couple) -> Result<Step<Self>, Refusal> {
        if who != self.author {
            return Err(Refusal::NotYourItem);
        }
        if self.is_live() {
            return Ok(Step::to(self));
        }
        self.retired_at = None;
        self.reworded();
        Ok(self.brought_up_to_date(couple))
    }

    /// Its message stands there. `shown`: what it says, as far as that is known.
    pub fn posted(mut self, spot: Spot, shown: Option<Shown>) -> Step<Self> {
        self.posting = Posting::Stands(spot);
        self.says(shown)
    }

    /// Its message says this by now. If the item has moved on since, it is told so once more: edits may overtake each other.
    pub fn says(self, shown: Option<Shown>) -> Step<Self> {
        let late = matches!(self.posting, Posting::Stands(_)) && shown != Some(self.shown());
        let id = self.id;
        Step::to(self).say_all(late.then_some(Notice::ItemEdit { item: id }))
    }

    /// Its message is not there any more, or was left behind where the couple no longer lives.
    pub fn gone(self, spot: Spot, couple: &Couple) -> Step<Self> {
        if self.posting == Posting::Stands(spot) { self.sent(couple) } else { Step::to(self) }
    }

    /// It was not posted. Its author alone is told, where there is something to mend.
    pub fn unposted(mut self, how: Unposted, couple: &Couple) -> Step<Self> {
        if self.posting != Posting::OnItsWay {
            return Step::to(self);
        }
        match how {
            // Put back meanwhile; or meant for a place that the couple has left meanwhile.
            Unposted::Moot | Unposted::Held(Hold::ChannelGone) => self.sent(couple),
            Unposted::Closed => {
                self.posting = Posting::Nowhere;
                Step::to(self)
            }
            Unposted::Held(why) => {
                self.posting = Posting::Nowhere;
                self.held(why, couple)
            }
        }
    }

    /// Its message may not say at this moment what the item has become.
    pub fn held(self, why: Hold, couple: &Couple) -> Step<Self> {
        let to = self.author;
        let told = (self.is_live() && couple.left.is_none()).then_some(Notice::ItemNotPosted { couple: couple.id, to, why });
        Step::to(self).say_all(told)
    }

    fn reworded(&mut self) {
        self.wording += 1;
        self.seen_at = None;
    }

    fn brought_up_to_date(self, couple: &Couple) -> Step<Self> {
        let id = self.id;
        match self.posting {
            Posting::OnItsWay => Step::to(self),
            Posting::Stands(_) => Step::to(self).say(Notice::ItemEdit { item: id }),
            Posting::Nowhere => self.sent(couple),
        }
    }

    /// On its way to where the couple lives now, if that is anywhere.
    fn sent(mut self, couple: &Couple) -> Step<Self> {
        let place = place(couple, self.author).filter(|_| self.is_live());
        self.posting = if place.is_some() { Posting::OnItsWay } else { Posting::Nowhere };
        let id = self.id;
        Step::to(self).say_all(place.map(|place| Notice::Item { item: id, place }))
    }
}

/// Where the other finds what its author puts up: in their channel, or in the other's own DM.
pub fn place(couple: &Couple, author: PersonId) -> Option<Place> {
    if couple.left.is_some() {
        return None;
    }
    couple.places().into_iter().find(|place| *place != Place::Dm(author))
}

/// Whether the last of a couple's check-ins asks whether something has gone out of date. `since`: from when on they are a couple;
/// `begun`: when each of their check-ins began, oldest first.
///
/// It follows from these moments alone, and not from a count or a week's number: so it is the same after a restart, the next one
/// asks where one was skipped, one begun by hand shifts nothing, and with one every second week it is every second of them.
pub fn asks_what_is_out_of_date(since: Timestamp, begun: &[Timestamp]) -> bool {
    let (mut last, mut asks) = (since, false);
    for moment in begun {
        asks = moment.duration_since(last) >= ASK_EVERY;
        if asks {
            last = *moment;
        }
    }
    asks
}
