//! The order in which shards identify. Discord takes one IDENTIFY in five seconds for each bucket of a token's shards, whichever
//! process it comes from, and so many a day (events/gateway, "Session Start Limit").
//!
//! Owns the waiting and the day's count. Whose turn it is in a bucket it asks of a closure, because other processes may ask, too.
//! It must never let a shard identify unasked: when nobody can say whose turn it is, the shard waits. All waiting is in real time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::task::TaskTracker;
use twilight_gateway_queue::{LIMIT_PERIOD, Queue};

use super::SaveError;
use crate::discord::payloads::SessionStartLimit;

/// How long a bucket rests after an IDENTIFY: Discord's five seconds, and some more, because Discord counts when one arrives and
/// we when one is let go. Discord publishes the five seconds in its documentation only.
pub const BUCKET_RESTS: Duration = Duration::from_millis(5_250);
/// Until the next question, when the last one got no answer.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Takes a bucket's turn to identify. `None`: it is taken and the caller's, from this moment. Otherwise how long to wait before
/// asking again.
pub type TakeTurn = Box<dyn Fn(u32) -> BoxFuture<'static, Result<Option<Duration>, SaveError>> + Send + Sync>;

/// The line in which the shards of this process wait. Clones are the same line.
#[derive(Clone)]
pub(super) struct IdentifyQueue(Arc<Line>);

struct Line {
    take_turn: TakeTurn,
    /// One at a time asks for the bucket of this number, in the order in which they came.
    buckets: Box<[tokio::sync::Mutex<()>]>,
    today: Mutex<Day>,
    waiting: TaskTracker,
}

impl fmt::Debug for IdentifyQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentifyQueue")
            .field("buckets", &self.0.buckets.len())
            .field("today", &*self.0.today())
            .finish_non_exhaustive()
    }
}

impl IdentifyQueue {
    pub fn new(limit: &SessionStartLimit, take_turn: TakeTurn) -> Self {
        // There is no such thing as no bucket, whatever a proxy says.
        let buckets = (0..limit.max_concurrency.max(1)).map(|_| tokio::sync::Mutex::default()).collect();
        let today = Mutex::new(Day::new(limit, Instant::now()));
        Self(Arc::new(Line { take_turn, buckets, today, waiting: TaskTracker::new() }))
    }

    /// When the shards are gone, nobody waits any more.
    pub async fn finished(&self) {
        self.0.waiting.close();
        self.0.waiting.wait().await;
    }
}

impl Queue for IdentifyQueue {
    fn enqueue(&self, shard: u32) -> oneshot::Receiver<()> {
        let (mut go, receiver) = oneshot::channel();
        let line = Arc::clone(&self.0);
        // If it panics, the shard sees its place in the line gone, and comes again.
        self.0.waiting.spawn(async move {
            let came = tokio::select! {
                () = go.closed() => false,
                () = line.turn_of(shard) => true,
            };
            if came && go.send(()).is_ok() {
                tracing::debug!(shard, "may identify");
            }
        });
        receiver
    }
}

impl Line {
    async fn turn_of(&self, shard: u32) {
        let bucket = usize::try_from(shard).unwrap_or_default() % self.buckets.len();
        let _in_front = self.buckets[bucket].lock().await;
        loop {
            self.until_some_are_left().await;
            match (self.take_turn)(u32::try_from(bucket).unwrap_or_default()).await {
                Ok(None) if self.today().count(Instant::now()) => return,
                // Another bucket took the day's last one meanwhile.
                Ok(None) => {}
                Ok(Some(wait)) => sleep(wait).await,
                Err(error) => {
                    tracing::warn!(shard, %error, "whose turn it is to identify cannot be found out");
                    sleep(ASK_AGAIN).await;
                }
            }
        }
    }

    async fn until_some_are_left(&self) {
        loop {
            let now = Instant::now();
            let Some(until) = self.today().used_up_until(now) else { return };
            tracing::warn!(hours = (until - now).as_secs() / 3_600, "no session may be started any more today; waiting");
            sleep_until(until).await;
        }
    }

    fn today(&self) -> MutexGuard<'_, Day> {
        self.today.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many sessions may still be started until the day ends, as Discord said when this process began and we counted since.
#[derive(Debug)]
struct Day {
    total: u32,
    left: u32,
    ends: Instant,
}

impl Day {
    fn new(limit: &SessionStartLimit, now: Instant) -> Self {
        let total = limit.total.max(1);
        Self { total, left: limit.remaining.min(total), ends: now + Duration::from_millis(limit.reset_after) }
    }

    /// `None` while there are some.
    fn used_up_until(&mut self, now: Instant) -> Option<Instant> {
        if now >= self.ends {
            self.left = self.total;
        }
        (self.left == 0).then_some(self.ends)
    }

    /// `false`: there was none left to count.
    fn count(&mut self, now: Instant) -> bool {
        if self.used_up_until(now).is_some() {
            return false;
        }
        if self.left == self.total {
            // A day begins with its first session.
            self.ends = now + LIMIT_PERIOD;
        }
        self.left -= 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn limit(remaining: u32, max_concurrency: u16) -> SessionStartLimit {
        SessionStartLimit { total: 1_000, remaining, reset_after: 60_000, max_concurrency }
    }

    /// What became of each question, by bucket.
    type Asked = Arc<Mutex<Vec<u32>>>;

    fn queue(
        limit: &SessionStartLimit,
        answer: impl Fn(usize) -> Result<Option<Duration>, SaveError> + Send + Sync + 'static,
    ) -> (IdentifyQueue, Asked) {
        let asked = Asked::default();
        let log = Arc::clone(&asked);
        let queue = IdentifyQueue::new(
            limit,
            Box::new(move |bucket| {
                let mut log = log.lock().unwrap();
                log.push(bucket);
                let said = answer(log.len());
                Box::pin(async { said })
            }),
        );
        (queue, asked)
    }

    #[tokio::test]
    async fn each_shard_asks_for_its_bucket() {
        let (queue, asked) = queue(&limit(1_000, 3), |_| Ok(None));
        for shard in [7, 2, 3] {
            queue.enqueue(shard).await.unwrap();
        }
        assert_eq!(*asked.lock().unwrap(), [1, 2, 0]);
        queue.finished().await;
    }

    #[tokio::test]
    async fn a_shard_waits_as_told_and_through_failures_and_asks_again() {
        let (queue, asked) = queue(&limit(1_000, 0), |time| match time {
            1 => Ok(Some(Duration::from_millis(30))),
            2 => Err("the database is away".into()),
            _ => Ok(None),
        });
        let begun = Instant::now();
        queue.enqueue(5).await.unwrap();
        assert!(begun.elapsed() >= ASK_AGAIN + Duration::from_millis(30));
        assert_eq!(*asked.lock().unwrap(), [0, 0, 0]);
    }

    #[tokio::test]
    async fn of_one_bucket_one_asks_at_a_time_and_who_left_the_line_asks_no_more() {
        let granted = Arc::new(AtomicU32::new(0));
        let open = Arc::clone(&granted);
        let (queue, asked) =
            queue(&limit(1_000, 1), move |_| Ok((open.load(Ordering::SeqCst) == 0).then_some(Duration::from_millis(20))));
        let first = queue.enqueue(0);
        let second = queue.enqueue(1);
        let third = queue.enqueue(2);
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(first);
        drop(second);
        granted.store(1, Ordering::SeqCst);
        third.await.unwrap();
        queue.finished().await;
        let count = asked.lock().unwrap().len();
        assert!((2..8).contains(&count), "three at a time would ask more often than {count} times");
    }

    #[test]
    fn a_day_is_used_up_and_ends() {
        let now = Instant::now();
        let mut day = Day::new(&limit(2, 1), now);
        assert!(day.count(now) && day.count(now) && !day.count(now));
        let end = day.used_up_until(now).unwrap();
        assert_eq!(end - now, Duration::from_mins(1));
        assert!(day.count(end));
        assert_eq!((day.left, day.ends - end), (999, LIMIT_PERIOD));
        // More left than there are in all is not believed.
        assert_eq!(Day::new(&limit(5_000, 1), now).left, 1_000);
    }
}
