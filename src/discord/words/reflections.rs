//! What one person reads about their reflections and their journal. Nobody else ever does.

use jiff::Timestamp;

use super::{DELETE_WORD, typed, when};
use crate::domain::journal::Entry;
use crate::domain::library::{Exercise, Reflection};
use crate::flows::journal::Deleted;
use crate::flows::reflecting::{PlanView, Stopped};

/// The kind of a practice, as the screen says it.
pub fn kind(kind: Exercise) -> &'static str {
    match kind {
        Exercise::Settle => "settling",
        Exercise::BodyScan => "body scan",
        Exercise::Journaling => "journaling",
        Exercise::Values => "values",
        Exercise::KindOutsider => "a quarrel, as a kind outsider sees it",
        Exercise::NamingFeelings => "naming feelings",
        Exercise::Boundary => "a boundary I feel",
        Exercise::Movement => "movement, or stillness",
    }
}

pub fn practice(reflection: &Reflection) -> String {
    let minutes = if reflection.minutes == 1 { "a minute".to_owned() } else { format!("{} minutes", reflection.minutes) };
    format!(
        "**{}** ({minutes}, {})\n{}\n\n{}\n\n-# `Write` is for you alone, if you feel like it. Doing nothing more is fine. For a day, what you \
         type in our DM is kept in your journal, too; `/reflect stop` ends that, and those that come by themselves.",
        reflection.title,
        kind(reflection.kind),
        reflection.steps.join("\n"),
        reflection.write
    )
}

pub fn for_a_quiet_moment() -> &'static str {
    "Something for a quiet moment."
}

pub fn write_title() -> &'static str {
    "For you alone"
}

pub fn write_below() -> &'static str {
    "Only you can read this, in `/journal read`. It leaves no words in the chat."
}

pub fn kept() -> &'static str {
    "**In your journal.** Only you can read it, with `/journal read`. Nobody is shown it, nor told that it is there, unless you share a \
     passage yourself."
}

pub fn planned(view: &PlanView) -> String {
    let days = view.plan.days.iter().map(|day| day.name()).collect::<Vec<_>>().join(", ");
    format!(
        "Done. On {days} at {}, by DM, in your own time zone and after your quiet hours. The next: {}. `/reflect stop` ends it.",
        view.plan.at,
        when(view.next)
    )
}

pub fn stopped(stopped: Stopped) -> String {
    let planned = "No more of them come by themselves. `/reflect now` is there any time.";
    let open = "The reflection has ended: what you type in our DM is not kept from now on, unless you say so.";
    match (stopped.planned, stopped.open) {
        (true, true) => format!("Done. {planned}\n{open}"),
        (true, false) => format!("Done. {planned}"),
        (false, true) => format!("Done. {open}"),
        (false, false) => "Nothing was planned, and no reflection was open.".into(),
    }
}

pub fn days_unknown() -> &'static str {
    "I couldn't read those days. Write them like `monday thursday`, `weekdays` or `daily`. Nothing was changed."
}

// ---- The journal ----

/// The head of an entry on a page: its number there, when it was written, and after what.
pub fn entry(number: usize, entry: &Entry) -> String {
    let kind = entry.kind.map_or_else(String::new, |after| format!(" · {}", kind(after)));
    format!("**{number}** · {}{kind}\n{}", when(entry.written_at), entry.words.expose())
}

pub fn empty() -> &'static str {
    "There is nothing here. `/reflect now` begins something; `Write` under it keeps what you write."
}

pub fn not_found() -> &'static str {
    "None of your entries has that in it."
}

pub fn found_more() -> &'static str {
    "-# There are more. Add a word to find fewer."
}

pub fn delete_question() -> &'static str {
    "Delete this entry? It is gone at once, for good."
}

pub fn deleted(deleted: Deleted) -> String {
    let done = match deleted.count {
        0 => return "There was nothing to delete.".into(),
        1 => "Done. One entry is gone, for good.".to_owned(),
        count => format!("Done. {count} entries are gone, for good."),
    };
    let done = if deleted.typed { format!("{done}\n{}", typed::stays_in_chat()) } else { done };
    if deleted.from_disk {
        return done;
    }
    format!("{done}\n{}", leaves_later())
}

pub fn leaves_later() -> &'static str {
    "-# Its encrypted remains leave the disk by themselves in a few minutes: the database is just being read."
}

/// `from`: nothing for the beginning.
pub fn delete_range(from: Option<Timestamp>, until: Timestamp) -> String {
    let until = when(until);
    let range = from.map_or_else(|| format!("before {until}"), |from| format!("from {} until {until}", when(from)));
    format!("Delete every entry {range}? They are gone at once, for good.")
}

pub fn delete_all_above() -> String {
    format!("This deletes your whole journal and its key, at once and for good. Type `{DELETE_WORD}` if you mean it.")
}
