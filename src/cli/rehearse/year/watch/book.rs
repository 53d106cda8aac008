//! The watcher's own calendar: when a check-in should come, what came in each week, and what stood against it.
//! It computes moments itself, so that it cannot agree with the bot by sharing its mistakes.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// A check-in that was missed by less is posted late: product.md, "Weekly check-in".
const LATE: SignedDuration = SignedDuration::from_hours(12);

/// Sundays at an hour, in a zone.
#[derive(Clone, Debug)]
pub struct Rhythm {
    pub at: Time,
    pub zone: TimeZone,
}

impl Rhythm {
    pub fn sunday(at: Time, zone: TimeZone) -> Self {
        Self { at, zone }
    }

    /// The moment of the week that begins with this Monday.
    pub fn moment_in(&self, monday: Date) -> Timestamp {
        let sunday = monday.saturating_add(Span::new().days(6));
        self.zone
            .to_ambiguous_zoned_datetime(sunday.to_datetime(self.at))
            .compatible()
            .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// The newest week whose moment has come, by its Monday, and that moment.
    pub fn newest(&self, now: Timestamp) -> (Date, Timestamp) {
        let today = now.to_zoned_datetime(self.zone.clone()).date();
        let monday = today.saturating_sub(Span::new().days(today.weekday().to_monday_zero_offset()));
        let moment = self.moment_in(monday);
        if moment <= now {
            return (monday, moment);
        }
        let before = monday.saturating_sub(Span::new().days(7));
        (before, self.moment_in(before))
    }
}

/// Whether one that was missed is still posted.
pub fn is_soon_after(moment: Timestamp, now: Timestamp) -> bool {
    now.duration_since(moment) < LATE
}

/// What stands against a week's check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    Skipped,
    Away,
    Down,
    /// The bot was down, but not for long: it still comes, late.
    DownAnHour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Opened,
    Lapsed,
}

#[derive(Clone, Debug, Default)]
pub struct Week {
    pub came: Vec<Timestamp>,
    pub against: Option<Against>,
    pub ended: Option<Ended>,
}

impl Week {
    pub fn stands_against(&self) -> bool {
        matches!(self.against, Some(Against::Skipped | Against::Away | Against::Down))
    }
}

/// How the year went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub weeks: usize,
    pub opened: usize,
    pub asked_for: usize,
    pub late: usize,
    pub lapsed: usize,
    pub skipped: usize,
    pub away: usize,
    pub missed: usize,
    pub nudges: usize,
}

impl Tally {
    pub fn of<'w>(weeks: impl Iterator<Item = &'w Week>, asked_for: usize, nudges: usize) -> Self {
        let mut tally = Self { asked_for, nudges, ..Self::default() };
        for week in weeks {
            tally.weeks += 1;
            match week.ended {
                Some(Ended::Opened) => tally.opened += 1,
                Some(Ended::Lapsed) => tally.lapsed += 1,
                None => {}
            }
            match week.against {
                Some(Against::Skipped) => tally.skipped += 1,
                Some(Against::Away) => tally.away += 1,
                Some(Against::Down) => tally.missed += 1,
                Some(Against::DownAnHour) => tally.late += 1,
                None => {}
            }
        }
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>4}  weeks", self.weeks)?;
        writeln!(f, "{:>4}  check-ins opened, {} of them posted late after an hour's downtime", self.opened, self.late)?;
        writeln!(f, "{:>4}  more that was asked for in between", self.asked_for)?;
        writeln!(f, "{:>4}  skipped", self.skipped)?;
        writeln!(f, "{:>4}  while one of them was away", self.away)?;
        writeln!(f, "{:>4}  lapsed unopened", self.lapsed)?;
        writeln!(f, "{:>4}  missed while the bot was down for a fortnight", self.missed)?;
        write!(f, "{:>4}  nudges, none in quiet hours", self.nudges)
    }
}
