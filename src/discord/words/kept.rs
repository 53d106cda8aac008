//! What people read about what they keep for themselves, and about the words that they take away again.

use jiff::Timestamp;

use super::{day, heading, it_stands_here, name, reflections};
use crate::domain::conversation::Said;
use crate::domain::ids::PersonId;
use crate::flows::pieces::Own;
use crate::flows::reading::Asked;
use crate::flows::removing::Removed;

/// The entries in the menu of a message.
pub const KEEP_THIS: &str = "Keep this";
pub const REMOVE_MY_WORDS: &str = "Remove my words";

// ---- Kept ----

pub fn kept() -> &'static str {
    "Kept. `/kept` lists what you keep."
}

pub fn nothing() -> &'static str {
    "You keep nothing here so far. In the menu of a message of mine, under `Apps`, `Keep this` saves what opened, for you alone."
}

pub fn nothing_older() -> &'static str {
    "There is nothing older."
}

pub fn nothing_to_keep() -> &'static str {
    "There is nothing to keep in that one. `Keep this` is for what opened between the two of you: answers, what you wrote after them, a \
     shared passage, what stands on your board. `/kept` lists what you keep."
}

/// Above a piece: when it was kept, with whom it is, and where it stands.
pub fn head(kept_at: Timestamp, other: PersonId, link: Option<&str>) -> String {
    let head = format!("**Kept** {} · with {}", day(kept_at), name(other));
    link.map_or_else(|| head.clone(), |link| format!("{head}\n{}", it_stands_here(link)))
}

pub fn question(asked: &Asked) -> String {
    heading(asked)
}

/// Over a passage. Nobody is named once all of its author's is gone.
pub fn shared(author: Option<PersonId>) -> String {
    author.map_or_else(|| "Something was shared.".to_owned(), super::sharing::shared)
}

pub fn let_go() -> &'static str {
    "Let go. It stays where it stands, and you can keep it again any time."
}

// ---- Removed ----

/// Before anything goes. `ended`: the two are no couple any more. `open`: the question can still be answered.
pub fn remove_question(own: &[Own], other: PersonId, ended: bool, open: bool) -> String {
    let list: Vec<_> = own.iter().map(|own| format!("- {}", named(*own))).collect();
    let mut text = format!("**Remove your words here?** This goes, at once and for good:\n{}", list.join("\n"));
    if own.contains(&Own::CheckIn) {
        text.push_str("\n\nWithout it this check-in is in no picture any more.");
    }
    if open {
        text.push_str("\n\nThe question stays open without its words: it can still be answered, passed or swapped.");
    }
    let other = name(other);
    text.push_str(&if ended {
        format!(
            "\n\nWhat {other} wrote stays. You are no couple any more, so I change nothing in your place, where that would be an alarm: what \
             stands in Discord stays until it is deleted there. It goes from what I keep, and from what {other} can take along."
        )
    } else {
        let place = if own.contains(&Own::Item) {
            "Its message then says that it is on the board no longer."
        } else {
            "In the place of yours it says *removed by its author*."
        };
        format!("\n\nWhat {other} wrote stays. {place} What was read, kept elsewhere or photographed I cannot take back.")
    });
    text
}

fn named(own: Own) -> &'static str {
    match own {
        Own::Question => "your question, on its card and above the answers",
        Own::Answer => "your answer",
        Own::CheckIn => "your ratings and lines",
        Own::Said(Said::Mirror | Said::FullMirror, _) => "what you heard",
        Own::Said(Said::Nearly | Said::More, _) => "what you put right",
        Own::Said(Said::Appreciation, _) => "what you appreciated",
        Own::Said(Said::Request, _) => "what you asked for",
        Own::Said(Said::Plan, _) => "your plan",
        Own::Passage => "what you shared",
        Own::Item => "what you put on the board; it leaves the board with that",
    }
}

pub fn nothing_of_yours() -> &'static str {
    "Nothing of yours stands here. `Remove my words` is for a message of mine that has words of yours in it."
}

pub fn removed(removed: Removed) -> String {
    let mut text = if removed.shown {
        "Done. What you wrote here is gone, for good, and its place says so."
    } else {
        "Done. What you wrote here is gone from what I keep, for good. In your place nothing was changed: what stands in Discord stays until \
         it is deleted there."
    }
    .to_owned();
    if removed.some_stay {
        text.push_str(" What you wrote there since I asked you stays.");
    }
    if !removed.from_disk {
        text.push_str(&format!("\n{}", reflections::leaves_later()));
    }
    text
}

pub fn left() -> &'static str {
    "Nothing was removed."
}
