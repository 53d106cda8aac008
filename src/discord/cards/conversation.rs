//! Cards and pages of the conversation after a reveal: the buttons under the reveal, its sheets, and what each is asked in private.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::super::buttons::{Button, Talk};
use super::super::card::{Card, Press, next, press};
use super::super::modals::{Field, Form, Modal};
use super::super::words::{self, conversation as said};
use super::{fenced, pauses};
use crate::domain::conversation::{
    Became, Conversation, Ending, FIELD_LIMIT, Feeling, Length, Phase, Repair, Reply, Said, Sheet, Stage, What,
};
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::conversing::{ConversationView, LineView, Page};

/// What stands above a page's fields, in UTF-16 units: a text display holds 4,000 characters (components/reference), less its heading.
const LONGEST_ABOVE: usize = 3_800;

// ---- Under the reveal ----

/// Drawn once, while it is open. A reveal that is read anew later leads to where the two are by then; once it is over there is nothing
/// to press.
pub fn reveal_presses(view: &ConversationView) -> Vec<Press> {
    let conversation = &view.conversation;
    let (round, turn) = (conversation.round, conversation.course.turn);
    match conversation.course.phase {
        Phase::Ended { .. } => Vec::new(),
        Phase::Waiting { .. } => vec![next("Where we are", Button::Talk(round, Talk::WhereWeAre))],
        Phase::Open if conversation.length == Length::Short => {
            vec![
                next("Appreciate", Button::Talk(round, Talk::Appreciate)),
                pauses::button(conversation.couple),
                press("Close", Button::Talk(round, Talk::Close)),
            ]
        }
        Phase::Open => vec![
            next("Mirror", Button::Talk(round, Talk::Mirror)),
            press("Appreciate", Button::Talk(round, Talk::Appreciate)),
            pauses::button(conversation.couple),
            press("Close", Button::Talk(round, Talk::Close)),
            press("Skip", Button::Talk(round, Talk::Skip(turn))),
            press("We said it aloud", Button::Talk(round, Talk::Spoken(turn))),
        ],
    }
}

// ---- A sheet ----

/// One message for one part of it, as it stands now. `calls`: whose turn it is from here on.
pub fn sheet(view: &ConversationView, sheet: Sheet, calls: Option<PersonId>) -> Card {
    if sheet == Sheet::Closing {
        return closing(view);
    }
    let conversation = &view.conversation;
    let mut card = Card::default();
    let mut after_note = false;
    for line in view.lines.iter().filter(|line| line.line.sheet == sheet) {
        let Some(note) = said::note(&line.line) else {
            card = card.with(written(line));
            after_note = false;
            continue;
        };
        match card.texts.last_mut().filter(|_| after_note) {
            Some(notes) => notes.push_str(&format!("\n{note}")),
            None => card = card.with(note),
        }
        after_note = true;
    }
    if conversation.course.sheet == sheet {
        card = match conversation.course.phase {
            // That somebody left would be an alarm to the other.
            Phase::Ended { how: Ending::Parted, .. } | Phase::Open => card,
            Phase::Ended { how, .. } => card.with(said::ended(how)),
            Phase::Waiting { stage, .. } => steps(card.with(said::asked_of(stage)), conversation, stage),
        };
    }
    match calls {
        Some(who) => card.content(said::your_turn(who)).pings([who]),
        None => card.content(said::yours()),
    }
}

/// Somebody's words under whose they are, each further field under its label.
fn written(line: &LineView) -> String {
    let What::Said(kind) = line.line.what else { return String::new() };
    let heading = said::written_by(kind, line.line.by);
    let Some(fields) = &line.words else { return format!("{heading}\n{}", words::privacy::removed()) };
    let labels = said::labels(kind).iter().zip(fields).enumerate();
    let texts = labels.filter(|(_, (_, words))| !words.is_blank()).map(|(number, (label, words))| {
        let text = fenced(words.expose());
        // What somebody heard stands right under that heading.
        if number == 0 && kind != Said::Plan { text } else { format!("*{label}*\n{text}") }
    });
    format!("{heading}\n{}", texts.collect::<Vec<_>>().join("\n\n"))
}

/// The buttons of a step, and under them those of every step.
fn steps(card: Card, conversation: &Conversation, stage: Stage) -> Card {
    let (round, turn) = (conversation.round, conversation.course.turn);
    let spoken = press("We said it aloud", Button::Talk(round, Talk::Spoken(turn)));
    let own = match stage {
        Stage::Listening { .. } => vec![next("Mirror", Button::Talk(round, Talk::Mirror)), spoken],
        Stage::Confirming { .. } => vec![
            next("That's it", Button::Talk(round, Talk::Confirm(turn))),
            press("Nearly", Button::Talk(round, Talk::Nearly)),
            press("There's more", Button::Talk(round, Talk::More)),
            spoken,
        ],
        Stage::Appreciating { .. } => vec![next("Appreciate", Button::Talk(round, Talk::Appreciate)), spoken],
        Stage::Asking { .. } => vec![next("Ask for one thing", Button::Talk(round, Talk::Request))],
        // None of them is the one that is hoped for.
        Stage::Answering { .. } => {
            Reply::ALL.map(|reply| press(answer(reply), Button::Talk(round, Talk::Reply(turn, reply)))).to_vec()
        }
        Stage::Planning { .. } => vec![next("Make it a plan", Button::Talk(round, Talk::Plan))],
    };
    card.presses(own).presses([press("Skip", Button::Talk(round, Talk::Skip(turn)))]).beneath([
        press("Softer", Button::Talk(round, Talk::Softer)),
        pauses::button(conversation.couple),
        press("Close", Button::Talk(round, Talk::Close)),
    ])
}

fn answer(reply: Reply) -> &'static str {
    match reply {
        Reply::Yes => "Yes",
        Reply::SmallerYes => "A smaller yes",
        Reply::NotNow => "Not now",
        Reply::No => "No",
    }
}

/// One sentence, where nothing but the reveal stands. With a button, by which a post of ours is found again.
pub fn closing(view: &ConversationView) -> Card {
    let sentence = match view.conversation.course.phase {
        Phase::Ended { how, .. } => said::ended(how),
        Phase::Open | Phase::Waiting { .. } => said::yours(),
    };
    Card::saying(sentence).content(said::yours()).presses([press("A minute for myself", Button::Reflect(None))])
}

// ---- A page to write on ----

pub fn page(page: &Page) -> Form {
    let kind = page.said;
    let labels = said::labels(kind);
    let field = |(number, label): (usize, &&'static str)| Field {
        label: (*label).to_owned(),
        value: None,
        placeholder: "",
        most: FIELD_LIMIT,
        required: number < kind.needed(),
        long: true,
    };
    let about = page.about.as_ref().and_then(|(by, fields)| {
        let text = joined(fields);
        let fits = !text.trim().is_empty() && text.encode_utf16().count() <= LONGEST_ABOVE;
        fits.then(|| format!("{}\n{text}", said::about(kind, *by)))
    });
    Form {
        modal: Modal::Said(page.round, page.turn, kind),
        title: said::title(kind),
        above: Some(about.unwrap_or_else(|| said::above(kind).to_owned())),
        fields: labels.iter().enumerate().map(field).collect(),
        below: Some(said::below(page)),
    }
}

fn joined(fields: &[Words]) -> String {
    fields.iter().filter(|words| !words.is_blank()).map(Words::expose).collect::<Vec<_>>().join("\n\n")
}

// ---- In private, after a press ----

/// What comes next and whose turn it is, for the one who has just done something.
pub fn taken(view: &ConversationView, who: PersonId) -> Card {
    let conversation = &view.conversation;
    let card = Card::saying(said::taken(conversation, who));
    match conversation.stage() {
        Some(stage) if stage.by() == who => steps(card, conversation, stage),
        _ => with_feeling(card, conversation, who),
    }
}

/// Where it stands now, for one who pressed what has passed. `link`: where it goes on; without one, it is brought here.
pub fn where_we_are(view: &ConversationView, who: PersonId, link: Option<&str>) -> Card {
    let conversation = &view.conversation;
    let standing = said::standing(conversation, who);
    match (conversation.course.phase, link) {
        (Phase::Open, _) => Card::saying(standing).presses(reveal_presses(view)),
        (Phase::Ended { .. }, _) => with_feeling(Card::saying(standing), conversation, who),
        (Phase::Waiting { .. }, Some(link)) => Card::saying(format!("{standing}\n{}", said::it_stands_there(link))),
        (Phase::Waiting { stage, .. }, None) => {
            let mut card = sheet(view, conversation.course.sheet, None).content("");
            if stage.by() != who {
                // That it was said aloud is for either to say.
                card.presses.retain(|press| matches!(press.button, Button::Talk(_, Talk::Spoken(_))));
            }
            card
        }
    }
}

fn with_feeling(card: Card, conversation: &Conversation, who: PersonId) -> Card {
    if conversation.asks_how_it_felt(who) { card.with(said::feeling()).presses(feelings(conversation.round)) } else { card }
}

/// Words for a step that is done, or that say nothing or too much: nothing was shown, and they come back to their author.
pub fn words_back(refusal: &Refusal, now: Option<Card>, fields: &[Words]) -> Card {
    let why = match refusal {
        Refusal::TooLong { over, .. } => said::too_long(*over),
        other => words::refusal(other),
    };
    let card = match now {
        Some(card) => card.noting(Some(&why)),
        None => Card::saying(why),
    };
    let text = joined(fields);
    if text.is_empty() {
        return card;
    }
    let text: String = text.chars().take(4_000).collect();
    card.with(words::yours_again()).carrying(None, Words::new(text))
}

/// It is done, and stands once the pause is over.
pub fn waits(view: &ConversationView, who: PersonId, until: Timestamp) -> Card {
    with_feeling(Card::saying(said::waits(until)), &view.conversation, who)
}

/// Where it stands in a pause: what waits to be shown is not shown here either.
pub fn in_a_pause(until: Timestamp) -> Card {
    Card::saying(said::in_a_pause(until))
}

// ---- Beside the steps ----

/// The three moves, in private.
pub fn softer(view: &ConversationView) -> Card {
    let round = view.conversation.round;
    let moves = Repair::ALL.map(|repair| press(softening(repair), Button::Talk(round, Talk::Repair(repair))));
    Card::saying(said::softer()).presses(moves)
}

fn softening(repair: Repair) -> &'static str {
    match repair {
        Repair::TryAgain => "Let me try again",
        Repair::Softer => "Softer, please",
        Repair::MyPart => "I see my part",
    }
}

/// A softer word as a post. It offers the same to whoever reads it.
pub fn repair(round: RoundId, by: PersonId, repair: Repair) -> Card {
    Card::saying(said::repair(by, repair))
        .content(said::in_between())
        .presses([press("Softer", Button::Talk(round, Talk::Softer))])
}

pub fn repaired(waits_until: Option<Timestamp>) -> Card {
    Card::saying(waits_until.map_or_else(|| said::repaired().to_owned(), said::waits))
}

/// By DM: how it left them. Whoever is in several couples reads which one is meant.
pub fn feeling(round: RoundId, with: PersonId) -> Card {
    Card::saying(said::feeling_by_dm(with)).content(said::for_you_alone()).presses(feelings(round))
}

fn feelings(round: RoundId) -> [Press; 3] {
    Feeling::ALL.map(|feeling| press(feeling.name(), Button::Talk(round, Talk::Felt(feeling))))
}

pub fn felt() -> Card {
    Card::saying(said::felt()).presses([press("A minute for myself", Button::Reflect(None))])
}

/// By DM to the one who made a plan, with their own words of it.
pub fn follow_up(view: &ConversationView) -> Card {
    let round = view.conversation.round;
    let plan = view.lines.iter().find(|line| line.line.what == What::Said(Said::Plan));
    let label = |became| match became {
        Became::Done => "done",
        Became::Partly => "partly",
        Became::LetGo => "let it go",
    };
    let card = Card::default().content(said::for_you_alone());
    let card = match plan.and_then(|plan| Some((plan.line.by, plan.words.as_ref()?))) {
        Some((planner, fields)) => {
            let texts = said::labels(Said::Plan).iter().zip(fields);
            let texts: Vec<_> = texts.map(|(label, words)| format!("*{label}*\n{}", fenced(words.expose()))).collect();
            card.with(said::a_week_ago(view.conversation.other(planner))).with(texts.join("\n\n"))
        }
        None => card,
    };
    card.with(said::what_became_of_it())
        .presses(Became::ALL.map(|became| press(label(became), Button::Talk(round, Talk::FollowedUp(became)))))
}

pub fn followed(became: Became) -> Card {
    Card::saying(said::followed(became))
}
