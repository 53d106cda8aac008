//! Cards of what one keeps, and of words that their author takes away. All of them private.

use super::super::buttons::Keeping;
use super::super::card::{Card, next, press};
use super::super::words::{self, kept as said};
use super::{answer_text, conversation, signed};
use crate::domain::conversation::What;
use crate::domain::ids::{CoupleId, PersonId};
use crate::domain::words::Words;
use crate::flows::keeping::{KeptView, Page};
use crate::flows::pieces::{Own, PieceView};
use crate::flows::removing::Asked;

/// One piece, as it stands now. `within`: the couple that the pages keep to; `older`: whether it is not the first of them.
pub fn page(page: &Page, who: PersonId, within: Option<CoupleId>, link: Option<&str>, older: bool) -> Card {
    let Some(kept) = &page.kept else {
        return Card::saying(if older { said::nothing_older() } else { said::nothing() });
    };
    let mut card = piece(kept, &said::head(kept.kept_at, kept.couple.other(who), link));
    card = card.presses([press("Let it go", Keeping::LetGo(kept.id, within).into())]);
    if !kept.view.own(who).stands.is_empty() {
        card = card.presses([press(said::REMOVE_MY_WORDS, Keeping::Remove(kept.piece).into())]);
    }
    card.presses(page.more.then_some(next("Older", Keeping::Older(kept.id, within).into())))
}

fn piece(kept: &KeptView, head: &str) -> Card {
    match &kept.view {
        PieceView::Reveal { card, answers } => {
            let heading = format!("{head}\n\n{}", said::question(&card.asked));
            answers.iter().fold(Card::saying(heading), |all, (author, answer)| all.with(signed(card, *author, answer.as_ref())))
        }
        PieceView::Card(card) => Card::saying(format!("{head}\n\n{}", said::question(&card.asked))),
        PieceView::Sheet { view, sheet } => {
            // What it says, and nothing to press: that is done where it stands.
            let texts = conversation::sheet(view, *sheet, None).texts;
            texts.into_iter().fold(Card::default(), Card::with).noting(Some(head))
        }
        PieceView::Passage(view) => {
            let words = view.as_ref().and_then(|view| view.words.as_ref());
            Card::saying(format!("{head}\n\n{}", said::shared(view.as_ref().map(|view| view.author))))
                .with(words.map_or(words::privacy::removed(), Words::expose))
        }
        PieceView::Item(view) => {
            let said = view.as_ref().map_or_else(|| words::privacy::removed().to_owned(), |view| words::board::item(&view.shown));
            Card::saying(format!("{head}\n\n{said}"))
        }
    }
}

/// `more`: whether older ones follow.
pub fn let_go(older: Keeping, more: bool) -> Card {
    Card::saying(said::let_go()).presses(more.then_some(next("Older", older.into())))
}

/// With the very words, so that their author can take them along.
pub fn remove(asked: &Asked, who: PersonId) -> Card {
    let open = match &asked.view {
        PieceView::Card(card) => card.round.awaits_answers(),
        _ => false,
    };
    let question = said::remove_question(&asked.own, asked.couple.other(who), asked.couple.left.is_some(), open);
    let own = asked.own.iter().filter_map(|own| words_of(&asked.view, *own, who));
    own.fold(Card::saying(question), Card::with).presses([
        press("Remove them", Keeping::RemoveNow(asked.piece, asked.up_to()).into()),
        press("Leave them", Keeping::Leave.into()),
    ])
}

fn words_of(view: &PieceView, own: Own, who: PersonId) -> Option<String> {
    match (view, own) {
        (PieceView::Reveal { card, .. } | PieceView::Card(card), Own::Question) => card.asked.text().map(ToOwned::to_owned),
        (PieceView::Reveal { card, answers }, _) => {
            let (_, answer) = answers.iter().find(|(author, _)| *author == who)?;
            Some(answer_text(card, answer.as_ref()?))
        }
        (PieceView::Sheet { view, .. }, Own::Said(_, turn)) => {
            let written = |what: What| what.has_words();
            let line = view.lines.iter().find(|line| line.line.turn == turn && written(line.line.what))?;
            let fields = line.words.as_ref()?.iter().map(Words::expose).filter(|text| !text.is_empty());
            Some(fields.collect::<Vec<_>>().join("\n\n"))
        }
        (PieceView::Passage(Some(view)), _) => view.words.as_ref().map(|words| words.expose().to_owned()),
        (PieceView::Item(Some(view)), _) => view.shown.words.as_ref().map(|words| words.expose().to_owned()),
        _ => None,
    }
}
