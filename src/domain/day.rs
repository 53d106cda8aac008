//! Days as people type them.

use jiff::civil::{Date, Weekday};

/// The day that somebody typed: `2026-12-24`, `24.12.`, `24 Dec`, `December 24`, `friday`, `tomorrow`. Without a year the next one
/// from `today` on. `12/24` and `24/12` are read by nobody the same way, and by us not at all.
pub fn day_meant(text: &str, today: Date) -> Option<Date> {
    let lower = text.trim().to_lowercase();
    if let Ok(day) = lower.parse::<Date>() {
        return Some(day);
    }
    if lower == "tomorrow" {
        return today.tomorrow().ok();
    }
    let words: Vec<&str> = lower.split([' ', '.', ',']).filter(|word| !word.is_empty()).collect();
    if let [word] = words.as_slice() {
        let named = |day: &Weekday| begins(word, WEEKDAYS[usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()]);
        return Weekday::Monday.cycle_forward().take(7).find(named).and_then(|day| today.nth_weekday(1, day).ok());
    }
    let (numbers, names): (Vec<&str>, Vec<&str>) = words
        .iter()
        .partition(|word| word.trim_end_matches(['t', 'h', 's', 'n', 'd', 'r']).bytes().all(|byte| byte.is_ascii_digit()));
    let number = |at: usize| -> Option<i16> { numbers.get(at)?.trim_end_matches(['t', 'h', 's', 'n', 'd', 'r']).parse().ok() };
    let month = match names.as_slice() {
        [] => number(1)?,
        [name] => i16::try_from(MONTHS.iter().position(|month| begins(name, month))?).ok()? + 1,
        _ => return None,
    };
    let (day, month) = (i8::try_from(number(0)?).ok()?, i8::try_from(month).ok()?);
    if let Some(year) = number(if names.is_empty() { 2 } else { 1 }) {
        return Date::new(year, month, day).ok();
    }
    // Eight years hold a 29 February wherever one begins.
    (0..=8).filter_map(|years| Date::new(today.year() + years, month, day).ok()).find(|day| *day >= today)
}

/// As [`day_meant`], looking back: without a year the last one up to `today`.
pub fn day_been(text: &str, today: Date) -> Option<Date> {
    let lower = text.trim().to_lowercase();
    let ago = |days: i32| today.checked_sub(jiff::Span::new().days(days)).ok();
    match lower.as_str() {
        "today" => Some(today),
        "yesterday" => ago(1),
        "tomorrow" => None,
        // A day of the week is the last one that was, a date without a year the last such date.
        word if word.bytes().all(|byte| !byte.is_ascii_digit()) => day_meant(word, ago(7)?),
        date => day_meant(date, ago(364)?),
    }
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Whether somebody means this name: at least its first three letters.
fn begins(typed: &str, name: &str) -> bool {
    typed.len() >= 3 && name.starts_with(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_the_way_people_write_them() {
        let today = jiff::civil::date(2026, 11, 24);
        let read = |text: &str| day_meant(text, today).map(|day| day.to_string()).unwrap_or_default();
        assert_eq!(read("2026-12-24"), "2026-12-24");
        assert_eq!(read("24.12."), "2026-12-24");
        assert_eq!(read("24.12.2027"), "2027-12-24");
        assert_eq!(read("3 Jan"), "2027-01-03");
        assert_eq!(read("January 3rd, 2028"), "2028-01-03");
        assert_eq!(read("29 feb"), "2028-02-29");
        assert_eq!(read("Friday"), "2026-11-27");
        assert_eq!(read("tue"), "2026-12-01", "today is a Tuesday, and the next one is meant");
        assert_eq!(read("tomorrow"), "2026-11-25");
        assert_eq!(read("12/24"), "", "two countries read it differently");
        assert_eq!(read("soon"), "");
        assert_eq!(read("31 Feb"), "");
    }

    #[test]
    fn looking_back_a_day_is_the_last_one_that_was() {
        // A Tuesday.
        let today = jiff::civil::date(2026, 11, 24);
        let read = |text: &str| day_been(text, today).map(|day| day.to_string()).unwrap_or_default();
        assert_eq!([read("today"), read("Yesterday"), read("tomorrow")], ["2026-11-24", "2026-11-23", ""]);
        assert_eq!([read("tuesday"), read("wed"), read("monday")], ["2026-11-24", "2026-11-18", "2026-11-23"]);
        assert_eq!([read("24 nov"), read("25 nov"), read("2024-02-29")], ["2026-11-24", "2025-11-25", "2024-02-29"]);
        assert_eq!(read("whenever"), "");
    }
}
