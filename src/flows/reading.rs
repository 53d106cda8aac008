//! What may be read, unsealed at the moment of showing: cards, one's own sealed answer, a reveal. The one place where words
//! leave the vault, and where P1 is asked before they do.

use jiff::Timestamp;

use super::conversing::{self, ConversationView};
use super::pieces::{self, Mark};
use super::{Trouble, couple, pausing, round};
use crate::app::App;
use crate::domain::answer::Answer;
use crate::domain::couple::Couple;
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::insights::Insights;
use crate::domain::library::Prompt;
use crate::domain::piece::Piece;
use crate::domain::refusal::Refusal;
use crate::domain::round::{Kind, Question, Round};
use crate::domain::words::{Sealed, Words};
use crate::store::{self, Tx};
use crate::vault::{self, Binding};

/// A question as people read it.
#[derive(Clone, Debug)]
pub enum Asked {
    Library(Box<Prompt>),
    /// Without its words once their author removed them.
    Own {
        by: PersonId,
        question: Option<Words>,
    },
    CheckIn,
}

impl Asked {
    /// The question itself; a check-in asks by its lines alone.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Library(prompt) => Some(&prompt.ask),
            Self::Own { question, .. } => question.as_ref().map(Words::expose),
            Self::CheckIn => None,
        }
    }
}

/// A round with its question and couple: all a prompt card shows.
#[derive(Clone, Debug)]
pub struct CardView {
    pub round: Round,
    pub couple: Couple,
    pub asked: Asked,
    /// Whether the card shows how many answers are sealed.
    pub line: bool,
    /// Whether this was the couple's first round and they have no weekly check-in yet: then it may be offered.
    pub offers_weekly: bool,
    /// Until when the two are in a pause: nothing opens before.
    pub paused_until: Option<Timestamp>,
}

/// One's own answer, sealed or just kept.
#[derive(Clone, Debug)]
pub struct SealedView {
    pub card: CardView,
    pub answer: Answer,
    /// Whether its author has proposed another question, with which it would go.
    pub may_go: bool,
    /// Whether this check-in asks its author what on the board has gone out of date.
    pub asks_of_board: bool,
}

/// Both answers, in the order drawn once.
#[derive(Clone, Debug)]
pub struct RevealView {
    pub card: CardView,
    /// `None`: removed by its author.
    pub answers: [(PersonId, Option<Answer>); 2],
    /// What follows it; rounds that opened before there were conversations have none.
    pub conversation: Option<ConversationView>,
    /// Of a check-in: this one beside those that opened before it.
    pub insights: Option<Insights>,
    /// Whether either partner's quiet hours want it without a sound.
    pub silent: bool,
    /// What it was drawn at.
    pub mark: Mark,
}

pub async fn card(app: &App, id: RoundId) -> Result<CardView, Trouble> {
    let mut tx = app.store.read().await?;
    let round = round(&mut tx, id).await?;
    card_in(app, &mut tx, round).await
}

/// For a partner, whatever has become of the round and the couple.
pub async fn card_for(app: &App, who: PersonId, id: RoundId) -> Result<CardView, Trouble> {
    let mut tx = app.store.read().await?;
    let round = round(&mut tx, id).await?;
    round.seat_of(who)?;
    couple(&mut tx, round.couple).await?.admits(who)?;
    card_in(app, &mut tx, round).await
}

/// Only when both may read it, and only in a couple that still is one.
pub async fn reveal(app: &App, id: RoundId) -> Result<RevealView, Trouble> {
    let view = reveal_as_it_stands(app, id).await?;
    if view.card.couple.left.is_some() { Err(Refusal::CoupleEnded.into()) } else { Ok(view) }
}

/// The same in a couple that ended, for taking out of it what was removed before.
pub async fn reveal_as_it_stands(app: &App, id: RoundId) -> Result<RevealView, Trouble> {
    let mut tx = app.store.read().await?;
    let round = round(&mut tx, id).await?;
    if !round.may_be_read() {
        return Err(Refusal::RoundClosed.into());
    }
    let card = card_in(app, &mut tx, round).await?;
    let [one, other] = card.round.partners;
    let answers = answers(app, &mut tx, &card.round).await?;
    let insights = match card.round.question.kind() {
        // The picture would tell what its author took away.
        Kind::CheckIn if answers.iter().any(|(_, answer)| answer.is_none()) => None,
        // An older one that cannot be read holds up no reveal: this one's words stand without the picture.
        Kind::CheckIn => match super::insights::drawn(app, &mut tx, &card.couple, Some(id)).await {
            Ok(insights) => Some(insights),
            Err(trouble) if trouble.may_pass() => return Err(trouble),
            Err(trouble) => {
                tracing::error!(round = %id, "the check-ins before it cannot be drawn: {trouble}");
                None
            }
        },
        Kind::Question => None,
    };
    let conversation = match store::conversations::load(&mut tx, id).await? {
        Some(conversation) => Some(conversing::viewed(app, &mut tx, conversation, card.couple.clone()).await?),
        None => None,
    };
    let now = app.now();
    let silent = rests(&mut tx, one, now).await? || rests(&mut tx, other, now).await?;
    let mark = pieces::mark(&mut tx, Piece::Reveal(id)).await?;
    Ok(RevealView { card, answers, conversation, insights, silent, mark })
}

/// Both answers, in the order drawn once; callers ask first whether they may be read. `None`: removed by its author.
pub(super) async fn answers(app: &App, tx: &mut Tx, round: &Round) -> Result<[(PersonId, Option<Answer>); 2], Trouble> {
    let [one, other] = round.partners;
    let [first, second] = if round.first == 0 { [one, other] } else { [other, one] };
    Ok([(first, written(app, tx, round, first).await?), (second, written(app, tx, round, second).await?)])
}

pub(super) async fn card_in(app: &App, tx: &mut Tx, round: Round) -> Result<CardView, Trouble> {
    let couple = couple(tx, round.couple).await?;
    let asked = match &round.question {
        Question::Library { prompt } => Asked::Library(prompt.clone()),
        Question::CheckIn { .. } => Asked::CheckIn,
        Question::Own { by } => {
            let row = round.id.to_string();
            // It is asked with words: without them, their author removed them.
            let question = match store::rounds::own_question(tx, round.id).await? {
                Some(sealed) => unseal(app, tx, &couple, own_question(&row, *by), Some(sealed)).await?,
                None => None,
            };
            Asked::Own { by: *by, question }
        }
    };
    let line = couple.line();
    // While it is asked nobody is distracted from it.
    let offers_weekly = !round.awaits_answers() && couple.left.is_none() && is_first_and_unscheduled(tx, &round).await?;
    let paused_until = pausing::until(tx, couple.id, app.now()).await?;
    Ok(CardView { round, couple, asked, line, offers_weekly, paused_until })
}

async fn is_first_and_unscheduled(tx: &mut Tx, round: &Round) -> Result<bool, Trouble> {
    let first = store::rounds::first(tx, round.couple).await?;
    Ok(first == Some(round.id) && store::schedules::load(tx, round.couple).await?.is_none())
}

/// The author's own answer, for the author, for a reveal, or to be kept; callers ask the round first. `None`: its author removed it.
pub(super) async fn written(app: &App, tx: &mut Tx, round: &Round, author: PersonId) -> Result<Option<Answer>, Trouble> {
    let kept = store::answers::load(tx, round.id, author).await?;
    if kept.as_ref().is_some_and(|kept| kept.words.is_none()) {
        return Ok(None);
    }
    let couple = couple(tx, round.couple).await?;
    let row = round.id.to_string();
    let sealed = kept.and_then(|kept| kept.words);
    let Some(words) = unseal(app, tx, &couple, answer(&row, author), sealed).await? else { return Ok(None) };
    let answer = Answer::of_words(&words);
    Ok(Some(answer.ok_or_else(|| Trouble::Inconsistent(format!("round {} has something else of {author}", round.id)))?))
}

pub(super) async fn seal(app: &App, tx: &mut Tx, couple: &Couple, place: Binding<'_>, words: &Words) -> Result<Sealed, Trouble> {
    let id = couple.id.to_string();
    let key = match store::keys::find_to_write(tx, &app.vault, place.author, &id).await? {
        Some(key) => key,
        None => {
            // Pairing made one. Its owner may have deleted it since this transaction began: then nothing more is kept of them.
            let now = self::couple(tx, couple.id).await?;
            now.admits(place.author)?;
            store::keys::data_key(tx, &app.vault, place.author, &id, app.now()).await?
        }
    };
    Ok(vault::seal(&key, place, words)?)
}

/// `None`: its author removed it, with the key or without.
pub(super) async fn unseal(
    app: &App,
    tx: &mut Tx,
    couple: &Couple,
    place: Binding<'_>,
    sealed: Option<Sealed>,
) -> Result<Option<Words>, Trouble> {
    let Some(key) = store::keys::find(tx, &app.vault, place.author, &couple.id.to_string()).await? else { return Ok(None) };
    let lost = || Trouble::Inconsistent(format!("{} has lost {} of {}", place.row, place.table, place.author));
    Ok(Some(vault::open(&key, place, &sealed.ok_or_else(lost)?)?))
}

pub(super) fn answer(round: &str, author: PersonId) -> Binding<'_> {
    Binding { table: store::answers::TABLE, row: round, author }
}

pub(super) fn own_question(round: &str, author: PersonId) -> Binding<'_> {
    Binding { table: "rounds", row: round, author }
}

async fn rests(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<bool, Trouble> {
    Ok(store::people::load(tx, person).await?.rests_at(now))
}

/// Where the reveal stands in the couple's channel.
pub async fn reveal_post(app: &App, round: RoundId) -> Result<Option<store::posts::Post>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::posts::find(&mut tx, round, store::posts::Kind::Reveal, crate::domain::notice::Place::Channel).await?)
}

/// Whether the reveal stands anywhere.
pub async fn reveal_stands(app: &App, round: RoundId) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(!store::posts::all(&mut tx, round, store::posts::Kind::Reveal).await?.is_empty())
}

/// Where a round's cards stand: one in a channel, one in each DM.
pub async fn card_posts(app: &App, round: RoundId) -> Result<Vec<store::posts::Post>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::posts::all(&mut tx, round, store::posts::Kind::Card).await?)
}
