//! Cards of an export, and of a passage on its way from one's journal to one's partner.

use super::super::buttons::Button;
use super::super::card::{Card, press};
use super::super::modals::{Field, Form, Modal};
use super::super::rest::Upload;
use super::super::words::journal_files::{self as files, Files};
use super::super::words::{self, sharing as said};
use crate::domain::couple::{Couple, Home};
use crate::domain::ids::PersonId;
use crate::domain::journal::{Entry, Part};
use crate::domain::notice::Place;
use crate::domain::passage;
use crate::domain::refusal::Refusal;
use crate::domain::visibility::Hold;
use crate::domain::words::Words;
use crate::flows::sharing::{PassageView, Preview};

// ---- An export ----

pub fn journal_files(part: &Part, written: Files) -> Card {
    let named = |ending: &str| match part.of {
        1 => format!("journal.{ending}"),
        of => format!("journal-{}-of-{of}.{ending}", part.number),
    };
    let markdown = Upload { filename: named("md").into(), kind: "text/markdown", bytes: written.markdown.into_bytes().into() };
    let json = Upload { filename: named("json").into(), kind: "application/json", bytes: written.json.into_bytes().into() };
    Card::saying(files::here(part))
        .content(files::what_you_asked_for())
        .file(markdown)
        .file(json)
        .presses([press("Remove the files", Button::RemoveFiles)])
}

// ---- A passage ----

/// The page to cut it down or say it anew, with as much of the entry as fits.
pub fn passage_form(couple: &Couple, who: PersonId, entry: &Entry) -> Form {
    let beginning = passage::beginning(&entry.words);
    let cut = beginning != entry.words;
    Form {
        modal: Modal::Passage(couple.id),
        title: said::title(),
        above: Some(said::above(couple.other(who))),
        fields: vec![Field {
            label: "The passage".into(),
            value: Some(beginning),
            placeholder: "",
            most: passage::LONGEST,
            required: true,
            long: true,
        }],
        below: Some(said::below(cut)),
    }
}

/// What would be posted, exactly, and where. The words travel in this card and are stored nowhere. `moved`: the place is not the one
/// that was shown before.
pub fn preview(preview: &Preview, who: PersonId, moved: bool) -> Card {
    let couple = &preview.couple;
    let yes = Button::PostPassage(preview.id, couple.id, couple.channel());
    let text = said::preview(couple, who);
    let text = if moved { format!("{}\n\n{text}", said::moved(couple)) } else { text };
    Card::saying(text)
        .carrying(None, preview.words.clone())
        .presses([press("Post it", yes), press("Keep it to myself", Button::KeepToMyself)])
}

/// A no on the way there: what was written comes back to its author.
pub fn refused(refusal: &Refusal, words: &Words) -> Card {
    let card = super::refusal(refusal);
    if words.is_blank() {
        return card;
    }
    card.with(words::yours_again()).with(words.expose().chars().take(4_000).collect::<String>())
}

/// The post: the passage alone, under a plain line.
pub fn passage(view: &PassageView, place: Place) -> Card {
    let partner = view.couple.other(view.author);
    let said = view.words.as_ref().map_or(words::privacy::removed(), Words::expose);
    let card = Card::saying(said).presses([press("How to listen", Button::HowToListen)]);
    match place {
        Place::Channel => card.content(format!("{}, {}", words::name(partner), said::shared(view.author))).pings([partner]),
        Place::Dm(to) if to == view.author => card.content(said::you_shared(partner)),
        Place::Dm(_) => card.content(said::shared(view.author)),
    }
}

pub fn not_shown(couple: &Couple, why: Hold, missing: &str) -> Card {
    let may_move = matches!(couple.home, Home::Channel(_) | Home::Nowhere);
    let card = Card::saying(said::not_shown(why, missing, may_move)).content("A word about your place.");
    let press = if may_move {
        press("Move to our DMs", Button::MoveToDms(couple.id))
    } else {
        press("Settings", Button::SettingsIn(couple.id))
    };
    card.presses([press])
}
