//! How far each shard's events were dealt with, and the saving of it.
//!
//! Owns the promise that a saved sequence is never ahead of an event that was taken from the socket and not yet dealt
//! with: after a kill, Discord tells those again. Must never wait for storage while it holds a lock that a reader needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::Notify;

/// A session that can be resumed after a restart.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// With the token, this lets anybody read the bot's events: not for logs.
    pub session_id: String,
    /// The last event that was dealt with, as was every one before it.
    pub sequence: u64,
    pub resume_url: String,
}

impl fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRecord").field("sequence", &self.sequence).finish_non_exhaustive()
    }
}

pub type SaveError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps a shard's session, or forgets it when given nothing. Never called twice at a time.
pub type Save = Box<dyn Fn(u32, Option<SessionRecord>) -> BoxFuture<'static, Result<(), SaveError>> + Send + Sync>;

/// The positions of all shards of this process. Clones are the same positions.
#[derive(Clone)]
pub struct Positions(Arc<Inner>);

struct Inner {
    shards: Mutex<BTreeMap<u32, Position>>,
    save: Save,
    saving: tokio::sync::Mutex<()>,
    urgent: Notify,
}

#[derive(Debug, Default)]
struct Position {
    /// Grows with every session, so that a receipt of an earlier one means nothing to a later.
    epoch: u64,
    session: Option<Known>,
    /// The event that a new session begins with. Until that is dealt with, the session is not worth keeping: whoever began it anew
    /// would be told of the loss again.
    begins_at: u64,
    /// The newest event taken from the socket.
    taken: u64,
    /// Handed over and not yet dealt with.
    waiting: BTreeSet<u64>,
    saved: Saved,
}

/// What storage has.
#[derive(Debug, Default, PartialEq, Eq)]
enum Saved {
    #[default]
    Unknown,
    Nothing,
    This(SessionRecord),
}

impl From<Option<SessionRecord>> for Saved {
    fn from(record: Option<SessionRecord>) -> Self {
        record.map_or(Self::Nothing, Self::This)
    }
}

#[derive(Debug)]
struct Known {
    session_id: String,
    resume_url: String,
}

impl Position {
    fn record(&self) -> Option<SessionRecord> {
        let session = self.session.as_ref()?;
        let sequence = self.waiting.first().map_or(self.taken, |first| first - 1);
        (sequence >= self.begins_at).then(|| SessionRecord {
            session_id: session.session_id.clone(),
            sequence,
            resume_url: session.resume_url.clone(),
        })
    }

    fn enter(&mut self, session: Option<SessionRecord>) {
        self.epoch += 1;
        self.waiting.clear();
        self.begins_at = 0;
        self.taken = session.as_ref().map_or(0, |session| session.sequence);
        self.session = session.map(|session| Known { session_id: session.session_id, resume_url: session.resume_url });
    }
}

impl fmt::Debug for Positions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Positions").field(&*self.shards()).finish()
    }
}

impl Positions {
    pub(super) fn new(save: Save) -> Self {
        Self(Arc::new(Inner { shards: Mutex::default(), save, saving: tokio::sync::Mutex::default(), urgent: Notify::new() }))
    }

    /// Saves what has changed since the last time. What cannot be saved is tried again the next time.
    pub async fn save(&self) {
        let _one_at_a_time = self.0.saving.lock().await;
        let changed: Vec<_> = {
            let shards = self.shards();
            let records = shards.iter().map(|(shard, position)| (*shard, position.record(), position));
            let changed = records.filter(|(_, record, position)| position.saved != record.clone().into());
            changed.map(|(shard, record, _)| (shard, record)).collect()
        };
        for (shard, record) in changed {
            match (self.0.save)(shard, record.clone()).await {
                Ok(()) => {
                    if let Some(position) = self.shards().get_mut(&shard) {
                        position.saved = record.into();
                    }
                }
                Err(error) => tracing::warn!(shard, %error, "a gateway session could not be saved"),
            }
        }
    }

    /// The last event of a shard's session that was dealt with, as was every one before it.
    pub fn dealt_with(&self, shard: u32) -> Option<u64> {
        Some(self.shards().get(&shard)?.record()?.sequence)
    }

    /// A new session, or the loss of one, is worth saving before the next tick.
    pub(super) async fn urgent(&self) {
        self.0.urgent.notified().await;
    }

    /// A shard starts with what was saved for it.
    pub(super) fn begin(&self, shard: u32, session: Option<SessionRecord>) {
        let mut shards = self.shards();
        let position = shards.entry(shard).or_default();
        // Given nothing, storage may still have a session that is not permitted now.
        position.saved = session.clone().map_or(Saved::Unknown, Saved::This);
        position.enter(session);
    }

    /// A new session. It is saved once its first event is dealt with.
    pub(super) fn ready(&self, shard: u32, session: SessionRecord) -> Receipt {
        let sequence = session.sequence;
        let mut shards = self.shards();
        let position = shards.entry(shard).or_default();
        position.enter(Some(session));
        position.begins_at = sequence;
        position.waiting.insert(sequence);
        self.0.urgent.notify_one();
        self.receipt(shard, position.epoch, sequence)
    }

    /// The session goes on.
    pub(super) fn resumed(&self, shard: u32, sequence: u64) -> Receipt {
        self.passed_over(shard, sequence);
        self.0.urgent.notify_one();
        let epoch = self.shards().entry(shard).or_default().epoch;
        self.receipt(shard, epoch, sequence)
    }

    /// The session is void.
    pub(super) fn forget(&self, shard: u32) {
        let mut shards = self.shards();
        let position = shards.entry(shard).or_default();
        if position.session.is_some() {
            position.enter(None);
            self.0.urgent.notify_one();
        }
    }

    /// An event that nobody needs to deal with.
    pub(super) fn passed_over(&self, shard: u32, sequence: u64) {
        let mut shards = self.shards();
        let position = shards.entry(shard).or_default();
        position.taken = position.taken.max(sequence);
    }

    /// An event that somebody will deal with. Call before it can be dealt with.
    pub(super) fn handed_over(&self, shard: u32, sequence: u64) -> Receipt {
        let mut shards = self.shards();
        let position = shards.entry(shard).or_default();
        position.taken = position.taken.max(sequence);
        position.waiting.insert(sequence);
        self.receipt(shard, position.epoch, sequence)
    }

    fn receipt(&self, shard: u32, epoch: u64, sequence: u64) -> Receipt {
        Receipt { positions: self.clone(), shard, epoch, sequence }
    }

    fn shards(&self) -> MutexGuard<'_, BTreeMap<u32, Position>> {
        self.0.shards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// To be given back when an event is dealt with: done, or given up for good. A receipt that is only dropped says that
/// the event was not dealt with, and holds back the saved position of its shard until the next session.
#[must_use = "an event without `processed` is told again after a restart"]
pub struct Receipt {
    positions: Positions,
    shard: u32,
    epoch: u64,
    sequence: u64,
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt({}: {})", self.shard, self.sequence)
    }
}

impl Receipt {
    pub fn processed(self) {
        let mut shards = self.positions.shards();
        if let Some(position) = shards.get_mut(&self.shard)
            && position.epoch == self.epoch
        {
            position.waiting.remove(&self.sequence);
            if self.sequence == position.begins_at {
                self.positions.0.urgent.notify_one();
            }
        }
    }

    pub fn shard(&self) -> u32 {
        self.shard
    }

    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Saved = Arc<Mutex<Vec<Option<u64>>>>;

    fn positions() -> (Positions, Saved) {
        let saved = Saved::default();
        let log = Arc::clone(&saved);
        let positions = Positions::new(Box::new(move |_, record| {
            log.lock().unwrap().push(record.map(|record| record.sequence));
            Box::pin(async { Ok(()) })
        }));
        (positions, saved)
    }

    fn session(sequence: u64) -> SessionRecord {
        SessionRecord { session_id: "s".into(), sequence, resume_url: "ws://127.0.0.1:1".into() }
    }

    #[tokio::test]
    async fn the_saved_sequence_is_never_ahead_of_what_was_dealt_with() {
        let (positions, saved) = positions();
        positions.begin(0, None);
        positions.ready(0, session(1)).processed();
        let two = positions.handed_over(0, 2);
        let three = positions.handed_over(0, 3);
        positions.passed_over(0, 4);
        positions.save().await;
        three.processed();
        positions.save().await;
        two.processed();
        positions.save().await;
        assert_eq!(*saved.lock().unwrap(), [Some(1), Some(4)]);
    }

    #[tokio::test]
    async fn a_new_session_is_not_kept_before_its_beginning_was_dealt_with() {
        let (positions, saved) = positions();
        positions.begin(0, Some(session(10)));
        let ready = positions.ready(0, session(1));
        positions.handed_over(0, 2).processed();
        positions.save().await;
        assert_eq!((saved.lock().unwrap().as_slice(), positions.dealt_with(0)), ([None].as_slice(), None));
        ready.processed();
        positions.save().await;
        assert_eq!((saved.lock().unwrap().as_slice(), positions.dealt_with(0)), ([None, Some(2)].as_slice(), Some(2)));
    }

    #[tokio::test]
    async fn a_receipt_of_an_earlier_session_means_nothing_to_a_later() {
        let (positions, saved) = positions();
        positions.begin(0, Some(session(10)));
        let old = positions.handed_over(0, 12);
        positions.forget(0);
        positions.save().await;
        positions.ready(0, session(1)).processed();
        let new = positions.handed_over(0, 12);
        old.processed();
        positions.save().await;
        new.processed();
        positions.save().await;
        assert_eq!(*saved.lock().unwrap(), [None, Some(11), Some(12)]);
    }

    #[tokio::test]
    async fn nothing_new_is_not_saved_again() {
        let (positions, saved) = positions();
        positions.begin(0, Some(session(10)));
        positions.save().await;
        assert!(saved.lock().unwrap().is_empty());
    }

    #[test]
    fn a_session_is_not_shown() {
        assert!(!format!("{:?}", session(3)).contains("127.0.0.1"));
    }
}
