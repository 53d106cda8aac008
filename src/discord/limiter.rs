//! Waiting before a request rather than being told off after it (Discord's "Rate Limits" page).
//!
//! Owns three rules: our share of 50 requests a second over everything, the buckets that Discord's headers tell of, and
//! a global 429 that holds everybody. Must never hold a first answer to an interaction, nor grow with what was sent:
//! routes are a fixed set, and a bucket's window is forgotten once it has passed.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The span over which the global limit counts: a second, and something for requests that travel unevenly.
const GLOBAL_SPAN: Duration = Duration::from_millis(1_050);
/// How long a request may wait here; what would take longer is refused, so that its caller plans anew.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// When a bucket has places neither free nor announced, look again after this (an answer wakes us sooner).
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Windows kept before those that have passed are swept out.
const WINDOWS_KEPT: usize = 1_024;

/// Which of Discord's rules a request stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Under all of them.
    Common,
    /// Edits and follow-ups by an interaction's token: outside the global count, but a global 429 holds them too.
    Webhook,
    /// The first answer to an interaction: outside of everything.
    Callback,
}

/// The resource that a bucket is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Major {
    None,
    Channel(i64),
    Server(i64),
    /// A hash of the interaction's token.
    Webhook(u64),
}

impl Major {
    pub(super) fn webhook(token: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        Self::Webhook(hasher.finish())
    }
}

/// Where a request goes, as the limits see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lot {
    /// The name of the route, without ids.
    pub route: &'static str,
    pub major: Major,
    pub lane: Lane,
}

/// What an answer's headers say about its bucket.
#[derive(Clone, Debug)]
pub(super) struct BucketNews {
    pub bucket: String,
    pub limit: u32,
    pub remaining: u32,
    pub reset_after: Duration,
}

/// The wait would be longer than [`PATIENCE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong {
    pub wait: Duration,
    pub global: bool,
}

#[derive(Debug)]
pub(super) struct Limiter {
    state: Mutex<State>,
    changed: Notify,
}

type WindowKey = (Arc<str>, Major);

#[derive(Debug)]
struct State {
    /// The moments of the last requests under the global limit, past and promised, oldest first: as many as fit a span.
    moments: VecDeque<Instant>,
    /// How many requests fit a span.
    fit: usize,
    held_until: Option<Instant>,
    /// What is known of a route's bucket.
    rules: HashMap<&'static str, Rule>,
    windows: HashMap<WindowKey, Window>,
    sweep_at: usize,
}

#[derive(Clone, Debug)]
struct Rule {
    bucket: Arc<str>,
    limit: u32,
}

#[derive(Debug)]
struct Window {
    limit: u32,
    remaining: u32,
    /// Unknown until the first answer.
    resets: Option<Instant>,
    in_flight: u32,
}

enum Verdict {
    Go(Option<WindowKey>),
    Wait { until: Instant, global: bool },
}

impl Limiter {
    /// `share`: our part of Discord's 50 requests a second; above 1 where somebody else keeps the limits.
    pub(super) fn new(share: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 50,000")]
        let fit = (50.0 * share).floor().clamp(1.0, 50_000.0) as usize;
        let state = State {
            moments: VecDeque::new(),
            fit,
            held_until: None,
            rules: HashMap::new(),
            windows: HashMap::new(),
            sweep_at: WINDOWS_KEPT,
        };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    /// Waits for the moment to send. Cancel-safe: a dropped permit gives its place back.
    pub(super) async fn acquire(&self, lot: Lot) -> Result<Permit<'_>, TooLong> {
        if lot.lane == Lane::Callback {
            return Ok(Permit { limiter: self, window: None });
        }
        let begun = Instant::now();
        loop {
            let permit = self.place(lot, begun).await?;
            let Some(moment) = self.moment(lot.lane, begun)? else {
                return Ok(permit);
            };
            sleep_until(moment).await;
            // A global 429 may have come in while we waited for our moment.
            if self.state().held_until.is_none_or(|until| until <= Instant::now()) {
                return Ok(permit);
            }
        }
    }

    /// A place in the bucket's window.
    async fn place(&self, lot: Lot, begun: Instant) -> Result<Permit<'_>, TooLong> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let verdict = self.state().admit(Instant::now(), lot);
            match verdict {
                Verdict::Go(window) => {
                    return Ok(Permit { limiter: self, window });
                }
                Verdict::Wait { until, global } => {
                    patience(begun, until, global)?;
                    tokio::select! {
                        () = sleep_until(until) => {}
                        () = changed => {}
                    }
                }
            }
        }
    }

    /// A moment under the global limit, first come, first served; nothing when the lane is outside of it.
    fn moment(&self, lane: Lane, begun: Instant) -> Result<Option<Instant>, TooLong> {
        if lane != Lane::Common {
            return Ok(None);
        }
        let mut state = self.state();
        let now = Instant::now();
        let mut moment = state.held_until.map_or(now, |until| until.max(now));
        if state.moments.len() >= state.fit
            && let Some(oldest) = state.moments.front()
        {
            moment = moment.max(*oldest + GLOBAL_SPAN);
        }
        patience(begun, moment, true)?;
        if state.moments.len() >= state.fit {
            state.moments.pop_front();
        }
        state.moments.push_back(moment);
        Ok((moment > now).then_some(moment))
    }

    /// A 429 that holds everybody but callbacks.
    pub(super) fn hold_everybody(&self, retry_after: Duration) {
        let until = Instant::now() + retry_after;
        let mut state = self.state();
        state.held_until = Some(state.held_until.map_or(until, |before| before.max(until)));
    }

    /// A 429 for one bucket, named by its headers or, without them, by what is known of the route.
    pub(super) fn hold(&self, lot: Lot, bucket: Option<&str>, retry_after: Duration) {
        if lot.lane == Lane::Callback {
            return;
        }
        let mut state = self.state();
        let rule = match (bucket, state.rules.get(lot.route)) {
            (Some(bucket), Some(rule)) if *rule.bucket == *bucket => rule.clone(),
            (None, Some(rule)) => rule.clone(),
            (named, _) => Rule { bucket: named.unwrap_or(lot.route).into(), limit: u32::MAX },
        };
        state.rules.insert(lot.route, rule.clone());
        let window = state.window(rule, lot.major);
        window.remaining = 0;
        window.resets = Some(Instant::now() + retry_after);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics in between; and a limit half-written is still a limit.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn patience(begun: Instant, until: Instant, global: bool) -> Result<(), TooLong> {
    if until.saturating_duration_since(begun) <= PATIENCE {
        return Ok(());
    }
    Err(TooLong { wait: until.saturating_duration_since(Instant::now()), global })
}

impl State {
    fn admit(&mut self, now: Instant, lot: Lot) -> Verdict {
        if let Some(until) = self.held_until {
            if until > now {
                return Verdict::Wait { until, global: true };
            }
            self.held_until = None;
        }
        // Nobody knows the bucket of a route before its first answer.
        let Some(rule) = self.rules.get(lot.route).cloned() else {
            return Verdict::Go(None);
        };
        let key = (Arc::clone(&rule.bucket), lot.major);
        let window = self.window(rule, lot.major);
        if window.resets.is_some_and(|resets| resets <= now) {
            window.resets = None;
            window.remaining = window.limit.saturating_sub(window.in_flight);
        }
        if window.remaining == 0 {
            return Verdict::Wait { until: window.resets.unwrap_or(now + LOOK_AGAIN), global: false };
        }
        window.remaining -= 1;
        window.in_flight += 1;
        Verdict::Go(Some(key))
    }

    fn window(&mut self, rule: Rule, major: Major) -> &mut Window {
        if self.windows.len() >= self.sweep_at {
            let now = Instant::now();
            self.windows.retain(|_, window| window.in_flight > 0 || window.resets.is_some_and(|resets| resets > now));
            self.sweep_at = (self.windows.len() * 2).max(WINDOWS_KEPT);
        }
        let Rule { bucket, limit } = rule;
        self.windows.entry((bucket, major)).or_insert(Window { limit, remaining: limit.max(1), resets: None, in_flight: 0 })
    }

    fn release(&mut self, key: &WindowKey) {
        if let Some(window) = self.windows.get_mut(key) {
            window.in_flight = window.in_flight.saturating_sub(1);
        }
    }
}

/// Leave to send one request.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    limiter: &'a Limiter,
    window: Option<WindowKey>,
}

impl Permit<'_> {
    /// The request was answered; `news` are its headers about the bucket, where it has any.
    pub(super) fn answered(mut self, lot: Lot, news: Option<BucketNews>) {
        if lot.lane == Lane::Callback {
            return;
        }
        let mut state = self.limiter.state();
        if let Some(key) = self.window.take() {
            state.release(&key);
        }
        if let Some(news) = news {
            let bucket = match state.rules.get(lot.route) {
                Some(rule) if *rule.bucket == *news.bucket => Arc::clone(&rule.bucket),
                _ => news.bucket.into(),
            };
            let rule = Rule { bucket, limit: news.limit.max(1) };
            state.rules.insert(lot.route, rule.clone());
            let window = state.window(rule, lot.major);
            window.limit = news.limit.max(1);
            window.remaining = news.remaining.saturating_sub(window.in_flight);
            window.resets = Some(Instant::now() + news.reset_after);
        }
        drop(state);
        self.limiter.changed.notify_waiters();
    }
}

impl Drop for Permit<'_> {
    /// Not sent, or without an answer: the place is free again. If Discord did count it, its next answer says so.
    fn drop(&mut self) {
        if let Some(key) = self.window.take() {
            let mut state = self.limiter.state();
            state.release(&key);
            if let Some(window) = state.windows.get_mut(&key) {
                window.remaining = window.remaining.saturating_add(1).min(window.limit);
            }
            drop(state);
            self.limiter.changed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: Lot = Lot { route: "post message", major: Major::Channel(1), lane: Lane::Common };
    const CALLBACK: Lot = Lot { route: "callback", major: Major::None, lane: Lane::Callback };
    const A_WHILE: Duration = Duration::from_millis(400);

    fn news(limit: u32, remaining: u32, reset_after: Duration) -> BucketNews {
        BucketNews { bucket: "b".into(), limit, remaining, reset_after }
    }

    #[tokio::test]
    async fn no_second_holds_more_than_our_share() {
        let limiter = Limiter::new(0.1);
        let mut sent = Vec::new();
        for channel in 0..8 {
            let lot = Lot { major: Major::Channel(channel), ..POST };
            limiter.acquire(lot).await.unwrap().answered(lot, None);
            sent.push(Instant::now());
        }
        for some in sent.windows(6) {
            assert!(some[5] - some[0] >= Duration::from_secs(1));
        }
    }

    #[tokio::test]
    async fn a_global_hold_stops_everybody_but_callbacks() {
        let limiter = Limiter::new(1.0);
        let begun = Instant::now();
        limiter.hold_everybody(A_WHILE);
        let callback = limiter.acquire(CALLBACK).await.unwrap();
        callback.answered(CALLBACK, None);
        assert!(begun.elapsed() < A_WHILE);
        let webhook = Lot { route: "edit", major: Major::webhook("t"), lane: Lane::Webhook };
        let (one, two) = tokio::join!(limiter.acquire(POST), limiter.acquire(webhook));
        assert!(one.is_ok() && two.is_ok() && begun.elapsed() >= A_WHILE);
        limiter.hold_everybody(Duration::from_mins(1));
        let TooLong { wait, global } = limiter.acquire(POST).await.unwrap_err();
        assert!(global && wait > Duration::from_secs(55));
    }

    #[tokio::test]
    async fn more_than_can_be_sent_in_time_is_told_and_takes_no_moment() {
        let limiter = Limiter::new(0.02);
        let waiting: Vec<_> = (0..10).map(|_| limiter.moment(Lane::Common, Instant::now())).collect();
        assert_eq!(waiting.iter().filter(|moment| moment.is_ok()).count(), 5);
        assert_eq!(limiter.state().moments.len(), 1);
    }

    #[tokio::test]
    async fn an_empty_bucket_waits_for_its_reset_and_leaves_other_channels_alone() {
        let limiter = Limiter::new(1.0);
        let begun = Instant::now();
        let permit = limiter.acquire(POST).await.unwrap();
        permit.answered(POST, Some(news(2, 0, A_WHILE)));
        let other = Lot { major: Major::Channel(2), ..POST };
        let one = limiter.acquire(other).await.unwrap();
        let two = limiter.acquire(other).await.unwrap();
        assert!(begun.elapsed() < A_WHILE);
        drop((one, two));
        drop(limiter.acquire(POST).await.unwrap());
        assert!(begun.elapsed() >= A_WHILE);
    }

    #[tokio::test]
    async fn a_place_is_free_again_when_its_request_is_given_up() {
        let limiter = Limiter::new(1.0);
        let permit = limiter.acquire(POST).await.unwrap();
        permit.answered(POST, Some(news(1, 1, Duration::from_secs(4))));
        let held = limiter.acquire(POST).await.unwrap();
        let begun = Instant::now();
        let (next, ()) = tokio::join!(limiter.acquire(POST), async { drop(held) });
        drop(next.unwrap());
        assert!(begun.elapsed() < Duration::from_secs(2));
    }

    #[tokio::test]
    async fn a_429_without_headers_holds_its_route() {
        let limiter = Limiter::new(1.0);
        let begun = Instant::now();
        limiter.hold(POST, None, A_WHILE);
        let other = Lot { major: Major::Channel(2), ..POST };
        drop(limiter.acquire(other).await.unwrap());
        assert!(begun.elapsed() < A_WHILE);
        drop(limiter.acquire(POST).await.unwrap());
        assert!(begun.elapsed() >= A_WHILE);
    }

    #[tokio::test]
    async fn memory_does_not_grow_with_tokens() {
        let limiter = Limiter::new(1.0);
        for token in 0..20_000 {
            let lot = Lot { route: "edit", major: Major::Webhook(token), lane: Lane::Webhook };
            let permit = limiter.acquire(lot).await.unwrap();
            permit.answered(lot, Some(news(5, 4, Duration::from_nanos(1))));
        }
        assert!(limiter.state().windows.len() <= 2 * WINDOWS_KEPT);
    }
}
