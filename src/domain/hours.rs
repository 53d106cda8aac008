//! Hours of a day in a person's own zone: quiet hours, and the hour at which a couple opens its answers.
//! Local times are kept as written; instants are computed, so that a change of daylight saving moves nothing.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// An IANA zone that exists in the bundled data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

impl Zone {
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The zone's rules. The name was looked up when the value was made; UTC stands in should the data ever lose it.
    pub fn rules(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }

    /// The instant at which this day's local time comes: the first at which clocks there show it or, where daylight saving
    /// skips it, something later. So 02:30 in a gap from 02:00 to 03:00 is 03:00, and of a time that is repeated the first counts.
    /// What lies beyond the range of [`Timestamp`] becomes its nearer end.
    pub fn moment(&self, day: Date, at: Minute) -> Timestamp {
        let rules = self.rules();
        let local = rules.to_ambiguous_timestamp(day.to_datetime(at.time()));
        let end = if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let AmbiguousOffset::Gap { after, .. } = local.offset() else {
            return local.earlier().unwrap_or(end);
        };
        // Read by the offset after the gap, a skipped time lies just before it; what follows there is the gap's end.
        local.earlier().map_or(end, |before| {
            let gap = rules.following(before).find(|change| change.offset() == after);
            gap.map_or(before, |change| change.timestamp())
        })
    }

    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The zone that somebody typed in full, or the only one that fits what they typed.
    pub fn meant(text: &str) -> Option<Self> {
        if let Ok(zone) = text.trim().replace(' ', "_").parse() {
            return Some(zone);
        }
        match Self::like(text, 2).as_slice() {
            [only] => only.parse().ok(),
            _ => None,
        }
    }

    /// Every zone name that contains `text`, case and underscores aside, at most `most` of them: names that begin with it first.
    pub fn like(text: &str, most: usize) -> Vec<String> {
        let wanted = text.trim().to_lowercase().replace(' ', "_");
        let mut found: Vec<(bool, String)> = jiff::tz::db()
            .available()
            .map(|name| name.to_string())
            .filter(|name| name.contains('/') || name == "UTC")
            .filter(|name| !name.starts_with("Etc/") && name.to_lowercase().contains(&wanted))
            .map(|name| {
                let city = name.rsplit('/').next().unwrap_or(&name).to_lowercase();
                (!(city.starts_with(&wanted) || name.to_lowercase().starts_with(&wanted)), name)
            })
            .collect();
        found.sort();
        found.into_iter().take(most).map(|(_, name)| name).collect()
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let zone = TimeZone::get(text.trim()).map_err(|_| format!("no zone is called {text:?}"))?;
        Ok(Self(zone.iana_name().unwrap_or(text).to_owned()))
    }
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0
    }
}

/// A time of day to the minute, 00:00 to 23:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Minute(u16);

impl Minute {
    pub const MIDNIGHT: Self = Self(0);
    pub const NINE_IN_THE_MORNING: Self = Self(9 * 60);
    pub const SEVEN_IN_THE_EVENING: Self = Self(19 * 60);

    /// Minutes since midnight; `None` from 1,440 on.
    pub fn new(since_midnight: u16) -> Option<Self> {
        (since_midnight < 24 * 60).then_some(Self(since_midnight))
    }

    pub fn since_midnight(self) -> u16 {
        self.0
    }

    fn time(self) -> Time {
        let (hour, minute) = (self.0 / 60, self.0 % 60);
        // Both are in range by construction, so the fallback is never taken.
        match (i8::try_from(hour), i8::try_from(minute)) {
            (Ok(hour), Ok(minute)) => jiff::civil::time(hour, minute, 0, 0),
            _ => Time::midnight(),
        }
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<u16> for Minute {
    type Error = String;

    fn try_from(since_midnight: u16) -> Result<Self, Self::Error> {
        Self::new(since_midnight).ok_or_else(|| format!("a day has no minute {since_midnight}"))
    }
}

impl From<Minute> for u16 {
    fn from(minute: Minute) -> Self {
        minute.0
    }
}

impl FromStr for Minute {
    type Err = String;

    /// Reads `21:00`, `21.00`, `9:30 pm` and a bare `21`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is not a time of day; write it like 21:00");
        let lower = text.trim().to_lowercase();
        let (clock, half) = match lower.strip_suffix("pm") {
            Some(rest) => (rest.trim(), Some(12)),
            None => match lower.strip_suffix("am") {
                Some(rest) => (rest.trim(), Some(0)),
                None => (lower.as_str(), None),
            },
        };
        let (hour, minute) = clock.split_once([':', '.']).unwrap_or((clock, "0"));
        let mut hour: u16 = hour.parse().map_err(|_| wrong())?;
        let minute: u16 = minute.parse().map_err(|_| wrong())?;
        if let Some(shift) = half {
            if !(1..=12).contains(&hour) {
                return Err(wrong());
            }
            hour = hour % 12 + shift;
        }
        if hour > 23 || minute > 59 {
            return Err(wrong());
        }
        Ok(Self(hour * 60 + minute))
    }
}

/// The hours in which a person hears nothing from Duet. They may reach over midnight; equal ends mean none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    pub from: Minute,
    pub until: Minute,
}

impl QuietHours {
    /// 21:00 to 08:00, as product.md sets it.
    pub const DEFAULT: Self = Self { from: Minute(21 * 60), until: Minute(8 * 60) };

    pub fn contain(self, now: Timestamp, zone: &Zone) -> bool {
        let local = now.to_zoned_datetime(zone.rules());
        let (Ok(hour), Ok(minute)) = (u16::try_from(local.hour()), u16::try_from(local.minute())) else {
            return false;
        };
        let at = Minute(hour * 60 + minute);
        if self.from <= self.until { self.from <= at && at < self.until } else { self.from <= at || at < self.until }
    }

    /// When these hours end next, after `now`.
    pub fn end_after(self, now: Timestamp, zone: &Zone) -> Timestamp {
        OpeningHour { at: self.until, zone: zone.clone() }.next_after(now)
    }
}

/// The couple's own hour: answers that are both in open at its next stroke, in the zone of the partner who proposed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHour {
    pub at: Minute,
    pub zone: Zone,
}

impl OpeningHour {
    /// The first such moment after `now`. A local time that daylight saving skips happens at the first valid minute after it.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        let mut day = now.to_zoned_datetime(self.zone.rules()).date();
        // Two days are enough unless a zone skips a whole day, as Apia did: look three ahead.
        for _ in 0..4 {
            let moment = self.zone.moment(day, self.at);
            if moment > now {
                return moment;
            }
            match day.checked_add(Span::new().days(1)) {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn quiet_hours_reach_over_midnight() {
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        assert!(QuietHours::DEFAULT.contain(at("2026-11-24T20:30:00Z"), &berlin), "21:30 in Berlin");
        assert!(QuietHours::DEFAULT.contain(at("2026-11-24T06:59:00Z"), &berlin), "07:59 in Berlin");
        assert!(!QuietHours::DEFAULT.contain(at("2026-11-24T07:00:00Z"), &berlin), "08:00 in Berlin");
    }

    #[test]
    fn equal_ends_mean_no_quiet_hours() {
        let utc: Zone = "UTC".parse().expect("a zone");
        let none = QuietHours { from: Minute(60), until: Minute(60) };
        assert!(!none.contain(at("2026-11-24T01:00:00Z"), &utc));
    }

    #[test]
    fn an_opening_hour_that_daylight_saving_skips_comes_right_after_the_gap() {
        let hour = OpeningHour { at: "02:30".parse().expect("a time"), zone: "Europe/Berlin".parse().expect("a zone") };
        // 29 March 2026: clocks go from 02:00 to 03:00 in Berlin.
        assert_eq!(hour.next_after(at("2026-03-28T12:00:00Z")), at("2026-03-29T01:00:00Z"));
        assert_eq!(hour.next_after(at("2026-03-29T01:00:00Z")), at("2026-03-30T00:30:00Z"), "and on the next day as ever");
    }

    /// "Day, time, zone: instant" for the days on which clocks change, from north, south and the odd corners.
    #[test]
    fn a_local_time_is_never_lost_and_never_comes_twice() {
        let cases = [
            ("a gap of an hour", "2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00:00Z"),
            ("its first minute", "2026-03-29", "02:00", "Europe/Berlin", "2026-03-29T01:00:00Z"),
            ("the minute before it", "2026-03-29", "01:59", "Europe/Berlin", "2026-03-29T00:59:00Z"),
            ("the minute after it", "2026-03-29", "03:00", "Europe/Berlin", "2026-03-29T01:00:00Z"),
            ("an hour twice", "2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"),
            ("after both", "2026-10-25", "03:00", "Europe/Berlin", "2026-10-25T02:00:00Z"),
            ("spring in New York", "2026-03-08", "02:30", "America/New_York", "2026-03-08T07:00:00Z"),
            ("autumn in New York", "2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30:00Z"),
            ("spring in Sydney", "2026-10-04", "02:30", "Australia/Sydney", "2026-10-03T16:00:00Z"),
            ("autumn in Sydney", "2026-04-05", "02:30", "Australia/Sydney", "2026-04-04T15:30:00Z"),
            ("a day without midnight", "2026-09-06", "00:00", "America/Santiago", "2026-09-06T04:00:00Z"),
            ("a late hour twice", "2026-04-04", "23:30", "America/Santiago", "2026-04-05T02:30:00Z"),
            ("a gap of half an hour", "2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
            ("half an hour twice", "2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z"),
            ("Ramadan begins", "2026-02-15", "02:30", "Africa/Casablanca", "2026-02-15T01:30:00Z"),
            ("Ramadan is over", "2026-03-22", "02:30", "Africa/Casablanca", "2026-03-22T02:00:00Z"),
            ("a quarter past the hour", "2026-03-29", "02:30", "Asia/Kathmandu", "2026-03-28T20:45:00Z"),
            ("a day that never was", "2011-12-30", "19:00", "Pacific/Apia", "2011-12-30T10:00:00Z"),
            ("the eve of it", "2011-12-29", "19:00", "Pacific/Apia", "2011-12-30T05:00:00Z"),
            ("before all time", "-009999-01-01", "00:00", "Asia/Kathmandu", "-009999-01-02T01:59:59Z"),
            ("after all time", "9999-12-31", "23:59", "Pacific/Pago_Pago", "9999-12-30T22:00:00.999999999Z"),
        ];
        for (about, day, time, zone, instant) in cases {
            let zone: Zone = zone.parse().expect("a zone");
            let moment = zone.moment(day.parse().expect("a day"), time.parse().expect("a time"));
            assert_eq!(moment, at(instant), "{about}");
        }
    }

    proptest! {
        #[test]
        fn a_moment_is_the_first_at_which_clocks_show_its_time_or_a_later_one(
            zone: prop::sample::Index,
            days in 0..13_000_i64,
            minute in prop_oneof![0..240_u16, 0..1_440_u16],
        ) {
            let zones: Vec<Zone> = jiff::tz::db().available().filter_map(|name| name.as_str().parse().ok()).collect();
            let (zone, time) = (zone.get(&zones), Minute(minute));
            let day = jiff::civil::date(2000, 1, 1).saturating_add(Span::new().days(days));
            let wanted = day.to_datetime(time.time());
            let shown = |moment: Timestamp| moment.to_zoned_datetime(zone.rules()).datetime();
            let moment = zone.moment(day, time);
            prop_assert!(shown(moment) >= wanted, "{} shows {}", moment, shown(moment));
            prop_assert!(shown(moment - SignedDuration::from_secs(1)) < wanted, "{} is not the first", moment);
        }
    }

    #[test]
    fn times_are_read_the_way_people_write_them() {
        let read = |text: &str| text.parse::<Minute>().map(|m| m.to_string());
        assert_eq!(read("21:00"), Ok("21:00".into()));
        assert_eq!(read(" 9:30 PM "), Ok("21:30".into()));
        assert_eq!(read("12am"), Ok("00:00".into()));
        assert_eq!(read("7.05"), Ok("07:05".into()));
        assert!(read("25:00").is_err());
        assert!(read("late").is_err());
    }

    #[test]
    fn zones_are_found_by_their_city() {
        assert_eq!(Zone::like("kathm", 25), vec!["Asia/Kathmandu"]);
        assert_eq!(Zone::like("new york", 1), vec!["America/New_York"]);
        assert_eq!(Zone::meant("kathmandu"), "Asia/Kathmandu".parse().ok());
        assert_eq!(Zone::meant("America/New York"), "America/New_York".parse().ok());
        assert_eq!(Zone::meant("america"), None, "several fit");
    }
}
