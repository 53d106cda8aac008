//! An outbox row on its way to Discord: claimed under a lease, worded and sent with no transaction open, settled once.
//! It decides what follows from how a sending went; it must never hold a transaction while it talks.

mod board;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rand::RngExt as _;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::discord::Bot;
use crate::discord::delivery::{self, Attempt, Delivered, Undelivered};
use crate::discord::failure::Failure;
use crate::domain::conversation::Sheet;
use crate::domain::ids::{PassageId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::domain::piece::Piece;
use crate::domain::round::Shown;
use crate::domain::visibility::Hold;
use crate::flows::conversing::by_itself;
use crate::flows::{Trouble, forgetting, homes, opening, parking, pausing, removing, sharing, typing};
use crate::store::outbox::{self, Row};
use crate::store::posts::{Kind, Post};
use crate::store::{Forgotten, StoreError, Tx};
use crate::worker::rest;

pub use crate::worker::Did;

/// How long a claimed row is ours. The REST sender gives up well within it.
pub const LEASE: SignedDuration = SignedDuration::from_secs(90);
/// Notices on their way side by side: 50 requests a second, each of which takes up to a quarter of one.
const WAYS: usize = 12;
/// While others are on their way, a claim waits until it can take so many: of a long outbox it then takes several at once.
const WORTH_A_CLAIM: usize = 4;
/// Tries before a row is parked. With the waits between them they reach over an hour's outage.
pub const TRIES: u64 = 10;
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(10);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// The failure code of an outage on Discord's side: see `Failure::Unavailable`.
const OUTAGE: &str = "unavailable";
/// The code of what waits for the end of a pause.
const PAUSED: &str = "paused";
/// The code of what waits for a place that is shut to it, and of what did so for too long.
const SHUT: &str = "missing_access";

/// Claims one notice and sends it.
pub async fn deliver_one(app: &App, bot: &Bot) -> Result<Did, Trouble> {
    let Some(row) = outbox::claim(&app.store, &app.holder, app.now(), LEASE).await? else { return Ok(Did::Nothing) };
    deliver(app, bot, row).await?;
    Ok(Did::One)
}

/// Words and sends what was claimed, and settles it.
async fn deliver(app: &App, bot: &Bot, row: Row) -> Result<(), Trouble> {
    let span = tracing::info_span!("notice", id = %row.id, attempt = row.attempts);
    let Ok(notice) = serde_json::from_str::<Notice>(&row.body) else {
        tracing::error!(parent: &span, "a notice of another version; parked");
        outbox::park(&app.store, &row, "unreadable_notice").await?;
        return Ok(());
    };
    let after_pause = row.last_failure.as_deref() == Some(PAUSED);
    let attempt = Attempt { notice: row.id, number: row.attempts, first_at: row.first_attempt_at, after_pause };
    let sending = async {
        match delivery::deliver(app, bot, &notice, attempt).await {
            Ok(delivered) => settle(app, &row, &notice, delivered).await,
            Err(undelivered) => put_off(app, &row, &undelivered).await,
        }
    };
    tracing::Instrument::instrument(sending, span).await
}

async fn settle(app: &App, row: &Row, notice: &Notice, delivered: Delivered) -> Result<(), Trouble> {
    match settle_once(app, row, notice, delivered).await {
        Err(trouble) if trouble.may_pass() => settle_once(app, row, notice, delivered).await,
        done => done,
    }
}

/// What became of a sending, and what follows from it: one transaction.
async fn settle_once(app: &App, row: &Row, notice: &Notice, delivered: Delivered) -> Result<(), Trouble> {
    if let Notice::Passage { passage, .. } = notice
        && let Some((why, code)) = unshown(delivered)
    {
        return destroy(app, row, *passage, delivered, why, code).await;
    }
    if let Some((until, code)) = given_back(delivered) {
        outbox::later_as_told(&app.store, row, until, code).await?;
        return Ok(());
    }
    if let Some(item) = board::item_of(notice) {
        return board::settle(app, row, notice, item, delivered).await;
    }
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let ours = match delivered {
        Delivered::Posted { channel, message, shown } => {
            let ours = outbox::sent(&mut tx, row, now, Some((channel, message))).await?;
            if let Some((round, kind, place)) = post_of(notice) {
                opening::posted(app, &mut tx, round, kind, Post { place, channel, message }, shown).await?;
                removing::on_its_way(app, &mut tx, round, kind, row.first_attempt_at).await?;
            }
            if let Notice::Passage { passage, place, .. } = notice {
                sharing::posted(app, &mut tx, *passage, Post { place: *place, channel, message }).await?;
            }
            if let Notice::Paused { couple, place, since, until } = notice {
                let post = Post { place: *place, channel, message };
                pausing::posted(app, &mut tx, *couple, *since, *until, post).await?;
            }
            ours
        }
        Delivered::Sheet { channel, message, shown } => {
            let ours = outbox::sent(&mut tx, row, now, Some((channel, message))).await?;
            if let Some((round, sheet, place)) = sheet_of(notice) {
                by_itself::posted(app, &mut tx, round, sheet, Post { place, channel, message }, shown).await?;
            }
            ours
        }
        Delivered::SheetEdited(shown) => {
            if let Notice::SheetEdit { round, sheet } = notice {
                by_itself::edited(app, &mut tx, *round, *sheet, shown).await?;
            }
            outbox::sent(&mut tx, row, now, None).await?
        }
        Delivered::Edited(shown) => {
            cards_show(app, &mut tx, row, notice, shown).await?;
            outbox::sent(&mut tx, row, now, None).await?
        }
        Delivered::Redrawn(shown) => {
            if let Notice::Redraw { piece } = notice {
                removing::drawn(app, &mut tx, *piece, shown).await?;
            }
            outbox::sent(&mut tx, row, now, None).await?
        }
        Delivered::Done => {
            if let Notice::CardRemoval { round, only_in } = notice {
                opening::removed(&mut tx, *round, *only_in).await?;
            }
            if let Notice::PauseEdit { couple, since, until } = notice {
                pausing::edited(app, &mut tx, *couple, *since, *until).await?;
            }
            outbox::sent(&mut tx, row, now, None).await?
        }
        // An item's was settled above.
        Delivered::Moot | Delivered::Item(_) => outbox::never(&mut tx, row, now, "moot").await?,
        Delivered::Held(hold) => return hold_back(app, tx, row, notice, hold).await,
        // Given back above.
        Delivered::Waits(_) | Delivered::Shut(_) => return Ok(()),
        Delivered::ShutOut => outbox::never(&mut tx, row, now, SHUT).await?,
        Delivered::Closed => {
            match notice {
                Notice::Reveal { round, place: Place::Dm(person) } | Notice::RevealByDm { round, to: person } => {
                    opening::unreached(app, &mut tx, *round, *person).await?;
                }
                Notice::Welcome { couple, place: Place::Dm(_), first: true, .. } => homes::unreachable(&mut tx, *couple).await?,
                _ => {}
            }
            outbox::never(&mut tx, row, now, "closed_dms").await?
        }
        Delivered::Made(channel) => {
            if let Notice::MakeHome { couple } = notice {
                homes::made(app, &mut tx, *couple, channel).await?;
            }
            outbox::sent(&mut tx, row, now, None).await?
        }
        Delivered::Gone(channel) => {
            homes::lost(app, &mut tx, channel).await?;
            if let Some((round, _, Place::Channel)) = post_of(notice) {
                opening::hold(app, &mut tx, round, Hold::ChannelGone).await?;
            }
            if let Some(round) = round_of_sheet(notice) {
                by_itself::hold(app, &mut tx, round, Hold::ChannelGone).await?;
            }
            outbox::never(&mut tx, row, now, "unknown_channel").await?
        }
    };
    finish(tx, ours).await
}

/// Until when a row waits that was told to, and what for.
fn given_back(delivered: Delivered) -> Option<(Timestamp, &'static str)> {
    match delivered {
        Delivered::Waits(until) => Some((until, PAUSED)),
        Delivered::Shut(until) => Some((until, SHUT)),
        _ => None,
    }
}

/// What a round's cards show by now. If that is no longer so, they are drawn again, whatever had them drawn.
async fn cards_show(app: &App, tx: &mut Tx, row: &Row, notice: &Notice, shown: Shown) -> Result<(), Trouble> {
    match notice {
        Notice::CardEdit { round, .. } => {
            opening::edited(app, tx, *round, shown).await?;
            removing::on_its_way(app, tx, *round, Kind::Card, row.first_attempt_at).await
        }
        Notice::Redraw { piece: Piece::Card(round) } => opening::edited(app, tx, *round, shown).await,
        _ => Ok(()),
    }
}

/// Somebody else holds the row by now: what was done stands in Discord, and they find it there.
async fn finish(tx: Tx, ours: bool) -> Result<(), Trouble> {
    if ours {
        tx.commit().await?;
    }
    Ok(())
}

/// A round's post waits with its round; anything else is tried again later.
async fn hold_back(app: &App, mut tx: Tx, row: &Row, notice: &Notice, hold: Hold) -> Result<(), Trouble> {
    if let Some((round, _, _)) = post_of(notice) {
        opening::hold(app, &mut tx, round, hold).await?;
        let ours = outbox::never(&mut tx, row, app.now(), "held").await?;
        return finish(tx, ours).await;
    }
    if let Some(round) = round_of_sheet(notice) {
        by_itself::hold(app, &mut tx, round, hold).await?;
        let ours = outbox::never(&mut tx, row, app.now(), "held").await?;
        return finish(tx, ours).await;
    }
    drop(tx);
    let wait = backoff(app, row.attempts);
    later_or_park(app, row, wait, "missing_access").await
}

/// Whether a passage was not shown: what its author is told of it, and the outbox's code.
fn unshown(delivered: Delivered) -> Option<(Option<Hold>, &'static str)> {
    match delivered {
        Delivered::Moot => Some((None, "moot")),
        Delivered::Held(hold) => Some((Some(hold), "held")),
        Delivered::Gone(_) => Some((Some(Hold::ChannelGone), "unknown_channel")),
        _ => None,
    }
}

/// A passage that was not shown waits for nothing: it is destroyed.
async fn destroy(
    app: &App,
    row: &Row,
    passage: PassageId,
    delivered: Delivered,
    why: Option<Hold>,
    code: &str,
) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    if let Delivered::Gone(channel) = delivered {
        homes::lost(app, &mut tx, channel).await?;
    }
    let promise = sharing::unshown(app, &mut tx, passage, why).await?;
    let ours = outbox::never(&mut tx, row, now, code).await?;
    finish(tx, ours).await?;
    if let Some(promise) = promise.filter(|_| ours) {
        forgetting::forget(app, &[Forgotten::Passages], promise).await;
    }
    Ok(())
}

fn post_of(notice: &Notice) -> Option<(RoundId, Kind, Place)> {
    match notice {
        Notice::Card { round, place } => Some((*round, Kind::Card, *place)),
        Notice::Reveal { round, place } => Some((*round, Kind::Reveal, *place)),
        Notice::RevealByDm { round, to } => Some((*round, Kind::Reveal, Place::Dm(*to))),
        _ => None,
    }
}

fn sheet_of(notice: &Notice) -> Option<(RoundId, Sheet, Place)> {
    match notice {
        Notice::Turn { round, sheet, place, .. } => Some((*round, *sheet, *place)),
        Notice::Closing { round, place, .. } => Some((*round, Sheet::Closing, *place)),
        _ => None,
    }
}

/// Of what holds a conversation's words; a closing sentence holds none.
fn round_of_sheet(notice: &Notice) -> Option<RoundId> {
    match notice {
        Notice::Turn { round, .. } | Notice::SheetEdit { round, .. } => Some(*round),
        _ => None,
    }
}

async fn put_off(app: &App, row: &Row, undelivered: &Undelivered) -> Result<(), Trouble> {
    let (wait, code) = match undelivered {
        Undelivered::Discord(Failure::RateLimited { retry_after, .. }) => {
            let wait = SignedDuration::try_from(*retry_after).unwrap_or(LONGEST_WAIT);
            tracing::info!(notice = %row.id, "rate limited; later");
            // Not a failure of the row's own: it waits as told and is never parked for it.
            outbox::later_as_told(&app.store, row, after(app.now(), wait), "rate_limited").await?;
            return Ok(());
        }
        Undelivered::Discord(failure) => (backoff(app, row.attempts), failure.code()),
        Undelivered::Flow(trouble) => {
            tracing::error!(notice = %row.id, "not worded: {}", trouble.logged());
            (backoff(app, row.attempts), "not_worded")
        }
    };
    later_or_park(app, row, wait, code).await
}

async fn later_or_park(app: &App, row: &Row, wait: SignedDuration, code: &str) -> Result<(), Trouble> {
    if row.attempts >= TRIES {
        match serde_json::from_str(&row.body) {
            // Its author is not left with "on its way" for ever.
            Ok(Notice::Passage { passage, .. }) if code != OUTAGE => {
                return destroy(app, row, passage, Delivered::Moot, Some(Hold::NoAccess), code).await;
            }
            Ok(Notice::Item { item, .. }) if code != OUTAGE => return board::give_up(app, row, item, code).await,
            // What is typed from now on does not wait for it.
            Ok(Notice::CatchUp { to }) if code != OUTAGE => drop(typing::caught_up(app, to, typing::Read::GivenUp).await?),
            _ => {}
        }
        if row.attempts == TRIES {
            tracing::error!(notice = %row.id, failure = code, attempts = row.attempts, "parked; see `duet doctor`");
        }
        if code == OUTAGE {
            // An outage ends some day, and what waits for it is tried again every hour.
            parking::look_hourly(app, row.id).await?;
        }
        outbox::park(&app.store, row, code).await?;
    } else {
        tracing::info!(notice = %row.id, failure = code, wait_s = wait.as_secs(), "not sent; later");
        outbox::later(&app.store, row, after(app.now(), wait), code).await?;
    }
    Ok(())
}

/// Doubles from ten seconds to an hour, a fifth more or less, so that what failed together is not repeated together.
fn backoff(app: &App, attempts: u64) -> SignedDuration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(12);
    let wait = (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT);
    app.draw(|chance| wait.mul_f64(chance.random_range(0.8..1.2)))
}

fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// Delivers until told to stop, `WAYS` notices side by side. What was claimed is sent at once, so that no lease runs out unused.
pub async fn run(app: Arc<App>, bot: Arc<Bot>, stop: CancellationToken) {
    let mut on_their_way = JoinSet::new();
    // Whether the last claim may have left something.
    let mut more = true;
    while !stop.is_cancelled() && !bot.rest.is_token_refused() {
        let free = WAYS - on_their_way.len();
        if more && free >= WORTH_A_CLAIM {
            match outbox::claim_some(&app.store, &app.holder, app.now(), LEASE, free).await {
                Ok(rows) => {
                    more = rows.len() == free;
                    for row in rows {
                        let (app, bot) = (Arc::clone(&app), Arc::clone(&bot));
                        on_their_way.spawn(async move { deliver(&app, &bot, row).await });
                    }
                }
                Err(error) => {
                    tracing::error!("the outbox cannot be worked: {error}");
                    rest(&stop, std::future::pending()).await;
                }
            }
            continue;
        }
        tokio::select! {
            Some(ended) = on_their_way.join_next() => told(ended),
            () = rest(&stop, app.store.wakes().outbox.notified()), if !more => more = true,
            () = stop.cancelled() => {}
        }
    }
    while let Some(ended) = on_their_way.join_next().await {
        told(ended);
    }
}

/// A notice that ended so keeps its lease, and is tried again when that runs out.
fn told(ended: Result<Result<(), Trouble>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(trouble)) => tracing::error!("a notice cannot be settled: {trouble}"),
        Err(_) => tracing::error!("a delivery panicked"),
    }
}

/// Gives back what this process holds, so that another may go on at once.
pub async fn release(app: &App) -> Result<(), StoreError> {
    outbox::release_all(&app.store, &app.holder).await?;
    crate::store::timers::release_all(&app.store, &app.holder).await?;
    Ok(())
}
