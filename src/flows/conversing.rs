//! The conversation after a reveal, as its two partners drive it: what they write, what they press, and how it left them.
//! What happens to it by itself is in [`by_itself`]; what of it stands, in [`standing`].

pub mod by_itself;
pub mod standing;

use jiff::Timestamp;

use self::standing::Shown;
use super::{Trouble, keep, pausing, reading, retrying, round_of};
use crate::app::App;
use crate::domain::conversation::{Conversation, Feeling, Line, Press, Repair, Reply, Said, Sheet, Stage, What};
use crate::domain::couple::Couple;
use crate::domain::ids::{PersonId, RoundId};
use crate::domain::pause::Shift;
use crate::domain::refusal::Refusal;
use crate::domain::round::{LOOK_AGAIN, Round};
use crate::domain::step::Step;
use crate::domain::visibility::Hold;
use crate::domain::words::Words;
use crate::store::{self, Tx};
use crate::vault::Binding;

/// A conversation with the words that stand in it.
#[derive(Clone, Debug)]
pub struct ConversationView {
    pub conversation: Conversation,
    pub couple: Couple,
    /// In the order in which they came.
    pub lines: Vec<LineView>,
}

#[derive(Clone, Debug)]
pub struct LineView {
    pub line: Line,
    /// Of what was written, field by field. `None`: removed by its author, or nothing was written.
    pub words: Option<Vec<Words>>,
}

/// What a sheet showed when it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub turn: u32,
    /// How many lines with words: an author may take theirs away.
    pub written: u64,
}

/// What somebody wants to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    Mirror,
    Nearly,
    More,
    Appreciation,
    Request,
    Plan,
}

/// The page on which somebody writes.
#[derive(Clone, Debug)]
pub struct Page {
    pub round: RoundId,
    pub said: Said,
    /// Goes with the page, so that words for a step that is done are known as such.
    pub turn: u32,
    /// Whose words the page is about, and those words, field by field: the answer that was heard, the mirror that is corrected.
    pub about: Option<(PersonId, Vec<Words>)>,
}

/// What somebody presses without writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Confirm,
    Spoken,
    Skip,
    Reply(Reply),
    Close,
}

/// Where it stands after a press.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub view: ConversationView,
    /// In a pause, what was done is kept, and shown when that ends.
    pub waits_until: Option<Timestamp>,
}

/// Before anything is written: whether it may be, and what the page is about.
pub async fn page(app: &App, who: PersonId, id: RoundId, want: Want) -> Result<Page, Trouble> {
    let mut tx = app.store.read().await?;
    let (conversation, round, _) = conversation_of(&mut tx, who, id).await?;
    let said = match want {
        Want::Mirror => conversation.may_mirror(who, app.now())?,
        Want::Nearly => conversation.may_correct(who, false)?,
        Want::More => conversation.may_correct(who, true)?,
        Want::Appreciation => conversation.may_appreciate(who)?,
        Want::Request => conversation.may_request(who)?,
        Want::Plan => conversation.may_plan(who)?,
    };
    let other = conversation.other(who);
    let about = match said {
        // What was corrected is what is to be heard now.
        Said::Mirror | Said::FullMirror if matches!(conversation.stage(), Some(Stage::Listening { corrections: 1.., .. })) => {
            heard_last(app, &mut tx, &conversation, other).await?
        }
        Said::Mirror | Said::FullMirror => {
            reading::written(app, &mut tx, &round, other).await?.map(|answer| (other, answer.fields().to_vec()))
        }
        Said::Nearly | Said::More | Said::Plan => heard_last(app, &mut tx, &conversation, other).await?,
        Said::Appreciation | Said::Request => None,
    };
    Ok(Page { round: id, said, turn: conversation.course.turn, about })
}

/// What this partner wrote last: the mirror that is corrected, the correction that is to be heard, the request that became a plan.
async fn heard_last(
    app: &App,
    tx: &mut Tx,
    conversation: &Conversation,
    by: PersonId,
) -> Result<Option<(PersonId, Vec<Words>)>, Trouble> {
    let couple = super::couple(tx, conversation.couple).await?;
    let lines = lines(app, tx, conversation, &couple).await?;
    let last = lines.into_iter().rev().find(|said| said.line.by == by && said.line.what.has_words());
    // What waits to be shown waits here, too.
    let shown = Shown::of(tx, conversation.round).await?;
    Ok(last.filter(|said| shown.has(&said.line)).and_then(|said| Some((by, said.words?))))
}

/// Something was written. On disk when this returns. Sent twice, it finds the work done.
pub async fn say(app: &App, who: PersonId, id: RoundId, turn: u32, said: Said, fields: &[Words]) -> Result<Outcome, Trouble> {
    let words = said.read(fields)?;
    retrying!(say_once(app, who, id, turn, said, &words))
}

async fn say_once(app: &App, who: PersonId, id: RoundId, turn: u32, said: Said, words: &Words) -> Result<Outcome, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let (conversation, _, couple) = conversation_of(&mut tx, who, id).await?;
    if turn < conversation.course.turn && stands(app, &mut tx, &conversation, &couple, (who, turn, said), words).await? {
        return outcome(app, &mut tx, conversation, couple).await;
    }
    let places = conversation.places(couple.places());
    let step = conversation.said(said, Press { who, turn, at: now, places: &places })?;
    let row = row_of(id, turn);
    let sealed = reading::seal(app, &mut tx, &couple, binding(&row, who), words).await?;
    if !store::said::insert(&mut tx, id, &store::said::Row { turn, author: who, words: sealed }, now).await? {
        return Err(Refusal::StepPassed.into());
    }
    let step = after_the_pause(&mut tx, step, &couple, now).await?;
    let conversation = kept(app, &mut tx, step, &couple).await?;
    let outcome = outcome(app, &mut tx, conversation, couple).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// A step that begins in a pause has its whole day after it.
async fn after_the_pause(
    tx: &mut Tx,
    step: Step<Conversation>,
    couple: &Couple,
    now: Timestamp,
) -> Result<Step<Conversation>, Trouble> {
    let until = pausing::until(tx, couple.id, now).await?;
    Ok(match until {
        Some(until) => step.and_then(|state| state.shifted(Shift { by: until.duration_since(now), until })),
        None => step,
    })
}

/// Whether this is what they wrote on that turn already.
async fn stands(
    app: &App,
    tx: &mut Tx,
    conversation: &Conversation,
    couple: &Couple,
    (who, turn, said): (PersonId, u32, Said),
    words: &Words,
) -> Result<bool, Trouble> {
    let lines = lines(app, tx, conversation, couple).await?;
    let before =
        lines.into_iter().find(|line| line.line.turn == turn && line.line.by == who && line.line.what == What::Said(said));
    Ok(before.and_then(|line| line.words).is_some_and(|before| said.written(words) == Some(before)))
}

/// `turn`: the one that stood on what was pressed; `Close` belongs to none.
pub async fn press(app: &App, who: PersonId, id: RoundId, turn: Option<u32>, what: Move) -> Result<Outcome, Trouble> {
    retrying!(press_once(app, who, id, turn, what))
}

async fn press_once(app: &App, who: PersonId, id: RoundId, turn: Option<u32>, what: Move) -> Result<Outcome, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let (conversation, _, couple) = conversation_of(&mut tx, who, id).await?;
    if what == Move::Close && conversation.is_over() {
        return outcome(app, &mut tx, conversation, couple).await;
    }
    let places = conversation.places(couple.places());
    let press = Press { who, turn: turn.unwrap_or(conversation.course.turn), at: now, places: &places };
    let step = match what {
        Move::Confirm => conversation.confirmed(press),
        Move::Spoken => conversation.spoken(press),
        Move::Skip => conversation.skipped(press),
        Move::Reply(reply) => conversation.replied(reply, press),
        Move::Close => conversation.closed(press),
    }?;
    let step = after_the_pause(&mut tx, step, &couple, now).await?;
    let conversation = kept(app, &mut tx, step, &couple).await?;
    let outcome = outcome(app, &mut tx, conversation, couple).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// A word that softens. Said twice on one sheet, it is refused.
pub async fn repair(app: &App, who: PersonId, id: RoundId, repair: Repair) -> Result<(), Trouble> {
    retrying!(repair_once(app, who, id, repair))
}

async fn repair_once(app: &App, who: PersonId, id: RoundId, repair: Repair) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let (conversation, _, couple) = conversation_of(&mut tx, who, id).await?;
    couple.home_ready()?;
    let places = conversation.places(couple.places());
    let step = conversation.repaired(who, repair, &places)?;
    kept(app, &mut tx, step, &couple).await?;
    tx.commit().await?;
    Ok(())
}

/// How it left them. Answered twice, the first answer stands.
pub async fn felt(app: &App, who: PersonId, id: RoundId, feeling: Feeling) -> Result<(), Trouble> {
    retrying!(felt_once(app, who, id, feeling))
}

async fn felt_once(app: &App, who: PersonId, id: RoundId, feeling: Feeling) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let (conversation, _, couple) = conversation_of(&mut tx, who, id).await?;
    let step = conversation.felt(who, feeling, app.now())?;
    kept(app, &mut tx, step, &couple).await?;
    tx.commit().await?;
    Ok(())
}

/// What became of a plan was said. It is kept nowhere.
pub async fn followed(app: &App, who: PersonId, id: RoundId) -> Result<(), Trouble> {
    let mut tx = app.store.read().await?;
    let (conversation, ..) = conversation_of(&mut tx, who, id).await?;
    if conversation.planner() == Some(who) { Ok(()) } else { Err(Refusal::StepPassed.into()) }
}

/// For a partner, wherever it stands.
pub async fn look(app: &App, who: PersonId, id: RoundId) -> Result<ConversationView, Trouble> {
    let mut tx = app.store.read().await?;
    let (conversation, _, couple) = conversation_of(&mut tx, who, id).await?;
    viewed(app, &mut tx, conversation, couple).await
}

/// With its round and couple, for one of the two only (P5). A round of before there were conversations has none.
async fn conversation_of(tx: &mut Tx, who: PersonId, id: RoundId) -> Result<(Conversation, Round, Couple), Trouble> {
    let (round, couple) = round_of(tx, who, id).await?;
    let conversation = store::conversations::load(tx, id).await?.ok_or(Refusal::ConversationOver)?;
    Ok((conversation, round, couple))
}

/// Stores a step. Without a place to show it in, it waits for one, as a reveal does.
async fn kept(app: &App, tx: &mut Tx, step: Step<Conversation>, couple: &Couple) -> Result<Conversation, Trouble> {
    let now = app.now();
    let homeless =
        couple.left.is_none() && couple.places().is_empty() && !step.state.course.by_dm && step.state.stage().is_some();
    let step = if homeless && step.state.course.hold.is_none() {
        step.and_then(|state| state.held(Hold::ChannelGone, now, LOOK_AGAIN))
    } else {
        step
    };
    let Step { state, notices, timings } = step;
    store::conversations::save(tx, &state).await?;
    keep(app, tx, notices, timings, now).await?;
    Ok(state)
}

async fn outcome(app: &App, tx: &mut Tx, conversation: Conversation, couple: Couple) -> Result<Outcome, Trouble> {
    let waits_until = pausing::until(tx, couple.id, app.now()).await?;
    Ok(Outcome { view: viewed(app, tx, conversation, couple).await?, waits_until })
}

pub(super) async fn viewed(
    app: &App,
    tx: &mut Tx,
    conversation: Conversation,
    couple: Couple,
) -> Result<ConversationView, Trouble> {
    let lines = lines(app, tx, &conversation, &couple).await?;
    Ok(ConversationView { conversation, couple, lines })
}

/// What was said in it, read at this moment.
pub(super) async fn lines(
    app: &App,
    tx: &mut Tx,
    conversation: &Conversation,
    couple: &Couple,
) -> Result<Vec<LineView>, Trouble> {
    let mut rows = store::said::all(tx, conversation.round).await?;
    let mut lines = Vec::with_capacity(conversation.course.lines.len());
    for line in &conversation.course.lines {
        let mut words = None;
        if let What::Said(said) = line.what
            && let Some(at) = rows.iter().position(|row| row.turn == line.turn)
        {
            let row = rows.swap_remove(at);
            let name = row_of(conversation.round, row.turn);
            if let Some(plain) = reading::unseal(app, tx, couple, binding(&name, row.author), Some(row.words)).await? {
                let lost = || Trouble::Inconsistent(format!("said {name} has something else"));
                words = Some(said.written(&plain).ok_or_else(lost)?);
            }
        }
        lines.push(LineView { line: *line, words });
    }
    Ok(lines)
}

fn row_of(round: RoundId, turn: u32) -> String {
    format!("{round} {turn}")
}

fn binding(row: &str, author: PersonId) -> Binding<'_> {
    Binding { table: store::said::TABLE, row, author }
}

impl ConversationView {
    pub fn drawn(&self, sheet: Sheet) -> Drawn {
        let written = self.lines.iter().filter(|line| line.line.sheet == sheet && line.words.is_some()).map(|_| 1).sum();
        Drawn { turn: self.conversation.course.turn, written }
    }

    /// Whose turn it is.
    pub fn turn_of(&self) -> Option<PersonId> {
        self.conversation.stage().map(Stage::by)
    }
}
