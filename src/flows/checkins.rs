//! A check-in as a round: begun by its schedule or by one of the two, rated tap by tap in private.

use jiff::SignedDuration;
use rand::RngExt as _;

use super::conversing::by_itself;
use super::reading::{self, CardView};
use super::{Trouble, couple, couple_of, keep, pausing, retrying, round_of};
use crate::app::App;
use crate::domain::checkin::{Rated, Ratings, Tap};
use crate::domain::couple::{Couple, Home};
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

/// How long until a check-in that has to wait is tried again, as long as it is not too late for it; and while its home is being made.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);
const MAKING_AGAIN: SignedDuration = SignedDuration::from_mins(1);

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
    let Some(id) = begin(app, &mut tx, &couple, Some(who)).await? else {
        let open = store::rounds::awaiting(&mut tx, couple.id, Kind::CheckIn).await?;
        return Err(open.map_or(Refusal::CheckInClosed, |open| Refusal::CheckInOpen(open.id)).into());
    };
    tx.commit().await?;
    Ok(id)
}

/// The moment of a couple's schedule: its check-in is posted, once, unless something stands against it.
pub async fn due(app: &App, tx: &mut Tx, id: CoupleId) -> Result<(), Trouble> {
    let (now, couple) = (app.now(), couple(tx, id).await?);
    let Some(schedule) = store::schedules::load(tx, id).await?.filter(|_| couple.left.is_none()) else { return Ok(()) };
    let paused = store::pauses::load(tx, id).await?;
    let (schedule, look) = schedule.look_past(couple.pace(), couple.away_until(), paused.as_ref(), now);
    // Whichever rings first where a pause ends: the check-in is the return.
    let returns = matches!(look, Look::Due { .. }) && comes(tx, &couple).await?;
    pausing::over(app, tx, &couple, returns).await?;
    match look {
        Look::Wait => {}
        Look::Missed => scheduling::tell(app, tx, &couple, News::Missed).await?,
        Look::Due { .. } => {
            if let Some(again) = due_now(app, tx, &couple).await? {
                let at = now.saturating_add(again).unwrap_or(jiff::Timestamp::MAX);
                return keep(app, tx, Vec::new(), vec![Timing::Set(Due::CheckIn(id), at)], now).await;
            }
        }
    }
    scheduling::keep_schedule(app, tx, &couple, &schedule).await
}

/// Whether one that is due is posted now.
async fn comes(tx: &mut Tx, couple: &Couple) -> Result<bool, Trouble> {
    let open = store::rounds::awaiting(tx, couple.id, Kind::CheckIn).await?;
    Ok(open.is_none() && couple.home_ready().is_ok())
}

/// Whether the schedule has one to post now.
pub(super) async fn comes_now(app: &App, tx: &mut Tx, couple: &Couple) -> Result<bool, Trouble> {
    let Some(schedule) = store::schedules::load(tx, couple.id).await? else { return Ok(false) };
    let paused = store::pauses::load(tx, couple.id).await?;
    let (_, look) = schedule.look_past(couple.pace(), couple.away_until(), paused.as_ref(), app.now());
    Ok(matches!(look, Look::Due { .. }) && comes(tx, couple).await?)
}

/// Posts the week's check-in, or says how long to wait for that: for the end of a pause, for a home, or for one that a partner began
/// (which does not count as the week's). One that the schedule began and that is still open stands for this week's, too.
pub(super) async fn due_now(app: &App, tx: &mut Tx, couple: &Couple) -> Result<Option<SignedDuration>, Trouble> {
    let now = app.now();
    if let Some(until) = pausing::until(tx, couple.id, now).await? {
        return Ok(Some(until.duration_since(now)));
    }
    if let Some(open) = store::rounds::awaiting(tx, couple.id, Kind::CheckIn).await? {
        return Ok(open.asked_by.map(|_| AGAIN));
    }
    match couple.home {
        Home::Making => return Ok(Some(MAKING_AGAIN)),
        Home::Nowhere => return Ok(Some(AGAIN)),
        Home::Channel(_) | Home::Dms => {}
    }
    begin(app, tx, couple, None).await?;
    Ok(None)
}

/// `None` when another one is open.
async fn begin(app: &App, tx: &mut Tx, couple: &Couple, by: Option<PersonId>) -> Result<Option<RoundId>, Trouble> {
    let now = app.now();
    let before = store::rounds::count(tx, couple.id, Kind::CheckIn).await?;
    let question = Question::CheckIn { lines: app.library.check_in_lines(before, couple.short()) };
    let (id, first) = (RoundId(app.new_id()), app.draw(|chance| u8::from(chance.random::<bool>())));
    let asked = round::Asked { id, couple: couple.id, partners: couple.people(), question, by, first };
    let step = Round::ask(asked, &pausing::terms(tx, couple, now).await?, now);
    if !store::rounds::insert(tx, &step.state, None).await? {
        return Ok(None);
    }
    by_itself::replace(app, tx, couple).await?;
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
    let (row, words) = (tap_row(id, rated), Words::new(tap.slug()));
    let sealed = reading::seal(app, &mut tx, &couple, tap_binding(&row, who), &words).await?;
    store::taps::put(&mut tx, id, who, rated, &sealed).await?;
    // A tap and what ends the round, or seals it, never pass each other by: the second finds the round's version moved on.
    store::rounds::save(&mut tx, &round).await?;
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
        let answer = reading::written(app, tx, round, who).await?;
        ratings = answer.and_then(|answer| answer.ratings()).unwrap_or_default();
    }
    tapped_over(app, tx, who, round, ratings).await
}

/// What was tapped and not sent.
pub(super) async fn tapped(app: &App, tx: &mut Tx, who: PersonId, round: &Round) -> Result<Ratings, Trouble> {
    match round.question.kind() {
        Kind::CheckIn => tapped_over(app, tx, who, round, Ratings::default()).await,
        Kind::Question => Ok(Ratings::default()),
    }
}

async fn tapped_over(app: &App, tx: &mut Tx, who: PersonId, round: &Round, mut ratings: Ratings) -> Result<Ratings, Trouble> {
    let couple = couple(tx, round.couple).await?;
    for (rated, sealed) in store::taps::load(tx, round.id, who).await? {
        if let Some(tap) = read(app, tx, &couple, round.id, who, rated, sealed).await? {
            ratings = ratings.with(rated, tap);
        }
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
    sealed: Sealed,
) -> Result<Option<Tap>, Trouble> {
    let row = tap_row(round, rated);
    let Some(words) = reading::unseal(app, tx, couple, tap_binding(&row, who), Some(sealed)).await? else { return Ok(None) };
    let tap = Tap::from_slug(words.expose());
    Ok(Some(tap.ok_or_else(|| Trouble::Inconsistent(format!("a tap of {who} in round {round} is no rating")))?))
}

fn tap_row(round: RoundId, rated: Rated) -> String {
    format!("{round} {}", rated.slug())
}

fn tap_binding(row: &str, author: PersonId) -> Binding<'_> {
    Binding { table: store::taps::TABLE, row, author }
}
