//! What stands in a message of Duet's with somebody's words in it: where, whose, and what it says at this moment.
//!
//! The one way from a message to what it is about. A further kind of [`Piece`] is looked up in `at` and `posts`, and read in `view`.

use super::board::{self, ItemView};
use super::conversing::standing::Shown;
use super::conversing::{self, ConversationView, Drawn};
use super::reading::{self, Asked, CardView};
use super::sharing::{self, PassageView};
use super::{Trouble, couple, round};
use crate::app::App;
use crate::domain::answer::Answer;
use crate::domain::board::{Posting, Spot};
use crate::domain::conversation::{Said, Sheet, What};
use crate::domain::couple::Couple;
use crate::domain::ids::{ChannelId, CoupleId, MessageId, PersonId};
use crate::domain::notice::Place;
use crate::domain::piece::Piece;
use crate::domain::refusal::Refusal;
use crate::domain::round::{Kind, Question, Round};
use crate::store::posts::{Kind as Posted, Post};
use crate::store::{self, Tx};

/// A piece as it reads now.
#[derive(Clone, Debug)]
pub enum PieceView {
    /// In the order drawn once. `None`: removed by its author.
    Reveal {
        card: Box<CardView>,
        answers: [(PersonId, Option<Answer>); 2],
    },
    Card(Box<CardView>),
    Sheet {
        view: Box<ConversationView>,
        sheet: Sheet,
    },
    /// `None`: it went with all that its author deleted.
    Passage(Option<Box<PassageView>>),
    /// The same.
    Item(Option<Box<ItemView>>),
}

/// Words of one of the two in a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    Question,
    Answer,
    CheckIn,
    /// Written on this turn.
    Said(Said, u32),
    Passage,
    Item,
}

impl Own {
    /// Only in a conversation more can come to stand in the same message. `up_to`: the last turn that they were asked about.
    pub(super) fn was_asked_about(self, up_to: Option<u32>) -> bool {
        if let Self::Said(_, turn) = self { up_to.is_some_and(|last| turn <= last) } else { true }
    }
}

/// What of a piece is one partner's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owned {
    pub stands: Vec<Own>,
    /// Whether some of it was there and is gone.
    pub removed: bool,
}

/// From it can be told whether words went from a piece since it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Mark {
    fn of_reveal(removed: u64, asked_no_more: bool) -> Self {
        // Each of the two only ever rises.
        Self(removed + u64::from(asked_no_more))
    }

    pub fn of_question(asked: &Asked) -> Self {
        Self(u64::from(matches!(asked, Asked::Own { question: None, .. })))
    }

    /// A sheet moves on by itself, and neither may a late removal bring back an earlier one.
    pub fn of_sheet(drawn: Drawn) -> Self {
        Self((u64::from(drawn.turn) << 32) | drawn.written)
    }

    pub fn of_passage(view: &PassageView) -> Self {
        Self(u64::from(view.words.is_none()))
    }
}

/// As it is now.
pub(super) async fn mark(tx: &mut Tx, piece: Piece) -> Result<Mark, Trouble> {
    Ok(match piece {
        // The picture of a check-in shows those before it.
        Piece::Reveal(id) => {
            let round = round(tx, id).await?;
            Mark::of_reveal(store::answers::removed_in(tx, round.couple).await?, asked_no_more(tx, &round).await?)
        }
        Piece::Card(id) => {
            let round = round(tx, id).await?;
            Mark(u64::from(asked_no_more(tx, &round).await?))
        }
        Piece::Sheet(id, sheet) => match store::conversations::load(tx, id).await? {
            Some(conversation) => Mark::of_sheet(conversing::by_itself::now(tx, &conversation, sheet).await?),
            None => Mark(0),
        },
        // The board knows itself what its messages say.
        Piece::Item(_) => Mark(0),
        Piece::Passage(id) => Mark(u64::from(store::passages::load(tx, id).await?.is_none_or(|kept| kept.words.is_none()))),
    })
}

/// Whether whoever asked in their own words took them away.
pub(super) async fn asked_no_more(tx: &mut Tx, round: &Round) -> Result<bool, Trouble> {
    Ok(matches!(round.question, Question::Own { .. }) && store::rounds::own_question(tx, round.id).await?.is_none())
}

/// What stands in this message, as far as it is a piece of any couple's.
pub(super) async fn at(tx: &mut Tx, channel: ChannelId, message: MessageId) -> Result<Option<Piece>, Trouble> {
    if let Some((round, kind)) = store::posts::at(tx, channel, message).await? {
        return Ok(Some(match kind {
            Posted::Card => Piece::Card(round),
            Posted::Reveal | Posted::Sheet(Sheet::Reveal) => Piece::Reveal(round),
            Posted::Sheet(sheet) => Piece::Sheet(round, sheet),
        }));
    }
    if let Some(item) = store::items::shown_in(tx, channel, message).await? {
        return Ok(Some(Piece::Item(item)));
    }
    Ok(store::passages::at(tx, channel, message).await?.map(Piece::Passage))
}

/// Where it stands.
pub(super) async fn posts(tx: &mut Tx, piece: Piece) -> Result<Vec<Post>, Trouble> {
    Ok(match piece {
        Piece::Reveal(round) => store::posts::all(tx, round, Posted::Reveal).await?,
        Piece::Card(round) => store::posts::all(tx, round, Posted::Card).await?,
        Piece::Sheet(round, sheet) => store::posts::all(tx, round, Posted::Sheet(sheet)).await?,
        Piece::Passage(passage) => store::passages::posts_of(tx, passage).await?,
        Piece::Item(item) => match store::items::load(tx, item).await?.map(|kept| kept.item.posting) {
            Some(Posting::Stands(Spot { place, channel, message })) => vec![Post { place, channel, message }],
            Some(Posting::OnItsWay | Posting::Nowhere) | None => Vec::new(),
        },
    })
}

/// The same, for whoever draws it.
pub async fn standing(app: &App, piece: Piece) -> Result<Vec<Post>, Trouble> {
    posts(&mut app.store.read().await?, piece).await
}

/// Its couple, living or not, for one of the two only (P5).
pub(super) async fn couple_of(tx: &mut Tx, who: PersonId, piece: Piece) -> Result<Couple, Trouble> {
    let id: CoupleId = match piece {
        Piece::Reveal(id) | Piece::Card(id) | Piece::Sheet(id, _) => round(tx, id).await?.couple,
        Piece::Passage(id) => store::passages::load(tx, id).await?.ok_or(Refusal::CoupleEnded)?.couple,
        Piece::Item(id) => store::items::load(tx, id).await?.ok_or(Refusal::CoupleEnded)?.item.couple,
    };
    let couple = couple(tx, id).await?;
    if couple.partner(who).is_some() { Ok(couple) } else { Err(Refusal::NotYourCouple.into()) }
}

/// What it says; callers ask first whose it is. A reveal only once both may read it (P1).
pub(super) async fn view(app: &App, tx: &mut Tx, piece: Piece) -> Result<PieceView, Trouble> {
    Ok(match piece {
        Piece::Reveal(id) => {
            let round = round(tx, id).await?;
            if !round.may_be_read() {
                return Err(Refusal::RoundClosed.into());
            }
            let answers = reading::answers(app, tx, &round).await?;
            PieceView::Reveal { card: Box::new(reading::card_in(app, tx, round).await?), answers }
        }
        Piece::Card(id) => {
            let round = round(tx, id).await?;
            PieceView::Card(Box::new(reading::card_in(app, tx, round).await?))
        }
        Piece::Sheet(id, sheet) => {
            let conversation = store::conversations::load(tx, id).await?.ok_or(Refusal::ConversationOver)?;
            let couple = couple(tx, conversation.couple).await?;
            PieceView::Sheet { view: Box::new(conversing::viewed(app, tx, conversation, couple).await?), sheet }
        }
        Piece::Passage(id) => PieceView::Passage(sharing::standing(app, tx, id).await?.map(Box::new)),
        Piece::Item(id) => PieceView::Item(board::standing(app, tx, id).await?.map(Box::new)),
    })
}

/// What one of the two may read of it: of a conversation what stands, and their own.
pub(super) async fn read_by(app: &App, tx: &mut Tx, who: PersonId, piece: Piece) -> Result<PieceView, Trouble> {
    Ok(match view(app, tx, piece).await? {
        PieceView::Sheet { view, sheet } => {
            let shown = Shown::of(tx, view.conversation.round).await?;
            PieceView::Sheet { view: Box::new(view.read_by(who, &shown)), sheet }
        }
        other => other,
    })
}

/// Where it stands for this person: in the home of the two, or in their own DM.
pub(super) fn seen_by(posts: Vec<Post>, who: PersonId) -> Vec<Post> {
    posts.into_iter().filter(|post| matches!(post.place, Place::Channel) || post.place == Place::Dm(who)).collect()
}

impl PieceView {
    /// Whether words stand in it that opened, whoever's they are.
    pub fn opened(&self) -> bool {
        match self {
            Self::Reveal { answers, .. } => answers.iter().any(|(_, answer)| answer.is_some()),
            Self::Card(_) => false,
            Self::Sheet { view, sheet } => view.lines.iter().any(|line| line.line.sheet == *sheet && line.words.is_some()),
            Self::Passage(view) => view.as_ref().is_some_and(|view| view.words.is_some()),
            Self::Item(view) => view.as_ref().is_some_and(|view| view.shown.words.is_some()),
        }
    }

    pub fn own(&self, who: PersonId) -> Owned {
        let mut owned = Owned::default();
        match self {
            Self::Reveal { card, answers } => {
                let own = if card.round.question.kind() == Kind::CheckIn { Own::CheckIn } else { Own::Answer };
                let mine = answers.iter().find(|(author, _)| *author == who);
                owned.add_question(card, who);
                owned.add(own, mine.map(|(_, answer)| answer.is_some()));
            }
            Self::Card(card) => owned.add_question(card, who),
            Self::Sheet { view, sheet } => {
                for line in view.lines.iter().filter(|line| line.line.sheet == *sheet && line.line.by == who) {
                    if let What::Said(said) = line.line.what {
                        owned.add(Own::Said(said, line.line.turn), Some(line.words.is_some()));
                    }
                }
            }
            Self::Passage(view) => {
                let mine = view.as_ref().filter(|view| view.author == who);
                owned.add(Own::Passage, mine.map(|view| view.words.is_some()));
            }
            Self::Item(view) => {
                let mine = view.as_ref().filter(|view| view.shown.item.author == who);
                owned.add(Own::Item, mine.map(|view| view.shown.words.is_some()));
            }
        }
        owned
    }
}

impl Owned {
    fn add_question(&mut self, card: &CardView, who: PersonId) {
        if let Asked::Own { by, question } = &card.asked {
            self.add(Own::Question, (*by == who).then_some(question.is_some()));
        }
    }

    /// `stands`: nothing where it is not theirs.
    fn add(&mut self, own: Own, stands: Option<bool>) {
        match stands {
            Some(true) => self.stands.push(own),
            Some(false) => self.removed = true,
            None => {}
        }
    }
}
