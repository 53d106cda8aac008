//! What people read about check-ins: their schedule, their ratings, their nudges. Whoever puts one off is not named, and nothing is
//! counted.

use jiff::Timestamp;

use super::{name, when};
use crate::domain::checkin::{Rated, Ratings};
use crate::domain::ids::PersonId;
use crate::domain::notice::News;
use crate::domain::schedule::{Pace, Slot};
use crate::flows::checkins::RatingsView;
use crate::flows::scheduling::{StatusView, Wished};

pub fn check_in_here() -> &'static str {
    "Your check-in is here."
}

/// What a check-in card asks for.
pub fn asks(lines: usize) -> String {
    let lines = if lines == 1 { "one line".to_owned() } else { format!("{} lines", number(lines)) };
    format!(
        "**Check-in**\nFive taps about yourself, then {lines} to finish in your own words. Skip whatever you like: one tap or one word \
         is a whole check-in."
    )
}

fn number(count: usize) -> &'static str {
    match count {
        2 => "two",
        3 => "three",
        _ => "four",
    }
}

pub fn why() -> &'static str {
    "**Check-in**\nOnce in a while each of you looks at how near you felt and how much yourself you were. Neither closeness nor distance \
     is the better one. Both open together, like any answer.\n\n`/checkin status` shows when it comes. `/checkin skip` leaves out the \
     next one, `/checkin away` several. Neither needs a reason."
}

// ---- Ratings ----

/// One rating, as a page of its own: what it is about, and what its two ends mean.
pub fn rating(rated: Rated, sealed: bool) -> String {
    let (about, low, high) = match rated {
        Rated::Close => ("How close I felt to you this week.", "far from you", "close to you"),
        Rated::Myself => ("How much myself I was when I was with you.", "hardly myself", "fully myself"),
        Rated::Open => ("How open I was to hearing you.", "closed for now", "open"),
        Rated::Limits => ("How clear I was about my limits.", "unclear", "clear"),
        Rated::Steady => ("How steady I was when it got tense.", "carried away", "steady"),
    };
    let turn = match rated {
        Rated::Close => "first",
        Rated::Myself => "second",
        Rated::Open => "third",
        Rated::Limits => "fourth",
        Rated::Steady => "last",
    };
    let mut text = format!(
        "**{}** ({turn} of five)\n{about}\n1 means *{low}*, 5 means *{high}*. Anywhere between is fine, and so is `Skip`.",
        rated.label()
    );
    if sealed {
        text.push_str("\n\nYour check-in is sealed. What you tap here changes it only once you send your lines again.");
    }
    text
}

/// Where somebody stands who has tapped them all.
pub fn all_tapped(view: &RatingsView) -> String {
    let given = given(&view.ratings).unwrap_or_else(|| "All skipped, which is fine.".to_owned());
    let next = if view.sealed {
        "Your check-in is sealed. What you change takes effect once you send your lines again."
    } else {
        "Now the lines. Sending them seals your check-in."
    };
    format!("**Your ratings**\n{given}\n\n{next}")
}

/// Ratings that were given, in one line; those that were skipped are not mentioned.
pub fn given(ratings: &Ratings) -> Option<String> {
    let given: Vec<_> = Rated::ALL
        .into_iter()
        .filter_map(|rated| Some(format!("{} **{}**", rated.label(), ratings.of(rated)?.value())))
        .collect();
    (!given.is_empty()).then(|| given.join(" · "))
}

pub fn lines_title() -> &'static str {
    "Your check-in"
}

pub fn lines_above(lines: usize) -> String {
    let lines = if lines == 1 { "This line is".to_owned() } else { "These lines are".to_owned() };
    format!("{lines} yours to finish, at any length. Leave out what you like.")
}

// ---- The schedule ----

/// "Sundays at 19:00 (Europe/Berlin)", with the pace where it is not every week.
pub fn slot(slot: &Slot, pace: Pace) -> String {
    let often = match pace {
        Pace::Weekly => "",
        Pace::EverySecondWeek => ", every second week",
    };
    format!("{}s at {} ({}){often}", slot.day.name(), slot.at, slot.zone.name())
}

fn moments(upcoming: &[Timestamp]) -> String {
    upcoming.iter().map(|moment| when(*moment)).collect::<Vec<_>>().join(" · ")
}

pub fn status(view: &StatusView) -> String {
    let mut text = match &view.schedule {
        None => "There is no weekly check-in yet. `Make it weekly` proposes one, Sundays at 19:00; `/checkin schedule` another day or \
                 time. It takes both of you."
            .to_owned(),
        Some(schedule) if schedule.resting => format!(
            "Check-ins are resting. `Start again` proposes them as they were, {}; `/checkin schedule` another day or time. It takes \
             both of you. `/checkin now` has one at any time.",
            slot(&schedule.slot, view.couple.pace())
        ),
        Some(schedule) => format!(
            "**Check-ins: {}**\nThe next: {}",
            slot(&schedule.slot, view.couple.pace()),
            moments(&view.upcoming)
        ),
    };
    if let Some(back) = view.away_until {
        text.push_str(&format!("\nYou are away until {}.", when(back)));
    }
    if view.open.is_some() {
        text.push_str("\nOne is open now.");
    }
    if let Some(until) = view.paused_until {
        text.push_str(&format!("\n{}", super::pauses::holds_check_ins(until)));
    }
    text
}

/// What both hear of a change. `None`: there is nothing to say any more.
pub fn news(view: &StatusView, news: News) -> Option<String> {
    let schedule = view.schedule.as_ref()?;
    let next = view.upcoming.first().map(|moment| when(*moment));
    Some(match news {
        News::Rests if schedule.resting => {
            "Check-ins rest from here on. That is fine. `/checkin schedule` starts them again whenever you \
             both like; `/checkin now` has one at any time."
                .into()
        }
        News::Agreed if !schedule.resting => {
            format!("Agreed: check-ins on {}.\nThe next: {}", slot(&schedule.slot, view.couple.pace()), moments(&view.upcoming))
        }
        News::Later { next: then } if view.upcoming.first() == Some(&then) => format!("No check-in until {}.", when(then)),
        News::Sooner { next: then } if view.upcoming.first() == Some(&then) => format!("The next check-in: {}.", when(then)),
        News::Missed => {
            format!("I couldn't bring the last check-in when it was due, so that one is left out. The next: {}.", next?)
        }
        // Resting, started again, put off or brought forward once more meanwhile: that is said by its own news.
        News::Rests | News::Agreed | News::Later { .. } | News::Sooner { .. } => return None,
    })
}

pub fn proposed(by: PersonId, slot: &Slot, pace: Pace, upcoming: &[Timestamp]) -> String {
    format!(
        "{} would like your check-ins on {}: five taps and a few lines each. They would come {}.",
        name(by),
        self::slot(slot, pace),
        moments(upcoming)
    )
}

pub fn proposal_waits(slot: &Slot, pace: Pace, upcoming: &[Timestamp]) -> String {
    format!(
        "Noted: {}. It takes both of you: your partner is asked, and it begins when they agree. They would come {}.",
        self::slot(slot, pace),
        moments(upcoming)
    )
}

pub fn on_its_way() -> &'static str {
    "Your check-in is on its way."
}

pub fn put_off(wished: &Wished) -> String {
    let view = &wished.view;
    match (view.upcoming.first(), view.away_until) {
        (Some(next), _) if wished.told => {
            format!("Done. No check-in until {}. Your partner reads only that, and not from whom.", when(*next))
        }
        (Some(next), _) => format!("Done. No check-in until {}.", when(*next)),
        (None, Some(back)) => format!("Done. No check-in and no nudge until {}.", when(back)),
        (None, None) => "Done.".into(),
    }
}

/// The head of what is said by DM, where one may have several couples.
pub fn with_whom(partner: PersonId) -> String {
    format!("For you and {}:", name(partner))
}

pub fn in_their_place() -> &'static str {
    "Which couple do you mean? Call this again in the place where the two of you meet."
}

pub fn back(view: &StatusView) -> String {
    match view.upcoming.first() {
        Some(next) => format!("Good to have you here. The next check-in: {}.", when(*next)),
        None => "Good to have you here.".into(),
    }
}

pub fn paced(view: &StatusView, pace: Pace) -> String {
    let pace = match (pace, view.couple.pace()) {
        (Pace::EverySecondWeek, _) => "Done. Check-ins come every second week from now on.",
        (Pace::Weekly, Pace::Weekly) => "Done. Check-ins come every week again.",
        (Pace::Weekly, Pace::EverySecondWeek) => "Done, for your part. The slower of your two wishes counts.",
    };
    match view.upcoming.first() {
        Some(next) => format!("{pace} The next: {}.", when(*next)),
        None if view.schedule.as_ref().is_some_and(|schedule| schedule.resting) => "Done, for when check-ins come again.".into(),
        None => pace.into(),
    }
}

pub fn shortened(short: bool, both: bool) -> &'static str {
    match (short, both) {
        (true, _) => "Done. From the next one on it is five taps and one line.",
        (false, false) => "Done. From the next one on it is five taps and three lines.",
        (false, true) => "Done, for your part. The shorter of your two wishes counts.",
    }
}

// ---- Zone and days ----

pub fn zone_title() -> &'static str {
    "Your time zone"
}

pub fn zone_above() -> &'static str {
    "I ask this once. Check-ins keep to this zone; your partner reads every moment in their own."
}

// ---- Another rhythm ----

pub fn rhythm(partner: PersonId) -> String {
    format!(
        "{}\nWould another rhythm suit you better? Your partner is asked the same, in private. `Another day` asks them to agree; for \
         the rest I don't say whose wish it was. It is fine as it is, too.",
        with_whom(partner)
    )
}

pub fn which_day() -> &'static str {
    "Which day would suit you better? Your partner is asked, and it moves when they agree."
}

pub fn as_it_is() -> &'static str {
    "Fine. It stays as it is."
}

// ---- Nudges ----

pub fn nudge() -> &'static str {
    "Something is open for you, whenever it suits. One word is enough, and nothing happens if you let it go by."
}

pub fn nudge_content() -> &'static str {
    "A quiet reminder."
}

pub fn nudges(nudges: crate::domain::person::Nudges) -> &'static str {
    use crate::domain::person::Nudges;
    match nudges {
        Nudges::Everything => "for questions and check-ins",
        Nudges::CheckIns => "for check-ins only",
        Nudges::Nothing => "none",
    }
}

pub fn fewer(nudges: crate::domain::person::Nudges) -> &'static str {
    use crate::domain::person::Nudges;
    match nudges {
        Nudges::Nothing => "Done. No more nudges. `/settings` brings them back.",
        Nudges::CheckIns | Nudges::Everything => "Done. From now on I remind you of check-ins only. `/settings` changes that.",
    }
}

/// Where somebody would skip the next one.
pub fn nothing_to_skip() -> &'static str {
    "Check-ins are resting, so there is nothing to skip. `/checkin schedule` starts them again; it takes both of you."
}

pub fn empty() -> &'static str {
    "There was nothing in it, so nothing was sealed. One tap or one word is enough: press `Answer` to add it."
}
