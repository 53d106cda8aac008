//! A pause: called by one partner alone, drawn out by either, over by itself. What moves with it moves in one place,
//! `shift_all`; and whoever is about to open, close or remind asks `until` first.

use jiff::{SignedDuration, Timestamp};

use super::conversing::by_itself;
use super::{Trouble, asking, checkins, couple, couple_of, keep, named, retrying};
use crate::app::App;
use crate::domain::couple::{Couple, Terms};
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::domain::pause::{Call, Length, Pause, Shift};
use crate::domain::round::{Kind, Phase};
use crate::domain::step::{Due, Step};
use crate::store::posts::Post;
use crate::store::{self, Tx};

/// A pause that runs, for one of the two.
#[derive(Clone, Debug)]
pub struct PauseView {
    pub couple: Couple,
    pub until: Timestamp,
    /// What `More time` adds, if there is any.
    pub more: Option<SignedDuration>,
}

/// What the card of a pause says.
#[derive(Clone, Debug)]
pub struct CardView {
    pub couple: Couple,
    /// `None`: it is over.
    pub until: Option<Timestamp>,
    pub more: Option<SignedDuration>,
}

/// What the two come back to.
#[derive(Clone, Debug)]
pub struct BackView {
    pub couple: Couple,
    /// What awaits answers.
    pub open: Vec<(RoundId, Kind)>,
    /// Conversations that somebody has begun.
    pub begun: Vec<RoundId>,
    /// The pause that was called since.
    pub paused_until: Option<Timestamp>,
}

// ---- What others ask ----

/// Until when this couple is in a pause, if they are in one.
pub(super) async fn until(tx: &mut Tx, couple: CoupleId, now: Timestamp) -> Result<Option<Timestamp>, Trouble> {
    Ok(running(tx, couple, now).await?.map(|pause| pause.until))
}

/// The couple's terms at this moment, in a pause or not.
pub(super) async fn terms(tx: &mut Tx, couple: &Couple, now: Timestamp) -> Result<Terms, Trouble> {
    Ok(couple.terms_while(until(tx, couple.id, now).await?, now))
}

/// The same, for an edge.
pub async fn paused_until(app: &App, couple: CoupleId) -> Result<Option<Timestamp>, Trouble> {
    let mut tx = app.store.read().await?;
    until(&mut tx, couple, app.now()).await
}

async fn running(tx: &mut Tx, couple: CoupleId, now: Timestamp) -> Result<Option<Pause>, Trouble> {
    Ok(store::pauses::load(tx, couple).await?.filter(|pause| pause.runs_at(now)))
}

/// Everything of the couple's that a pause moves.
async fn shift_all(app: &App, tx: &mut Tx, couple: &Couple, shift: Shift, now: Timestamp) -> Result<(), Trouble> {
    let terms = couple.terms_while(Some(shift.until), now);
    for round in store::rounds::unsettled(tx, couple.id).await? {
        if let Some(step) = round.paused(shift, &terms) {
            store::rounds::save(tx, &step.state).await?;
            keep(app, tx, step.notices, step.timings, now).await?;
        }
    }
    by_itself::shift(app, tx, couple, shift).await
}

/// The conversation that a pause interrupts: of what is open, what was asked first.
async fn conversation(tx: &mut Tx, couple: CoupleId) -> Result<Option<RoundId>, Trouble> {
    let mut open = Vec::new();
    for kind in Kind::ALL {
        open.extend(store::rounds::awaiting(tx, couple, kind).await?.map(|round| round.id));
    }
    open.extend(by_itself::begun(tx, couple).await?);
    // Ids are made in the order of time.
    Ok(open.into_iter().min())
}

// ---- To call it ----

/// Called while one runs, by either, it is that one.
pub async fn call(app: &App, who: PersonId, couple: CoupleId, length: Length) -> Result<PauseView, Trouble> {
    retrying!(call_once(app, who, couple, length))
}

async fn call_once(app: &App, who: PersonId, id: CoupleId, length: Length) -> Result<PauseView, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, id).await?;
    let before = store::pauses::load(&mut tx, id).await?;
    let caller = store::people::load(&mut tx, who).await?;
    let other = store::people::load(&mut tx, couple.other(who)).await?;
    let (round, places) = (conversation(&mut tx, id).await?, couple.places());
    let call = Call { couple: id, people: [&caller, &other], length, round, places: &places, now };
    let (step, shift) = Pause::called(before, &call)?;
    let pause = keep_moved(app, &mut tx, &couple, step, shift).await?;
    tx.commit().await?;
    Ok(PauseView::of(&pause, couple, who))
}

/// The pause that runs, if one does.
pub async fn look(app: &App, who: PersonId, couple: CoupleId) -> Result<Option<PauseView>, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple_of(&mut tx, who, couple).await?;
    let pause = running(&mut tx, couple.id, app.now()).await?;
    Ok(pause.map(|pause| PauseView::of(&pause, couple, who)))
}

/// `More time`. `seen`: in seconds, the end that stood beside it.
pub async fn more(app: &App, who: PersonId, couple: CoupleId, seen: i64) -> Result<PauseView, Trouble> {
    retrying!(more_once(app, who, couple, seen))
}

async fn more_once(app: &App, who: PersonId, id: CoupleId, seen: i64) -> Result<PauseView, Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let couple = couple_of(&mut tx, who, id).await?;
    let pause = store::pauses::load(&mut tx, id).await?.ok_or(crate::domain::refusal::Refusal::PauseOver)?;
    let (step, shift) = pause.drawn_out(who, Timestamp::from_second(seen).unwrap_or_default(), now)?;
    let pause = keep_moved(app, &mut tx, &couple, step, shift).await?;
    tx.commit().await?;
    Ok(PauseView::of(&pause, couple, who))
}

/// Nothing is written unless something moves.
async fn keep_moved(app: &App, tx: &mut Tx, couple: &Couple, step: Step<Pause>, shift: Option<Shift>) -> Result<Pause, Trouble> {
    let now = app.now();
    if let Some(shift) = shift {
        store::pauses::save(tx, &step.state).await?;
        keep(app, tx, step.notices, step.timings, now).await?;
        shift_all(app, tx, couple, shift, now).await?;
    }
    Ok(step.state)
}

impl PauseView {
    fn of(pause: &Pause, couple: Couple, who: PersonId) -> Self {
        Self { couple, until: pause.until, more: pause.more_for(who) }
    }
}

// ---- Its end ----

/// The hour has come.
pub async fn ends(app: &App, tx: &mut Tx, id: CoupleId) -> Result<(), Trouble> {
    let couple = couple(tx, id).await?;
    let returns = returns_by_itself(app, tx, &couple).await?;
    over(app, tx, &couple, returns).await
}

/// Ends a pause whose hour has come, once. `returns`: an opening or a check-in comes in this moment, and two calls at once would be
/// one too many.
pub(super) async fn over(app: &App, tx: &mut Tx, couple: &Couple, returns: bool) -> Result<(), Trouble> {
    let now = app.now();
    let Some(pause) = store::pauses::load(tx, couple.id).await?.filter(|pause| !pause.is_over && !pause.runs_at(now)) else {
        return Ok(());
    };
    let step = pause.ended(returns, &couple.places(), now);
    store::pauses::save(tx, &step.state).await?;
    keep(app, tx, step.notices, step.timings, now).await
}

async fn returns_by_itself(app: &App, tx: &mut Tx, couple: &Couple) -> Result<bool, Trouble> {
    let now = app.now();
    for kind in Kind::ALL {
        let open = store::rounds::awaiting(tx, couple.id, kind).await?;
        if open.is_some_and(|round| matches!(round.phase, Phase::Opening { at } if at <= now)) {
            return Ok(true);
        }
    }
    let (due, subject) = named(Due::CheckIn(couple.id));
    let is_due = store::timers::find(tx, due, &subject).await?.is_some_and(|due| due <= now);
    Ok(is_due && checkins::comes_now(app, tx, couple).await?)
}

/// `A gentle repair question`.
pub async fn repair(app: &App, who: PersonId, couple: CoupleId) -> Result<asking::Reply, Trouble> {
    asking::ask(app, who, couple, &asking::Request::gentle()).await
}

/// Before a press that changes nothing: it is for the two alone, too.
pub async fn only_the_two(app: &App, who: PersonId, couple: CoupleId) -> Result<(), Trouble> {
    let mut tx = app.store.read().await?;
    couple_of(&mut tx, who, couple).await?;
    Ok(())
}

// ---- Its cards ----

/// `since`: when the pause was called that the card is about.
pub async fn card(app: &App, id: CoupleId, since: Timestamp) -> Result<CardView, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple(&mut tx, id).await?;
    let pause = of(&mut tx, id, since).await?.filter(|pause| pause.runs_at(app.now()));
    Ok(CardView { couple, until: pause.as_ref().map(|pause| pause.until), more: pause.and_then(|pause| pause.more()) })
}

async fn of(tx: &mut Tx, couple: CoupleId, since: Timestamp) -> Result<Option<Pause>, Trouble> {
    Ok(store::pauses::load(tx, couple).await?.filter(|pause| pause.called_at == since))
}

pub async fn posts(app: &App, couple: CoupleId, since: Timestamp) -> Result<Vec<Post>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::pauses::posts(&mut tx, couple, since).await?)
}

/// A card stands. `meant`: the end that it was queued with.
pub async fn posted(app: &App, tx: &mut Tx, id: CoupleId, since: Timestamp, meant: Timestamp, post: Post) -> Result<(), Trouble> {
    store::pauses::put_post(tx, id, since, post).await?;
    redraw(app, tx, id, since, Some(meant)).await
}

/// The cards were edited. Those that say that it is over are left alone from here on.
pub async fn edited(app: &App, tx: &mut Tx, id: CoupleId, since: Timestamp, meant: Option<Timestamp>) -> Result<(), Trouble> {
    if meant.is_none() {
        store::pauses::drop_posts(tx, id, since).await?;
    }
    redraw(app, tx, id, since, meant).await
}

/// Edits may overtake each other: what was meant is compared with what is so.
async fn redraw(app: &App, tx: &mut Tx, id: CoupleId, since: Timestamp, meant: Option<Timestamp>) -> Result<(), Trouble> {
    let until = of(tx, id, since).await?.filter(|pause| !pause.is_over).map(|pause| pause.until);
    if until == meant {
        return Ok(());
    }
    super::queue(app, tx, &Notice::PauseEdit { couple: id, since, until }, app.now()).await
}

/// The couple lives elsewhere: the card of a pause that runs stands there, too.
pub(super) async fn bring_along(app: &App, tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    let now = app.now();
    let Some(pause) = running(tx, couple.id, now).await? else { return Ok(()) };
    let posts = store::pauses::posts(tx, couple.id, pause.called_at).await?;
    let stands = |place: &Place| posts.iter().any(|post| post.place == *place && couple.home_is(post.channel, *place));
    for place in couple.places().into_iter().filter(|place| !stands(place)) {
        let card = Notice::Paused { couple: couple.id, place, since: pause.called_at, until: pause.until };
        super::queue(app, tx, &card, now).await?;
    }
    Ok(())
}

/// What the two come back to, when that is told.
pub async fn back(app: &App, id: CoupleId) -> Result<BackView, Trouble> {
    let mut tx = app.store.read().await?;
    let couple = couple(&mut tx, id).await?;
    let mut open = Vec::new();
    for kind in Kind::ALL {
        open.extend(store::rounds::awaiting(&mut tx, id, kind).await?.map(|round| (round.id, kind)));
    }
    let begun = by_itself::begun(&mut tx, id).await?;
    let paused_until = until(&mut tx, id, app.now()).await?;
    Ok(BackView { couple, open, begun, paused_until })
}
