//! What people read about their board. What the other has seen is said, and what not is nowhere counted, marked or hinted at.

use super::{name, privacy, quoted, sharing};
use crate::domain::board::{Item, Kind, LONGEST, MOST};
use crate::domain::couple::{Couple, Home};
use crate::domain::ids::PersonId;
use crate::domain::visibility::Hold;
use crate::flows::board::{BoardView, Worded};

/// Under the command's box to write in: product.md, "Board".
pub const ABOUT: &str = "What I will or won't do, or need. Not a rule for you.";

/// The title of an item's words that travel in a private reply.
pub const YOUR_WORDS: &str = "For the board";

/// "A boundary".
pub fn one(kind: Kind) -> &'static str {
    match kind {
        Kind::Boundary => "A boundary",
        Kind::Need => "A need",
        Kind::Goal => "A goal",
        Kind::Interest => "An interest",
    }
}

fn many(kind: Kind) -> &'static str {
    match kind {
        Kind::Boundary => "Boundaries",
        Kind::Need => "Needs",
        Kind::Goal => "Goals",
        Kind::Interest => "Interests",
    }
}

// ---- Writing ----

pub fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Boundary => "A boundary of mine",
        Kind::Need => "A need of mine",
        Kind::Goal => "A goal of mine",
        Kind::Interest => "An interest of mine",
    }
}

pub fn above(kind: Kind) -> &'static str {
    match kind {
        Kind::Boundary | Kind::Need => ABOUT,
        Kind::Goal => "What I would like to reach, or to grow into. Not a task for you.",
        Kind::Interest => "What draws me, with you or apart from you. Not a duty for you.",
    }
}

pub fn below(partner: PersonId, anew: bool) -> String {
    let asked = if anew { "is asked to see it anew" } else { "is shown it, and may press `I see this`" };
    format!("Up to {LONGEST} characters. {} {asked}. Seeing is not agreeing.", name(partner))
}

// ---- An item ----

/// For a lock screen.
pub fn put_up_by(author: PersonId) -> String {
    format!("{} put something on your board.", name(author))
}

/// What it says, whose it is.
pub fn item(shown: &Worded) -> String {
    format!("**{} of {}**\n{}", one(shown.item.kind), name(shown.item.author), said(shown))
}

/// As both read it in its message.
pub fn in_its_place(shown: &Worded) -> String {
    format!("{}\n\n-# {}", item(shown), not_agreeing())
}

fn said(shown: &Worded) -> String {
    shown.words.as_ref().map_or_else(|| privacy::removed().to_owned(), |words| quoted(words.expose()))
}

pub fn not_agreeing() -> &'static str {
    "Seeing is not agreeing."
}

/// In the place of one that was retired.
pub fn no_longer() -> &'static str {
    "No longer on the board."
}

/// In the place that the couple has left.
pub fn left_behind() -> &'static str {
    "This stands elsewhere by now: `/board list` shows it to the two of you."
}

pub fn on_the_board(couple: &Couple, author: PersonId) -> String {
    let partner = name(couple.other(author));
    let place = match couple.home {
        Home::Channel(channel) => format!("in your channel <#{channel}>"),
        _ => "in their DM with me".into(),
    };
    format!(
        "**On your board.** {partner} finds it {place}, or with `/board list`. They may press `I see this`; nothing has to follow."
    )
}

pub fn edited(couple: &Couple, author: PersonId, changed: bool) -> String {
    if changed {
        format!("**Changed.** {} is asked to see it anew.", name(couple.other(author)))
    } else {
        "It stands as it was.".into()
    }
}

pub fn put_back(couple: &Couple, author: PersonId) -> String {
    format!("**Back on your board.** {} is asked to see it anew.", name(couple.other(author)))
}

pub fn its_state(item: &Item, who: PersonId) -> Option<&'static str> {
    match (item.seen_at.is_some(), item.author == who) {
        (true, true) => Some("-# Seen."),
        (true, false) => Some("-# You have seen this. Seeing is not agreeing."),
        (false, true) => None,
        (false, false) => Some("-# Seeing is not agreeing."),
    }
}

pub fn seen() -> &'static str {
    "**You have seen this.** Seeing is not agreeing, and nothing has to follow."
}

pub fn reworded() -> &'static str {
    "It was said anew meanwhile. This is how it stands now:"
}

/// `words`: they stand below, once more.
pub fn retired(words: bool) -> String {
    let last = if words { " Here they are once more, for you alone:" } else { "" };
    format!("**{}** If it was posted, its message says so now. I keep nothing of the words.{last}", no_longer())
}

// ---- The list ----

pub fn empty() -> &'static str {
    "There is nothing on your board yet. `/board add` puts something up: a boundary, a need, a goal or an interest of yours, in a sentence \
     or two."
}

pub fn heading(view: &BoardView, who: PersonId) -> String {
    format!("**Your board, with {}**", name(view.couple.other(who)))
}

pub fn group(kind: Kind) -> String {
    format!("**{}**", many(kind))
}

/// An item in the list, by its number there.
pub fn listed(number: usize, shown: &Worded, who: PersonId) -> String {
    let whose = if shown.item.author == who { "yours".to_owned() } else { name(shown.item.author) };
    let seen = if shown.item.seen_at.is_some() { " · seen" } else { "" };
    format!("{number} · {whose}{seen}\n{}", said(shown))
}

/// In a menu, which shows no names.
pub fn choice(number: usize, kind: Kind) -> String {
    format!("{number} · {kind}")
}

// ---- Edges ----

pub fn full() -> String {
    format!(
        "There is room for {MOST} on the board of the two of you, and all of it is taken. `/board list` shows it: whoever put one up can \
         retire it once it has had its time."
    )
}

pub fn too_long(over: usize) -> String {
    format!("That is {over} over what fits on the board, so nothing changed there.")
}

/// To its author alone. `missing`: the permission that Duet lacks. `may_move`: their home could be their DMs.
pub fn not_posted(hold: Hold, missing: &str, may_move: bool) -> String {
    let mend = match hold {
        Hold::OthersCanSee => "Once it is only yours again",
        Hold::NotBothThere => "Once you both are there",
        Hold::NoAccess => "Once an admin has given me that",
        Hold::ChannelGone => "Where you meet now",
    };
    let or = if may_move { " Or meet in your DMs: `Move to our DMs` takes both of you." } else { "" };
    format!(
        "I did not post what you put on your board: {}. It is on the board all the same: `/board list` shows it to each of you, and to \
         nobody else.\n\n{mend}, `Edit` in that list posts it.{or}",
        sharing::unfit(hold, missing)
    )
}

/// Under a check-in's own card, every fourth week.
pub fn out_of_date() -> &'static str {
    "Has something on your board gone out of date?"
}
