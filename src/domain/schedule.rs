//! When the weekly check-in comes: the couple's day and time, kept as they said it. Instants are computed from it, never kept,
//! so that a change of daylight saving moves nothing.
//!
//! A week is dealt with once, whatever rings, repeats or sleeps: [`Schedule::settled`] only moves forward. Of what was missed,
//! at most one thing is said: the one that is less than [`LATE`] old, or that there was one.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::hours::{Minute, Zone};
use super::ids::CoupleId;
use super::pause::Pause;

/// A check-in that was missed by less is posted late, an older one is not: product.md, "Weekly check-in". While a pause holds
/// one up, it misses nothing.
pub const LATE: SignedDuration = SignedDuration::from_hours(12);

/// A day of the week, Monday first; serialised by its lower-case English name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Day {
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// As the screen says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Monday => "Monday",
            Self::Tuesday => "Tuesday",
            Self::Wednesday => "Wednesday",
            Self::Thursday => "Thursday",
            Self::Friday => "Friday",
            Self::Saturday => "Saturday",
            Self::Sunday => "Sunday",
        }
    }

    /// As a command's choice, a custom id and the table spell it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// The day of the week of a date.
    pub fn of(date: Date) -> Self {
        Self::ALL[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default()]
    }

    fn after_monday(self) -> i64 {
        match self {
            Self::Monday => 0,
            Self::Tuesday => 1,
            Self::Wednesday => 2,
            Self::Thursday => 3,
            Self::Friday => 4,
            Self::Saturday => 5,
            Self::Sunday => 6,
        }
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|day| day.slug() == slug).ok_or_else(|| format!("no day is called {slug:?}"))
    }
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// A week of the calendar, by its Monday; written as that date. Which week it is depends on the zone one stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Date", into = "Date")]
pub struct Week(Date);

impl Week {
    /// The week of this day. Where the calendar of [`Date`] ends, the nearest whole week's.
    pub fn of(day: Date) -> Self {
        let since_monday = i64::from(day.weekday().to_monday_zero_offset());
        Self(day.checked_sub(days(since_monday)).unwrap_or_else(|_| day.saturating_add(days(7 - since_monday))))
    }

    pub fn monday(self) -> Date {
        self.0
    }

    /// So many weeks later, or earlier if negative; at the ends of the calendar it stays there.
    pub fn after(self, weeks: i64) -> Self {
        // All of the calendar has fewer weeks than that.
        let weeks = weeks.clamp(-2_000_000, 2_000_000);
        Self::of(self.0.saturating_add(days(7 * weeks)))
    }

    /// How many weeks this one comes after the other; negative if it comes before.
    fn since(self, other: Self) -> i64 {
        self.0.duration_since(other.0).as_hours() / (7 * 24)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Week {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<Date>().map_err(|_| format!("{text:?} is not a date"))?.try_into()
    }
}

impl TryFrom<Date> for Week {
    type Error = String;

    fn try_from(day: Date) -> Result<Self, Self::Error> {
        if day.weekday() == Weekday::Monday { Ok(Self(day)) } else { Err(format!("{day} is no Monday")) }
    }
}

impl From<Week> for Date {
    fn from(week: Week) -> Self {
        week.0
    }
}

/// The couple's own day and time, in the zone of the partner who proposed it: "Sunday 19:00 in Europe/Berlin".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub day: Day,
    pub at: Minute,
    pub zone: Zone,
}

impl Slot {
    /// What is offered where nothing else was said: product.md, "Weekly check-in".
    pub const DEFAULT_DAY: Day = Day::Sunday;
    pub const DEFAULT_TIME: Minute = Minute::SEVEN_IN_THE_EVENING;

    /// The week that it is in the slot's zone.
    pub fn week_of(&self, now: Timestamp) -> Week {
        Week::of(now.to_zoned_datetime(self.zone.rules()).date())
    }

    /// When this week's comes; see [`Zone::moment`] for days on which clocks change. A later week's comes later.
    pub fn moment_in(&self, week: Week) -> Timestamp {
        self.zone.moment(week.monday().saturating_add(days(self.day.after_monday())), self.at)
    }

    /// The newest week whose moment has come.
    fn newest(&self, now: Timestamp) -> Week {
        let this = self.week_of(now);
        if self.moment_in(this) <= now { this } else { this.after(-1) }
    }
}

/// How often a check-in comes. The slower is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pace {
    Weekly,
    EverySecondWeek,
}

impl Pace {
    pub const ALL: [Self; 2] = [Self::Weekly, Self::EverySecondWeek];

    /// From one check-in to the next.
    pub fn weeks(self) -> i64 {
        match self {
            Self::Weekly => 1,
            Self::EverySecondWeek => 2,
        }
    }

    /// As the table and the custom id spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::EverySecondWeek => "second",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pace| pace.name() == name)
    }
}

/// A couple's schedule. Its weeks are those after [`settled`](Self::settled), in steps of the pace.
///
/// `away_until`, wherever it is asked for, is the latest time until which one of the two is away; moments before it stand in
/// that time away, whether it is over by now or not. Before it is taken back early, [`look`](Self::look) with it once more:
/// only then are the weeks that passed in it settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub couple: CoupleId,
    pub slot: Slot,
    /// The newest week that is dealt with: its check-in was posted or missed, or it passed skipped or in a time away.
    pub settled: Week,
    /// The week that somebody skipped last, so that a second press changes nothing.
    pub skipped: Option<Week>,
    /// Stopped by itself (after four lapses); it starts again when both agree to a schedule.
    pub resting: bool,
    /// When both agreed to it last. Rounds asked before then say nothing about how this rhythm suits.
    pub agreed_at: Timestamp,
    pub version: i64,
}

/// What there is to do at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a week that came due is settled by the same look, and not told again"]
pub enum Look {
    /// Not yet, or nothing any more.
    Wait,
    /// This week's is due: post it. It is less than [`LATE`] late, what was paused aside.
    Due { week: Week },
    /// One or more were missed, all by [`LATE`] or longer: a note says so.
    Missed,
}

impl Schedule {
    /// Both agreed at `now`, anew or to another slot. Weeks whose moment has passed are settled; a week that was settled or
    /// skipped before, in whatever zone, stays so: moving never gives a week two.
    pub fn agreed(couple: CoupleId, slot: Slot, before: Option<&Self>, now: Timestamp) -> Self {
        let passed = slot.newest(now);
        Self {
            couple,
            slot,
            settled: before.map_or(passed, |before| before.settled.max(passed)),
            skipped: before.and_then(|before| before.skipped),
            resting: false,
            agreed_at: now,
            version: before.map_or(0, |before| before.version),
        }
    }

    /// The next moment to look, unless it rests: that of the first week that is neither settled nor skipped nor in a time away.
    /// It may have passed by now.
    pub fn next(&self, pace: Pace, away_until: Option<Timestamp>) -> Option<Timestamp> {
        self.coming(pace, away_until.unwrap_or(Timestamp::MIN)).next().map(|(_, moment)| moment)
    }

    /// The next `n` moments after `now` that people can expect, for the screen; none while it rests.
    pub fn upcoming(&self, pace: Pace, away_until: Option<Timestamp>, now: Timestamp, n: usize) -> Vec<Timestamp> {
        self.ahead(pace, away_until, now).take(n).map(|(_, moment)| moment).collect()
    }

    /// A moment of it may have come. The new state has settled what passed, the week that is due included.
    pub fn look(self, pace: Pace, away_until: Option<Timestamp>, now: Timestamp) -> (Self, Look) {
        self.look_past(pace, away_until, None, now)
    }

    /// The same, where time that was `paused` makes nothing late.
    pub fn look_past(
        mut self,
        pace: Pace,
        away_until: Option<Timestamp>,
        paused: Option<&Pause>,
        now: Timestamp,
    ) -> (Self, Look) {
        let newest = self.slot.newest(now);
        if self.resting {
            self.settled = self.settled.max(newest);
            return (self, Look::Wait);
        }
        let passed = newest.since(self.settled) / pace.weeks();
        if passed <= 0 {
            return (self, Look::Wait);
        }
        let first = self.settled.after(pace.weeks());
        let last = self.settled.after(passed * pace.weeks());
        self.settled = last;

        // Of those that passed at most one was skipped, and a time away ends once: the newest that counts is one of the last two.
        let counts = |week: Week| {
            let moment = self.slot.moment_in(week);
            (Some(week) != self.skipped && away_until.is_none_or(|back| back <= moment)).then_some(moment)
        };
        let held = |moment| paused.map_or(SignedDuration::ZERO, |pause| pause.within(moment, now));
        let look = match (counts(last), last > first && counts(last.after(-pace.weeks())).is_some()) {
            (Some(moment), _) if now.duration_since(moment) - held(moment) < LATE => Look::Due { week: last },
            (Some(_), _) | (None, true) => Look::Missed,
            (None, false) => Look::Wait,
        };
        (self, look)
    }

    /// One of the two skips the next one, and whether that changed anything: not if one that was skipped still lies ahead, and
    /// not while it rests. One that is due but not posted yet is the next one. What was missed before is settled without a note.
    pub fn skip(self, pace: Pace, away_until: Option<Timestamp>, now: Timestamp) -> (Self, bool) {
        self.skip_past(pace, away_until, None, now)
    }

    /// The same, with [`look_past`](Self::look_past): one that a pause holds up is the next one.
    pub fn skip_past(self, pace: Pace, away_until: Option<Timestamp>, paused: Option<&Pause>, now: Timestamp) -> (Self, bool) {
        if self.skipped.is_some_and(|week| now < self.slot.moment_in(week)) {
            return (self, false);
        }
        // An older skip is forgotten for the new one, so nothing that it stood for may be open any more.
        let (mut looked, look) = self.clone().look_past(pace, away_until, paused, now);
        let next = match look {
            Look::Due { week } => Some(week),
            Look::Wait | Look::Missed => looked.ahead(pace, away_until, now).next().map(|(week, _)| week),
        };
        if next.is_none() {
            return (self, false);
        }
        looked.skipped = next;
        (looked, true)
    }

    /// The pace changed at `now`. Weeks whose moment has passed are settled, so that nothing is called missed; the new pace
    /// counts from there.
    pub fn repaced(mut self, now: Timestamp) -> Self {
        self.settled = self.settled.max(self.slot.newest(now));
        self
    }

    /// What comes after `now` and after any time away.
    fn ahead(&self, pace: Pace, away_until: Option<Timestamp>, now: Timestamp) -> impl Iterator<Item = (Week, Timestamp)> {
        let back = away_until.unwrap_or(Timestamp::MIN);
        self.coming(pace, now.max(back)).filter(move |(_, moment)| *moment > now)
    }

    /// Weeks that come and their moments, from `start` on: neither settled nor skipped, in steps of the pace.
    fn coming(&self, pace: Pace, start: Timestamp) -> impl Iterator<Item = (Week, Timestamp)> {
        // Straight to the last step before `start`, however far it lies.
        let steps = (self.slot.newest(start).since(self.settled) / pace.weeks()).max(1);
        let first = (!self.resting).then(|| self.settled.after(steps * pace.weeks()));
        let later = move |week: &Week| Some(week.after(pace.weeks())).filter(|next| next > week);
        std::iter::successors(first, later)
            .filter(|week| *week > self.settled && Some(*week) != self.skipped)
            .map(|week| (week, self.slot.moment_in(week)))
            .filter(move |(_, moment)| *moment >= start)
    }
}
