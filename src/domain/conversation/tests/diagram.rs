//! The diagram at the top of the module, held against every move from every step that can be reached.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

type Moves = BTreeMap<(&'static str, &'static str), BTreeSet<&'static str>>;

fn name(conversation: &Conversation) -> &'static str {
    match conversation.course.phase {
        Phase::Open => "Open",
        Phase::Ended { .. } => "Ended",
        Phase::Waiting { stage, .. } => match stage {
            Stage::Listening { corrections: CORRECTIONS, .. } => "Listening, corrected",
            Stage::Listening { .. } => "Listening",
            Stage::Confirming { .. } => "Confirming",
            Stage::Appreciating { .. } => "Appreciating",
            Stage::Asking { .. } => "Asking",
            Stage::Answering { .. } => "Answering",
            Stage::Planning { .. } => "Planning",
        },
    }
}

/// Every move of both partners, and the day that passes.
pub(super) fn moves(conversation: &Conversation) -> Vec<(&'static str, Step<Conversation>)> {
    let mut found = Vec::new();
    for who in [ADA, BEN] {
        // The reveal is a minute old: nobody has been waited for yet.
        let press = press(conversation, who, 1);
        for (name, said) in [
            ("mirror", Said::Mirror),
            ("correct", Said::Nearly),
            ("correct", Said::More),
            ("appreciate", Said::Appreciation),
            ("request", Said::Request),
            ("plan", Said::Plan),
        ] {
            found.extend(conversation.clone().said(said, press).map(|step| (name, step)));
        }
        found.extend(conversation.clone().confirmed(press).map(|step| ("confirm", step)));
        found.extend(conversation.clone().spoken(press).map(|step| ("aloud", step)));
        found.extend(conversation.clone().skipped(press).map(|step| ("skip", step)));
        for reply in Reply::ALL {
            found.extend(conversation.clone().replied(reply, press).map(|step| ("answer", step)));
        }
    }
    found
}

/// All states, but for what only counts up, that moves can lead to.
pub(super) fn reachable(length: Length) -> Vec<Conversation> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut ahead = vec![open(length)];
    while let Some(conversation) = ahead.pop() {
        if seen.insert(format!("{:?} {:?}", conversation.course.phase, conversation.course.sheet)) {
            ahead.extend(moves(&conversation).into_iter().map(|(_, step)| step.state));
            found.push(conversation);
        }
    }
    found
}

fn drawn() -> Moves {
    let mut drawn = Moves::new();
    let lines = include_str!("../../conversation.rs").lines().filter_map(|line| line.strip_prefix("//! "));
    for (line, (from, to)) in lines.filter_map(|line| Some((line, line.split_once("->")?))) {
        let (from, how) = from.trim().split_once(' ').expect(line);
        if from == "any" {
            continue;
        }
        for how in how.split(',').map(str::trim) {
            let (from, how) = match (from, how.strip_suffix(" after two corrections")) {
                ("Listening", Some(how)) => ("Listening, corrected", how),
                _ => (from, how),
            };
            drawn.entry((name_of(from), name_of(how))).or_default().extend(to.split_whitespace().map(name_of));
        }
    }
    // What is said of listening holds after corrections, too, but for the mirror.
    for how in ["skip", "aloud"] {
        let to = drawn.get(&("Listening", how)).cloned().unwrap_or_default();
        drawn.insert(("Listening, corrected", how), to);
    }
    drawn
}

/// So that both sides compare as they are written.
fn name_of(word: &str) -> &'static str {
    const NAMES: [&str; 18] = [
        "Open",
        "Listening",
        "Listening, corrected",
        "Confirming",
        "Appreciating",
        "Asking",
        "Answering",
        "Planning",
        "Ended",
        "mirror",
        "skip",
        "aloud",
        "appreciate",
        "correct",
        "confirm",
        "request",
        "answer",
        "plan",
    ];
    NAMES.into_iter().find(|name| *name == word).unwrap_or_else(|| panic!("the diagram speaks of {word}"))
}

#[test]
fn the_diagram_shows_every_move_and_no_other() {
    let mut made = Moves::new();
    for length in Length::ALL {
        for conversation in reachable(length) {
            for (how, step) in moves(&conversation) {
                let to = match name(&step.state) {
                    "Listening, corrected" => "Listening",
                    other => other,
                };
                made.entry((name(&conversation), how)).or_default().insert(to);
            }
        }
    }
    assert_eq!(made, drawn());
}
