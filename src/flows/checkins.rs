//! A check-in as a round: begun by its schedule or by one of the two, rated tap by tap in private.

use rand::RngExt as _;

use super::reading::{self, CardView};
use super::{Trouble, couple, couple_of, keep, retrying, round_of};
use crate::app::App;
use crate::domain::checkin::{Rated, Ratings, Tap};
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::notice::News;
use crate::domain::refusal::Refusal;
use crate::domain::round::{self, Kind, Question, Round};
use crate::domain::schedule::Look;
use crate::domain::step::{Due, Timing};
use crate::domain::words::{Sealed, Words};
use crate::store::{self, Tx};
use crate::vault::Binding;

use super::scheduling;

/// How long until a check-in that has no place to appear is tried again, as long as it is not too late for it.
const PLACE_AGAIN: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// A partner's ratings so far, and what they belong to.
#[derive(Clone, Debug)]
pub struct RatingsView {
    pub card: CardView,
    pub ratings: Ratings,
    /// Whether this partner's answer is sealed: then nothing changes before they send their lines again.
    pub sealed: bool,
}

/// `/checkin now`: it does not count as the week's.
pub async fn now(app: &App, who: PersonId, couple: CoupleId) -> Result<RoundId, Trouble> {
    retrying!(now_once(app, who, couple))
}

async fn now_once(app: &App, who: PersonId, couple: CoupleId) -> Result<RoundId, Trouble> {
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    if let Some(open) = store::rounds::awaiting(&mut tx, couple.id, Kind::CheckIn).await? {
        return Err(Refusal::CheckInOpen(open.id).into());
    }
    couple.home_ready()?;
    let id = begin(app, &mut tx, &couple, Some(who)).await?.ok_or(Refusal::RoundClosed)?;
    tx.commit().await?;
    Ok(id)
}

/// The moment of a couple's schedule: its check-in is posted, once, unless something stands against it.
pub async fn due(app: &App, tx: &mut Tx, id: CoupleId) -> Result<(), Trouble> {
    let (now, couple) = (app.now(), couple(tx, id).await?);
    let Some(schedule) = store::schedules::load(tx, id).await?.filter(|_| couple.left.is_none()) else { return Ok(()) };
    let (schedule, look) = schedule.look(couple.pace(), couple.away_until(), now);
    match look {
        Look::Wait => {}
        Look::Missed => scheduling::tell(app, tx, &couple, News::Missed).await?,
        Look::Due { .. } => {
            // One that is open already stands for this week's.
            if store::rounds::awaiting(tx, id, Kind::CheckIn).await?.is_none() {
                if couple.home_ready().is_err() {
                    let again = now.saturating_add(PLACE_AGAIN).unwrap_or(jiff::Timestamp::MAX);
                    return keep(app, tx, Vec::new(), vec![Timing::Set(Due::CheckIn(id), again)], now).await;
                }
                begin(app, tx, &couple, None).await?;
            }
        }
    }
    scheduling::keep_schedule(app, tx, &couple, &schedule).await
}

/// `None` when another one is open.
async fn begin(app: &App, tx: &mut Tx, couple: &Couple, by: Option<PersonId>) -> Result<Option<RoundId>, Trouble> {
    let now = app.now();
    let before = store::rounds::count(tx, couple.id, Kind::CheckIn).await?;
    let question = Question::CheckIn { lines: app.library.check_in_lines(before, couple.short()) };
    let (id, first) = (RoundId(app.new_id()), app.draw(|chance| u8::from(chance.random::<bool>())));
    let asked = round::Asked { id, couple: couple.id, partners: couple.people(), question, by, first };
    let step = Round::ask(asked, &couple.terms(now), now);
    if !store::rounds::insert(tx, &step.state, None).await? {
        return Ok(None);
    }
    keep(app, tx, step.notices, step.timings, now).await?;
    Ok(Some(id))
}

/// One tap. On disk when this returns.
pub async fn rate(app: &App, who: PersonId, round: RoundId, rated: Rated, tap: Tap) -> Result<RatingsView, Trouble> {
    retrying!(rate_once(app, who, round, rated, tap))
}

async fn rate_once(app: &App, who: PersonId, id: RoundId, rated: Rated, tap: Tap) -> Result<RatingsView, Trouble> {
    let mut tx = app.store.begin().await?;
    let (round, couple) = open_check_in(&mut tx, who, id).await?;
    let (row, words) = (tap_row(id, rated), Words::new(written(tap)));
    let sealed = reading::seal(app, &mut tx, &couple, tap_binding(&row, who), &words).await?;
    store::taps::put(&mut tx, id, who, rated, &sealed).await?;
    let view = view(app, &mut tx, who, round).await?;
    tx.commit().await?;
    Ok(view)
}

/// Where this partner left off.
pub async fn ratings(app: &App, who: PersonId, id: RoundId) -> Result<RatingsView, Trouble> {
    let mut tx = app.store.read().await?;
    let (round, _) = open_check_in(&mut tx, who, id).await?;
    view(app, &mut tx, who, round).await
}

async fn open_check_in(tx: &mut Tx, who: PersonId, id: RoundId) -> Result<(Round, Couple), Trouble> {
    let (round, couple) = round_of(tx, who, id).await?;
    round.may_answer(who)?;
    if round.question.kind() == Kind::CheckIn { Ok((round, couple)) } else { Err(Refusal::RoundClosed.into()) }
}

pub(super) async fn view(app: &App, tx: &mut Tx, who: PersonId, round: Round) -> Result<RatingsView, Trouble> {
    let sealed = round.sealed(who)?;
    let ratings = so_far(app, tx, who, &round).await?;
    Ok(RatingsView { card: reading::card_in(app, tx, round).await?, ratings, sealed })
}

/// What is sealed already, under what was tapped since.
pub(super) async fn so_far(app: &App, tx: &mut Tx, who: PersonId, round: &Round) -> Result<Ratings, Trouble> {
    let mut ratings = Ratings::default();
    if round.question.kind() != Kind::CheckIn {
        return Ok(ratings);
    }
    if round.sealed(who)? {
        ratings = reading::written(app, tx, round, who).await?.ratings().unwrap_or_default();
    }
    let couple = couple(tx, round.couple).await?;
    for (rated, sealed) in store::taps::load(tx, round.id, who).await? {
        let tap = read(app, tx, &couple, round.id, who, rated, &sealed).await?;
        ratings = ratings.with(rated, tap);
    }
    Ok(ratings)
}

async fn read(
    app: &App,
    tx: &mut Tx,
    couple: &Couple,
    round: RoundId,
    who: PersonId,
    rated: Rated,
    sealed: &Sealed,
) -> Result<Tap, Trouble> {
    let row = tap_row(round, rated);
    let words = reading::unseal(app, tx, couple, tap_binding(&row, who), sealed).await?;
    tapped(words.expose()).ok_or_else(|| Trouble::Inconsistent(format!("a tap of {who} in round {round} is no rating")))
}

fn tap_row(round: RoundId, rated: Rated) -> String {
    format!("{round} {}", rated.slug())
}

fn tap_binding(row: &str, author: PersonId) -> Binding<'_> {
    Binding { table: store::taps::TABLE, row, author }
}

/// One character, whatever was tapped, so that its sealed form does not tell a skip from a rating.
fn written(tap: Tap) -> String {
    match tap {
        Tap::Skipped => "-".to_owned(),
        Tap::Given(rating) => rating.value().to_string(),
    }
}

fn tapped(text: &str) -> Option<Tap> {
    if text == "-" {
        return Some(Tap::Skipped);
    }
    crate::domain::checkin::Rating::new(text.parse().ok()?).map(Tap::Given)
}
