//! What is said around a pause. Nobody is named in it, and no reason is asked.

use jiff::{SignedDuration, Timestamp};

use super::when;
use crate::domain::pause::Length;
use crate::domain::refusal::Refusal;
use crate::domain::round::Kind;
use crate::flows::pausing::{BackView, PauseView};

/// As product.md names them.
pub fn length(length: Length) -> &'static str {
    match length {
        Length::TwentyMinutes => "20 min",
        Length::OneHour => "1 h",
        Length::Tonight => "tonight",
        Length::Tomorrow => "tomorrow",
    }
}

/// Beside two lengths by the clock.
pub fn zone_first() -> String {
    format!("{} These two need none:", super::refusal(&Refusal::ZoneFirst))
}

pub fn how_long() -> &'static str {
    "**A pause: for how long?**\n\
     It takes only you, and no reason. Nothing is lost: what is open gets as much longer, and your partner reads only until when.\n\
     *Tonight* and *tomorrow* stay within a day, and out of the hours in which either of you rests."
}

fn paused(until: Timestamp) -> String {
    format!("Paused until {}. Nothing is lost; we come back to it then.", when(until))
}

/// To the one who called it, or looks at it.
pub fn called(view: &PauseView) -> String {
    let more = view.more.map_or_else(String::new, |more| format!(" `More time` adds {}.", amount(more)));
    format!(
        "{}\n\nAnswering stays possible. Nothing opens, closes or reminds anybody before that. The hour ends it by itself.{more}",
        paused(view.until)
    )
}

/// In their home.
pub fn card(until: Option<Timestamp>, more: Option<SignedDuration>) -> String {
    match (until, more) {
        (None, _) => "The pause is over.".into(),
        (Some(until), None) => paused(until),
        (Some(until), Some(more)) => format!("{}\n`More time` adds {}, for either of you.", paused(until), amount(more)),
    }
}

pub fn content() -> &'static str {
    "A pause."
}

fn amount(more: SignedDuration) -> String {
    match more.as_mins() {
        60 => "an hour".into(),
        0 | 1 => "a minute".into(),
        minutes => format!("{minutes} minutes"),
    }
}

pub fn back(view: &BackView) -> &'static str {
    match view.open.as_slice() {
        [] if !view.begun.is_empty() => "The pause is over, and your conversation is where you left it. There is no hurry.",
        [] => {
            "If something gentle would help, there is a question about finding back to each other, for whenever one of you \
             likes."
        }
        [(_, Kind::Question)] => "Your question is where you left it. One word is enough.",
        [(_, Kind::CheckIn)] => "Your check-in is where you left it. One tap is enough.",
        _ => "What was open is where you left it. One word is enough.",
    }
}

pub fn we_are_back() -> &'static str {
    "We're back."
}

/// In the place of what was offered.
pub fn not_now() -> &'static str {
    "Fine. `/ask theme:repair` brings a gentle question whenever one of you likes."
}

/// In the status of check-ins.
pub fn holds_check_ins(until: Timestamp) -> String {
    format!("Paused until {}: one that comes due before that comes then.", when(until))
}

pub fn again_from(moment: Timestamp) -> String {
    format!(
        "You can pause this one again from {}: it has had a day of your pauses. Until then nothing has to be said here. `Pass` needs no \
         reason, and your partner can pause it, too.",
        when(moment)
    )
}
