//! A question for a couple: drawn from their bag, or in a partner's own words; swapped, or put in place of one that is open.

use rand::RngExt as _;

use super::conversing::by_itself;
use super::pausing;
use super::proposals::{self, Outcome};
use super::reading;
use super::{Trouble, couple_of, keep, retrying, round_of};
use crate::app::App;
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::library::{Depth, Occasion, Prompt, Theme};
use crate::domain::proposal::Proposal;
use crate::domain::refusal::Refusal;
use crate::domain::rotation::{self, Bag, Limits, Past, Wish};
use crate::domain::round::{self, Ending, Kind, Phase, Question, Round};
use crate::domain::words::Words;
use crate::store::{self, Tx};

/// Longest own question, in UTF-16 units: product.md, "Asking".
pub const OWN_QUESTION: usize = 300;

/// What `/ask` asks for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub theme: Option<Theme>,
    pub depth: Option<Depth>,
    /// The moment it is asked in, where somebody named one.
    pub occasion: Option<Occasion>,
    pub question: Option<Words>,
}

impl Request {
    /// A question about finding back to each other, warm or personal, whatever else the couple lets in.
    pub fn gentle() -> Self {
        Self { theme: Some(Theme::Repair), occasion: Some(Occasion::AfterAPause), ..Self::default() }
    }

    /// As deep as it may go, whatever the couple lets in.
    fn at_most(&self) -> Depth {
        if self.occasion == Some(Occasion::AfterAPause) { Depth::Personal } else { Depth::Brave }
    }
}

#[derive(Clone, Debug)]
pub enum Reply {
    /// The card is on its way. Not `exact`: the nearest one to what was asked for.
    OnItsWay { round: RoundId, exact: bool },
    /// A reveal that could not be brought to this person's DM waits to be read first.
    Unread(RoundId),
}

pub async fn ask(app: &App, who: PersonId, couple: CoupleId, request: &Request) -> Result<Reply, Trouble> {
    retrying!(ask_once(app, who, couple, request, None))
}

/// `/ask` again, by one who has now read what could not be brought to them.
pub async fn ask_having_read(app: &App, who: PersonId, couple: CoupleId, request: &Request) -> Result<Reply, Trouble> {
    {
        let mut tx = app.store.begin().await?;
        couple_of(&mut tx, who, couple).await?;
        store::posts::all_reached(&mut tx, who, couple).await?;
        tx.commit().await?;
    }
    ask(app, who, couple, request).await
}

/// `Close it and ask another`, from the reply that named the open round.
pub async fn close_and_ask(app: &App, who: PersonId, open: RoundId, request: &Request) -> Result<Reply, Trouble> {
    let couple = {
        let mut tx = app.store.read().await?;
        round_of(&mut tx, who, open).await?.1.id
    };
    retrying!(ask_once(app, who, couple, request, Some(open)))
}

/// `instead_of`: the open question that it replaces.
async fn ask_once(
    app: &App,
    who: PersonId,
    couple: CoupleId,
    request: &Request,
    instead_of: Option<RoundId>,
) -> Result<Reply, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    if instead_of.is_none()
        && let Some(unread) = store::posts::newest_unreached(&mut tx, who, couple.id).await?
    {
        return Ok(Reply::Unread(unread));
    }
    let terms = pausing::terms(&mut tx, &couple, now).await?;
    if let Some(open) = store::rounds::awaiting(&mut tx, couple.id, Kind::Question).await? {
        // A press of an old `Close it` closes only the round it named; pressed twice, it finds the work done.
        if instead_of != Some(open.id) {
            return match instead_of {
                Some(closed) if replaced_by(&mut tx, closed, &open, who).await? => {
                    Ok(Reply::OnItsWay { round: open.id, exact: true })
                }
                _ => Err(Refusal::QuestionOpen(open.id).into()),
            };
        }
        let step = open.replaced(who, now)?;
        store::rounds::save(&mut tx, &step.state).await?;
        keep(app, &mut tx, step.notices, step.timings, now).await?;
    }
    couple.home_ready()?;
    let id = RoundId(app.new_id());
    let mut own = None;
    let mut exact = true;
    let question = match &request.question {
        Some(words) => {
            let words = one_line(words);
            if words.is_blank() {
                return Err(Refusal::QuestionEmpty.into());
            }
            if words.units() > OWN_QUESTION {
                return Err(Refusal::QuestionTooLong.into());
            }
            own = Some(reading::seal(app, &mut tx, &couple, reading::own_question(&id.to_string(), who), &words).await?);
            Question::Own { by: who }
        }
        None => {
            let (prompt, as_wished) = choose(app, &mut tx, &couple, request).await?;
            exact = as_wished;
            Question::Library { prompt: Box::new(prompt) }
        }
    };
    let first = app.draw(|chance| u8::from(chance.random::<bool>()));
    let asked = round::Asked { id, couple: couple.id, partners: couple.people(), question, by: Some(who), first };
    let step = Round::ask(asked, &terms, now);
    if !store::rounds::insert(&mut tx, &step.state, own.as_ref()).await? {
        let open = store::rounds::awaiting(&mut tx, couple.id, Kind::Question).await?;
        return Err(open.map_or(Refusal::RoundClosed, |open| Refusal::QuestionOpen(open.id)).into());
    }
    by_itself::replace(app, &mut tx, &couple).await?;
    keep(app, &mut tx, step.notices, step.timings, now).await?;
    tx.commit().await?;
    Ok(Reply::OnItsWay { round: id, exact })
}

/// An own question on one line: hundreds of empty lines would leave no room for the answers beside it.
fn one_line(words: &Words) -> Words {
    Words::new(words.expose().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether this partner's own press put the open question in the place of the closed one: both in one moment.
async fn replaced_by(tx: &mut Tx, closed: RoundId, open: &Round, who: PersonId) -> Result<bool, Trouble> {
    let Some(closed) = store::rounds::load(tx, closed).await? else { return Ok(false) };
    Ok(matches!(closed.phase, Phase::Ended { at, how: Ending::Replaced, .. } if at == open.asked_at)
        && open.asked_by == Some(who))
}

/// Draws from the couple's bag and remembers what was drawn.
async fn choose(app: &App, tx: &mut Tx, couple: &Couple, request: &Request) -> Result<(Prompt, bool), Trouble> {
    let now = app.now();
    let openings = store::rounds::openings(tx, couple.id).await?;
    let bag = Bag { seed: couple.seed.cast_unsigned(), history: store::choices::history(tx, couple.id).await? };
    let limits = Limits::of(couple, request.at_most(), &openings, now);
    let wish = Wish { theme: request.theme, depth: request.depth, occasion: request.occasion }.at(&openings, now);
    let choice = rotation::choose(&app.library, &bag, wish, &limits, now).map_err(|_| Refusal::BagEmpty(couple.id))?;
    store::choices::add(tx, couple.id, &Past::of(choice.prompt, now, wish.chosen_by())).await?;
    Ok((choice.prompt.clone(), choice.exact))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// The card shows another question.
    Done,
    /// The status line is hidden: the other partner was asked.
    Asked,
}

/// `seen`: how often the question had been swapped when the button was drawn. Pressed twice, it finds the work done.
pub async fn another(app: &App, who: PersonId, round: RoundId, seen: u8) -> Result<Swap, Trouble> {
    retrying!(another_once(app, who, round, seen))
}

async fn another_once(app: &App, who: PersonId, id: RoundId, seen: u8) -> Result<Swap, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let (round, couple) = round_of(&mut tx, who, id).await?;
    let terms = pausing::terms(&mut tx, &couple, now).await?;
    if round.awaits_answers() && round.swaps > seen {
        return Ok(Swap::Done);
    }
    round.may_swap(who, &terms)?;
    let swap = if terms.line {
        swap_in(app, &mut tx, who, round, &couple).await?;
        Swap::Done
    } else {
        match proposals::put(app, &mut tx, who, &couple, Proposal::AnotherQuestion { round: id, swaps: seen }).await? {
            Outcome::Agreed(_) => Swap::Done,
            Outcome::Waits => Swap::Asked,
        }
    };
    tx.commit().await?;
    Ok(swap)
}

pub(super) async fn swap_in(app: &App, tx: &mut Tx, who: PersonId, round: Round, couple: &Couple) -> Result<(), Trouble> {
    let now = app.now();
    // A gentle one gives way to another gentle one.
    let request = match &round.question {
        Question::Library { prompt } if prompt.occasion == Some(Occasion::AfterAPause) => Request::gentle(),
        _ => Request::default(),
    };
    let (prompt, _) = choose(app, tx, couple, &request).await?;
    let terms = pausing::terms(tx, couple, now).await?;
    let step = round.swapped(who, Question::Library { prompt: Box::new(prompt) }, &terms, now)?;
    store::rounds::save(tx, &step.state).await?;
    store::answers::delete_all(tx, step.state.id).await?;
    keep(app, tx, step.notices, step.timings, now).await
}
