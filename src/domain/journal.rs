//! The journal: private entries of one person, under a key of their own that no couple touches.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::hours::{Minute, Zone};
use super::ids::EntryId;
use super::library::Exercise;
use super::refusal::Refusal;
use super::words::Words;

/// Longest entry, in UTF-16 units: as much as one text box holds (components/reference, Text Input).
pub const LONGEST: usize = 4_000;
/// What the key of a journal is filed under, where a couple's id stands for other keys.
pub const KEY: &str = "journal";

/// Where an entry stands among its author's: newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    pub written_at: Timestamp,
    pub id: EntryId,
}

impl Mark {
    /// After everything that was written up to this moment.
    pub fn end_of(moment: Timestamp) -> Self {
        Self { written_at: moment, id: EntryId(Uuid::max()) }
    }

    /// Of an entry that is gone: not before the place where it stood. `None`: an id that is none of ours.
    pub fn of_gone(id: EntryId) -> Option<Self> {
        let (seconds, nanoseconds) = id.0.get_timestamp()?.to_unix();
        let made_at = Timestamp::new(seconds.try_into().ok()?, nanoseconds.try_into().ok()?).ok()?;
        // An id knows its moment rounded down, the store rounds up.
        Some(Self { written_at: made_at.checked_add(jiff::SignedDuration::from_millis(1)).ok()?, id })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    /// The kind of practice it was written after.
    pub kind: Option<Exercise>,
    pub written_at: Timestamp,
    pub words: Words,
}

impl Entry {
    pub fn mark(&self) -> Mark {
        Mark { written_at: self.written_at, id: self.id }
    }
}

/// One message's share of a whole journal, oldest first. It is bounded before it is sent: what is deleted meanwhile makes it smaller
/// and moves nothing into another part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// From 1.
    pub number: usize,
    pub of: usize,
    /// Where the part before ended.
    pub after: Option<Mark>,
    /// Included.
    pub upto: Mark,
}

/// The parts of a journal up to `end`, each of which begins after one of `cuts`.
pub fn parts(cuts: &[Mark], end: Mark) -> Vec<Part> {
    let afters = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    let ends = cuts.iter().copied().chain([end]);
    let of = cuts.len() + 1;
    afters.zip(ends).enumerate().map(|(at, (after, upto))| Part { number: at + 1, of, after, upto }).collect()
}

/// An entry's words, as typed: white space at the ends goes.
pub fn words(typed: &Words) -> Result<Words, Refusal> {
    let words = Words::new(typed.expose().trim());
    if words.is_blank() {
        return Err(Refusal::EntryEmpty);
    }
    match words.units().checked_sub(LONGEST) {
        None | Some(0) => Ok(words),
        Some(over) => Err(Refusal::TooLong { field: 0, over }),
    }
}

/// Whether an entry's words contain what is searched for, case aside.
pub fn contains(words: &Words, wanted: &Words) -> bool {
    let wanted = Words::new(wanted.expose().trim().to_lowercase());
    let lower = Words::new(words.expose().to_lowercase());
    !wanted.expose().is_empty() && lower.expose().contains(wanted.expose())
}

/// A stretch of time in somebody's zone: from the beginning of one day to the end of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Timestamp,
    /// Not included.
    pub until: Timestamp,
}

impl Stretch {
    pub const ALL: Self = Self { from: Timestamp::MIN, until: Timestamp::MAX };

    /// Both days included.
    pub fn of_days(first: Date, last: Date, zone: &Zone) -> Self {
        let after = last.tomorrow().unwrap_or(last);
        Self { from: zone.moment(first, Minute::MIDNIGHT), until: zone.moment(after, Minute::MIDNIGHT) }
    }

    /// `2026-11` or `november 2026`.
    pub fn of_month(text: &str, today: Date, zone: &Zone) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let first = match format!("{text}-01").parse::<Date>() {
            Ok(first) => first,
            Err(_) => super::day::day_meant(
                &format!("1 {text}"),
                today.first_of_month().checked_sub(jiff::Span::new().months(11)).ok()?,
            )?,
        };
        Some(Self::of_days(first.first_of_month(), first.last_of_month(), zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_whatever_its_case() {
        let entry = Words::new("The Goose chased ÖMER again.");
        assert!(contains(&entry, &Words::new(" goose ")));
        assert!(contains(&entry, &Words::new("ömer")));
        assert!(!contains(&entry, &Words::new("swan")));
        assert!(!contains(&entry, &Words::new("  ")), "nothing is not found everywhere");
    }

    #[test]
    fn four_thousand_units_fit_and_white_space_alone_is_no_entry() {
        assert!(words(&Words::new("🙂".repeat(2_000))).is_ok());
        assert_eq!(words(&Words::new("🙂".repeat(2_001))), Err(Refusal::TooLong { field: 0, over: 2 }));
        assert_eq!(words(&Words::new(" \u{200b} ")), Err(Refusal::EntryEmpty));
    }

    #[test]
    fn a_month_is_read_by_number_and_by_name() {
        let (today, utc) = (jiff::civil::date(2026, 11, 24), Zone::utc());
        let month = |text: &str| Stretch::of_month(text, today, &utc).map(|stretch| stretch.from.to_string());
        assert_eq!(month("2026-10").as_deref(), Some("2026-10-01T00:00:00Z"));
        assert_eq!(month("october 2025").as_deref(), Some("2025-10-01T00:00:00Z"));
        assert_eq!(month("oct").as_deref(), Some("2026-10-01T00:00:00Z"), "the last one that has been");
        assert_eq!(month("soon"), None);
    }
}
