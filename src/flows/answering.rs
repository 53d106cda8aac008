//! One partner and one round: write, edit, take back, pass, say it openly, keep what never opened.

use super::checkins::{self, RatingsView};
use super::conversing::by_itself;
use super::reading::{self, CardView, SealedView};
use super::{Trouble, board, keep, pausing, retrying, round, round_of};
use crate::app::App;
use crate::domain::answer::Answer;
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::proposal::{self, Proposal};
use crate::domain::refusal::Refusal;
use crate::domain::round::{Kind, Phase};
use crate::domain::words::Words;
use crate::store::{self, Tx};

/// What is behind `Answer` for this person now.
#[derive(Debug)]
pub enum Door {
    Write(CardView),
    /// A check-in begins with its ratings.
    Rate(RatingsView),
    Sealed(SealedView),
    /// It is open already: read it where it stands.
    Open(CardView),
}

pub async fn door(app: &App, who: PersonId, id: RoundId) -> Result<Door, Trouble> {
    let mut tx = app.store.read().await?;
    let (round, _) = round_of(&mut tx, who, id).await?;
    match round.may_answer(who) {
        Err(Refusal::AlreadyOpen) => return Ok(Door::Open(reading::card_in(app, &mut tx, round).await?)),
        other => other?,
    }
    if round.sealed(who)? {
        return Ok(Door::Sealed(sealed(app, &mut tx, who, round).await?));
    }
    if round.question.kind() == Kind::CheckIn {
        return Ok(Door::Rate(checkins::view(app, &mut tx, who, round).await?));
    }
    Ok(Door::Write(reading::card_in(app, &mut tx, round).await?))
}

/// One's own sealed answer, for the modal of `Edit`.
pub async fn own(app: &App, who: PersonId, id: RoundId) -> Result<SealedView, Trouble> {
    let mut tx = app.store.read().await?;
    let (round, _) = round_of(&mut tx, who, id).await?;
    round.may_answer(who)?;
    if !round.sealed(who)? {
        return Err(Refusal::NothingSealed.into());
    }
    sealed(app, &mut tx, who, round).await
}

async fn sealed(app: &App, tx: &mut Tx, who: PersonId, round: crate::domain::round::Round) -> Result<SealedView, Trouble> {
    let answer = reading::written(app, tx, &round, who).await?.ok_or(Refusal::NothingKept)?;
    let may_go = may_go(tx, who, &round).await?;
    let card = reading::card_in(app, tx, round).await?;
    let asks_of_board = board::asked_in(tx, who, &card.couple, &card.round).await?;
    Ok(SealedView { card, answer, may_go, asks_of_board })
}

/// Whether this author has proposed to swap the question that they answered.
async fn may_go(tx: &mut Tx, who: PersonId, round: &crate::domain::round::Round) -> Result<bool, Trouble> {
    let proposed = store::proposals::load(tx, round.couple, proposal::Kind::AnotherQuestion).await?;
    let about = Proposal::AnotherQuestion { round: round.id, swaps: round.swaps };
    Ok(proposed.is_some_and(|proposed| proposed.by == who && proposed.proposal == about))
}

/// On disk when this returns: P3. `swaps`: how often the question had been swapped when the page was opened.
pub async fn answer(app: &App, who: PersonId, id: RoundId, swaps: u8, fields: &[Words]) -> Result<SealedView, Trouble> {
    retrying!(answer_once(app, who, id, swaps, fields))
}

async fn answer_once(app: &App, who: PersonId, id: RoundId, swaps: u8, fields: &[Words]) -> Result<SealedView, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let (round, couple) = round_of(&mut tx, who, id).await?;
    round.may_answer(who)?;
    round.still_asks(swaps)?;
    let ratings = checkins::so_far(app, &mut tx, who, &round).await?;
    let answer = Answer::read(fields.to_vec(), &round.question, ratings)?;
    let step = round.answered(who, &pausing::terms(&mut tx, &couple, now).await?, now)?;
    let words = answer.to_words();
    let sealed = reading::seal(app, &mut tx, &couple, reading::answer(&id.to_string(), who), &words).await?;
    store::answers::put(&mut tx, id, who, &sealed, now).await?;
    store::taps::delete(&mut tx, id, who).await?;
    store::rounds::save(&mut tx, &step.state).await?;
    by_itself::begin(app, &mut tx, &step.state).await?;
    keep(app, &mut tx, step.notices, step.timings, now).await?;
    let may_go = may_go(&mut tx, who, &step.state).await?;
    let card = reading::card_in(app, &mut tx, step.state).await?;
    let asks_of_board = board::asked_in(&mut tx, who, &card.couple, &card.round).await?;
    tx.commit().await?;
    Ok(SealedView { card, answer, may_go, asks_of_board })
}

pub async fn take_back(app: &App, who: PersonId, id: RoundId) -> Result<(), Trouble> {
    retrying!(take_back_once(app, who, id))
}

async fn take_back_once(app: &App, who: PersonId, id: RoundId) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let (round, couple) = round_of(&mut tx, who, id).await?;
    let step = round.taken_back(who, &pausing::terms(&mut tx, &couple, now).await?, now)?;
    store::answers::delete(&mut tx, id, who).await?;
    store::taps::delete(&mut tx, id, who).await?;
    store::rounds::save(&mut tx, &step.state).await?;
    keep(app, &mut tx, step.notices, step.timings, now).await?;
    tx.commit().await?;
    Ok(())
}

pub async fn pass(app: &App, who: PersonId, id: RoundId) -> Result<CardView, Trouble> {
    retrying!(pass_once(app, who, id))
}

async fn pass_once(app: &App, who: PersonId, id: RoundId) -> Result<CardView, Trouble> {
    let mut tx = app.store.begin().await?;
    let (round, _) = round_of(&mut tx, who, id).await?;
    let step = round.passed(who)?;
    store::rounds::save(&mut tx, &step.state).await?;
    keep(app, &mut tx, step.notices, step.timings, app.now()).await?;
    let card = reading::card_in(app, &mut tx, step.state).await?;
    tx.commit().await?;
    Ok(card)
}

pub async fn say_openly(app: &App, who: PersonId, id: RoundId) -> Result<(), Trouble> {
    retrying!(say_openly_once(app, who, id))
}

async fn say_openly_once(app: &App, who: PersonId, id: RoundId) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let (round, _) = round_of(&mut tx, who, id).await?;
    if matches!(round.phase, Phase::Ended { how: crate::domain::round::Ending::Openly(by), .. } if by == who) {
        return Ok(());
    }
    let step = round.said_openly(who, now)?;
    store::rounds::save(&mut tx, &step.state).await?;
    keep(app, &mut tx, step.notices, step.timings, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The author's own answer to a round that ended unopened: shown to them, for seven days. It works after a partner left, too.
pub async fn unopened(app: &App, who: PersonId, id: RoundId) -> Result<SealedView, Trouble> {
    let mut tx = app.store.read().await?;
    let round = round(&mut tx, id).await?;
    round.may_keep(who)?;
    sealed(app, &mut tx, who, round).await
}

/// Whether this is what the author's answer to an opened round says.
pub async fn stands(app: &App, who: PersonId, id: RoundId, fields: &[Words]) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    let (round, _) = round_of(&mut tx, who, id).await?;
    if !round.may_be_read() {
        return Ok(false);
    }
    let Some(opened) = reading::written(app, &mut tx, &round, who).await? else { return Ok(false) };
    let ratings = opened.ratings().unwrap_or_default();
    Ok(Answer::read(fields.to_vec(), &round.question, ratings).is_ok_and(|sent| sent == opened))
}
