//! The two files of an export that are made to be read: what is what, and everything in order of time.

use jiff::Timestamp;

use super::{board, checkins, conversation, privacy, quoted, themes};
use crate::domain::answer::Answer;
use crate::domain::checkin::Ratings;
use crate::domain::conversation::What;
use crate::domain::couple::Home;
use crate::domain::hours::Zone;
use crate::domain::ids::PersonId;
use crate::domain::piece::Piece;
use crate::flows::conversing::LineView;
use crate::flows::exporting::{CoupleView, Export, Given, RoundView, State};
use crate::flows::reading::Asked;

pub fn readme(export: &Export) -> String {
    let more = if export.rest.is_some() {
        "\nThis is not all of it: `Send the next part`, under the message that brought this file, brings more. Each part has the settings \
         and all couples again, and other rounds.\n"
    } else {
        ""
    };
    format!(
        "# Your data from Duet, part {part}\n\n\
         - `duet.md` is for reading.\n\
         - `duet.json` has the same, for a program.\n\n\
         Both hold what Duet kept at {made}: your settings, your couples, what stands on your board, and in each round what you wrote and tapped. What your partner \
         wrote is there where it opened to you both. “removed by its author” stands where somebody deleted their words.\n\
         Ended couples are in it for 30 days. People are named by their Discord id: paste `<@id>` into a Discord chat to see who it is.\n{more}\n\
         ## `duet.json`, format 1\n\n\
         Moments are in UTC. What is not known or not set is `null`.\n\n\
         - `format`: 1. `made_at`, `part`; `more`: whether another part follows.\n\
         - `you`: `id`, `zone`, `quiet_hours` (`from`, `until`), `nudges` (`everything`, `check_ins`, `nothing`), `takes_invitations`.\n\
         - `couples`, each: `id`, `partner`, `since`, `until`, `place` (`channel`, `dms` or `null`), `conversations` (`short`, `guided`, `full`), \
         `opening_hour` (`at`, `zone`), `weekly` (`day`, `at`, `zone`), `board`, `your_pause` (`since`, `until`; the last one, if you called \
         it), and as `your_settings` your own wishes: `depth_at_most`, `themes_left_out`, `days_to_answer`, `status_line`, \
         `pace` (`weekly`, `every_second_week`), `one_line_is_enough`, `away_until`.\n\
         - `board`, what stands on it, oldest first, each: `kind` (`boundary`, `need`, `goal`, `interest`), `by` (an id), `put_up_at`, `seen` \
         (`true`, or `null`), `words`.\n\
         - `rounds`, oldest first, each: `id`, `couple`, `kind` (`question`, `check_in`), `asked_at`, `asked_by` (an id; `null`: Duet), \
         `question` (`text`; or `removed`), `state` (`waits`, `opened`, `closed`), `opened_at`, `yours`, `theirs`, `conversation`, `tapped`.\n\
         - `yours` and `theirs`: `null`, or `removed`, or `fields` (each with `label` and `words`) and `ratings`.\n\
         - `conversation`, in the order in which it was written, each: `by` (an id), `said` (`mirror`, `full_mirror`, `nearly`, `more`, \
         `appreciation`, `request`, `plan`), `words` (field by field; `null`: removed by its author).\n\
         - `shared`, oldest first, what one of you let the other read: `couple`, `shared_at`, `by` (an id), `words`.\n\
         - `kept`, newest first, in part 1: what you keep with `Keep this`: `couple`, `kept_at`, `what` (`answers`, `conversation`, \
         `passage`, `board`), `round` (an id, or `null`).\n\
         - `ratings` and `tapped` (not sent yet): numbers from 1 to 5 under `close`, `myself`, `open`, `limits`, `steady`, as far as given.\n",
        part = export.part,
        made = moment(export.made_at, &Zone::utc()),
    )
}

pub fn to_read(export: &Export) -> String {
    let zone = export.person.zone.clone().unwrap_or_else(Zone::utc);
    let mut text = format!("# Your data from Duet, part {}\n\nMade {}.\n\n", export.part, moment(export.made_at, &zone));
    text.push_str(&settings(export));
    text.push_str("\n## Your couples\n");
    if export.couples.is_empty() {
        text.push_str("\nNone.\n");
    }
    for view in &export.couples {
        text.push_str(&couple(view, export.person.id, &zone));
        text.push_str(&on_board(view, export.person.id, &zone));
    }
    text.push_str("\n## Your rounds, oldest first\n");
    if export.rounds.is_empty() {
        text.push_str("\nNone.\n");
    }
    for view in &export.rounds {
        let with = export.couples.iter().find(|one| one.couple.id == view.couple);
        text.push_str(&round(view, export.person.id, with.map(|one| one.couple.other(export.person.id)), &zone));
    }
    if !export.passages.is_empty() {
        text.push_str("\n## Shared, oldest first\n");
    }
    for view in &export.passages {
        let (at, with) = (moment(view.shared_at, &zone), export.couples.iter().find(|one| one.couple.id == view.couple));
        let with = with.map_or_else(String::new, |with| format!(" · with {}", with.couple.other(export.person.id)));
        let by = if view.author == export.person.id { "You shared" } else { "Your partner shared" };
        text.push_str(&format!("\n### {at}{with}\n\n**{by}**\n\n{}\n", quoted(view.words.expose())));
    }
    if !export.kept.is_empty() {
        text.push_str("\n## What you keep, newest first\n\n");
    }
    for view in &export.kept {
        let of = view.asked_at.map_or_else(String::new, |at| format!(", of the question of {}", moment(at, &zone)));
        text.push_str(&format!("- Since {}: {}{of}\n", moment(view.kept_at, &zone), kept_kind(view.piece)));
    }
    if export.rest.is_some() {
        text.push_str("\nThe next part has what follows.\n");
    }
    text
}

/// What somebody keeps, in a word.
pub fn kept_kind(piece: Piece) -> &'static str {
    match piece {
        Piece::Reveal(_) | Piece::Card(_) => "answers",
        Piece::Sheet(..) => "conversation",
        Piece::Passage(_) => "passage",
        Piece::Item(_) => "board",
    }
}

fn settings(export: &Export) -> String {
    let person = &export.person;
    format!(
        "## Your settings\n\n- Time zone: {}\n- Quiet hours: {} to {}\n- Nudges: {}\n- Invitations: {}\n",
        person.zone.as_ref().map_or("not set", |zone| zone.name()),
        person.quiet.from,
        person.quiet.until,
        checkins::nudges(person.nudges),
        if person.invitations_closed { "none" } else { "welcome" },
    )
}

fn couple(view: &CoupleView, who: PersonId, zone: &Zone) -> String {
    let couple = &view.couple;
    let mut text = format!("\n### With {}\n\n- Since {}\n", couple.other(who), moment(couple.paired_at, zone));
    if let Some(left) = couple.left {
        text.push_str(&format!("- Until {}\n", moment(left.at, zone)));
    }
    let place = match couple.home {
        Home::Channel(_) => "a channel",
        Home::Dms => "your DMs",
        Home::Making | Home::Nowhere => "none at the moment",
    };
    text.push_str(&format!("- Place: {place}\n"));
    if let Some(hour) = &couple.opening {
        text.push_str(&format!("- Answers open at {} ({})\n", hour.at, hour.zone.name()));
    }
    text.push_str(&format!("- Conversations after a reveal: {}\n", couple.length.name()));
    if let Some(slot) = &view.weekly {
        text.push_str(&format!("- Check-ins: {}s at {} ({})\n", slot.day.name(), slot.at, slot.zone.name()));
    }
    let Some(own) = couple.partner(who) else { return text };
    text.push_str(&format!(
        "- Your own wishes: depth at most {}; themes left out: {}; more themes asked for: {}; {} days to answer; the line “1 of 2 sealed” {}; check-ins {}; {}\n",
        own.ceiling,
        themes(&own.vetoes),
        themes(&own.opt_ins),
        own.window.days(),
        if own.line { "wanted" } else { "not wanted" },
        match own.pace {
            crate::domain::schedule::Pace::Weekly => "weekly",
            crate::domain::schedule::Pace::EverySecondWeek => "every second week",
        },
        if own.short { "one line in them is enough" } else { "all their lines" },
    ));
    if let Some(pause) = &view.pause {
        text.push_str(&format!("- Paused by you: {} to {}\n", moment(pause.called_at, zone), moment(pause.until, zone)));
    }
    if let Some(back) = own.away_until {
        text.push_str(&format!("- Away until {}\n", moment(back, zone)));
    }
    text
}

fn on_board(view: &CoupleView, who: PersonId, zone: &Zone) -> String {
    let mut text = if view.board.is_empty() { String::new() } else { "\n#### On your board, oldest first\n".to_owned() };
    for item in &view.board {
        let whose = if item.author == who { "of yours" } else { "of your partner's" };
        let seen = if item.seen { " · seen" } else { "" };
        let (kind, at) = (board::one(item.kind), moment(item.put_up_at, zone));
        text.push_str(&format!("\n**{kind} {whose}** · {at}{seen}\n\n{}\n", quoted(item.words.expose())));
    }
    text
}

fn round(view: &RoundView, who: PersonId, with: Option<PersonId>, zone: &Zone) -> String {
    let with = with.map_or_else(String::new, |with| format!(" · with {with}"));
    let asked = match &view.asked {
        Asked::Library(prompt) => format!("**{}**", prompt.ask),
        Asked::Own { by, question } => format!(
            "{}, in {} own words:\n\n{}",
            if *by == who { "You asked" } else { "Your partner asked" },
            if *by == who { "your" } else { "their" },
            question.as_ref().map_or_else(|| privacy::removed().to_owned(), |question| quoted(question.expose())),
        ),
        Asked::CheckIn => "**Check-in**".to_owned(),
    };
    let state = match view.state {
        State::Waits => "It is still open.".to_owned(),
        State::Opened(at) => format!("Opened {}.", moment(at, zone)),
        State::Closed => "It closed without opening.".to_owned(),
    };
    let mut text = format!("\n### {}{with}\n\n{asked}\n\n{state}\n", moment(view.asked_at, zone));
    text.push_str(&given("You", &view.mine, &view.labels));
    if let Some(tapped) = checkins::given(&view.tapped) {
        text.push_str(&format!("\n**You, tapped and not sent yet**\n\n{tapped}\n"));
    }
    text.push_str(&given("Your partner", &view.theirs, &view.labels));
    for line in &view.conversation {
        text.push_str(&written(line, who));
    }
    text
}

/// What was written in the conversation, under what its page was called.
fn written(view: &LineView, who: PersonId) -> String {
    let What::Said(said) = view.line.what else { return String::new() };
    let by = if view.line.by == who { "You" } else { "Your partner" };
    let mut text = format!("\n**{by}**: {}\n", conversation::heading(said));
    let Some(fields) = &view.words else { return format!("{text}\n{}\n", privacy::removed()) };
    let labels = conversation::labels(said);
    for (label, words) in labels.iter().zip(fields).filter(|(_, words)| !words.expose().is_empty()) {
        if fields.len() > 1 {
            text.push_str(&format!("\n*{label}*\n"));
        }
        text.push_str(&format!("\n{}\n", quoted(words.expose())));
    }
    text
}

fn given(who: &str, given: &Given, labels: &[String]) -> String {
    match given {
        Given::Nothing => String::new(),
        Given::Removed => format!("\n**{who}**\n\n{}\n", privacy::removed()),
        Given::Answer(answer) => format!("\n**{who}**\n{}", said(answer, labels)),
    }
}

fn said(answer: &Answer, labels: &[String]) -> String {
    let mut text = String::new();
    if let Some(ratings) = answer.ratings().as_ref().and_then(|ratings: &Ratings| checkins::given(ratings)) {
        text.push_str(&format!("\n{ratings}\n"));
    }
    for (label, words) in labels.iter().zip(answer.fields()).filter(|(_, words)| !words.expose().is_empty()) {
        if labels.len() > 1 {
            text.push_str(&format!("\n*{label}*\n"));
        }
        text.push_str(&format!("\n{}\n", quoted(words.expose())));
    }
    text
}

/// To the minute, in that zone.
fn moment(moment: Timestamp, zone: &Zone) -> String {
    format!("{} ({})", moment.to_zoned_datetime(zone.rules()).strftime("%Y-%m-%d %H:%M"), zone.name())
}
