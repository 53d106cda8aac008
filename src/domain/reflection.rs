//! Reflections: private practices for one person, in a couple or not. Nothing of them ever reaches anybody else.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::hours::{Minute, Zone};
use super::ids::{EntryId, PersonId, SittingId};
use super::schedule::Day;

/// How long what was begun can be recognised, so that it does not come again soon and its `Write` still works.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(60 * 24);
/// How long it takes what is typed in the DM.
pub const OPEN: SignedDuration = SignedDuration::from_hours(24);
/// How far Discord's clock may run behind ours.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// How many others come before the same practice again.
pub const APART: usize = 40;

/// A practice that one person began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    pub id: SittingId,
    pub person: PersonId,
    /// The reflection's id in the library.
    pub reflection: String,
    pub begun_at: Timestamp,
    /// When its person ended it; without, it is open for [`OPEN`].
    pub ended_at: Option<Timestamp>,
    /// The entry that typed words go into.
    pub entry: Option<EntryId>,
}

impl Sitting {
    /// Whether what was typed at this moment, by Discord's clock, belongs to it. Once ended, nothing does any more.
    pub fn takes(&self, typed_at: Timestamp) -> bool {
        let from = self.begun_at.saturating_sub(SKEW).unwrap_or(Timestamp::MIN);
        let until = self.begun_at.saturating_add(OPEN).unwrap_or(Timestamp::MAX);
        self.ended_at.is_none() && from <= typed_at && typed_at < until
    }
}

/// When reflections come by themselves: on these days, at this time, in the person's own zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub days: BTreeSet<Day>,
    pub at: Minute,
    pub version: i64,
}

impl Plan {
    /// The next one after `now`; `None` without days.
    pub fn next_after(&self, zone: &Zone, now: Timestamp) -> Option<Timestamp> {
        let today = now.to_zoned_datetime(zone.rules()).date();
        // A week and a day: today's may have passed, or fall into a day that the zone skips.
        (0..=8)
            .filter_map(|ahead| today.checked_add(jiff::Span::new().days(ahead)).ok())
            .filter(|date| self.days.contains(&Day::of(*date)))
            .map(|date| zone.moment(date, self.at))
            .find(|moment| *moment > now)
    }
}

/// The days that somebody named: `monday thursday`, `mon, thu`, `weekdays`, `weekends`, `daily`. `None` when one is no day.
pub fn days_meant(text: &str) -> Option<BTreeSet<Day>> {
    let lower = text.trim().to_lowercase();
    let days = |from: usize, to: usize| Some(Day::ALL[from..to].iter().copied().collect());
    match lower.as_str() {
        "daily" | "every day" | "all" => return days(0, 7),
        "weekdays" => return days(0, 5),
        "weekends" | "weekend" => return days(5, 7),
        _ => {}
    }
    let named = |word: &str| {
        let word = word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word);
        Day::ALL.into_iter().find(|day| word.len() >= 2 && day.slug().starts_with(word))
    };
    let words = lower.split([' ', ',', ';', '+']).filter(|word| !word.is_empty() && *word != "and");
    let days: BTreeSet<Day> = words.map(named).collect::<Option<_>>()?;
    (!days.is_empty()).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_the_way_people_write_them() {
        let read = |text: &str| {
            let days = days_meant(text)?;
            Some(days.iter().map(|day| day.slug()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read("Mon, Thursday").as_deref(), Some("monday thursday"));
        assert_eq!(read("sundays and wed").as_deref(), Some("wednesday sunday"));
        assert_eq!(read("weekends").as_deref(), Some("saturday sunday"));
        assert_eq!(days_meant("daily").map(|days| days.len()), Some(7));
        assert_eq!(read("mon someday"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_plan_comes_on_its_days_in_the_persons_zone() {
        let zone: Zone = "Asia/Kathmandu".parse().expect("a zone");
        let plan = Plan { days: days_meant("tue fri").expect("days"), at: "07:30".parse().expect("a time"), version: 0 };
        let next = |now: &str| plan.next_after(&zone, now.parse().expect("a moment")).map(|at| at.to_string());
        // Kathmandu is 5:45 ahead: 07:30 there is 01:45 in UTC. 24 November 2026 is a Tuesday.
        assert_eq!(next("2026-11-24T01:44:00Z").as_deref(), Some("2026-11-24T01:45:00Z"));
        assert_eq!(next("2026-11-24T01:45:00Z").as_deref(), Some("2026-11-27T01:45:00Z"));
    }
}
