//! The one thing handed to every edge: the store, the vault, the library, the clock, and chance.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::clock::Clock;
use crate::domain::library::Library;
use crate::store::Store;
use crate::vault::Vault;

#[derive(Debug)]
pub struct App {
    pub store: Store,
    pub vault: Vault,
    pub library: Library,
    clock: Arc<dyn Clock>,
    chance: Mutex<StdRng>,
    /// The first 60 bits that an id takes from moment and count: see [`App::new_id`].
    last_id: AtomicU64,
    /// Names this process in leases.
    pub holder: String,
}

impl App {
    /// `seed` decides every draw that is not a secret: orders, bags, ids, jitter. Keys and nonces come from the operating system.
    pub fn new(store: Store, vault: Vault, library: Library, clock: Arc<dyn Clock>, seed: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let holder = format!("{:016x}", chance.next_u64());
        Self { store, vault, library, clock, chance: Mutex::new(chance), last_id: AtomicU64::new(0), holder }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn draw<T>(&self, from: impl FnOnce(&mut StdRng) -> T) -> T {
        from(&mut self.chance.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A `UUIDv7` of this moment, greater than all before it in this process: what is queued first is said first, within a
    /// millisecond, too. Twelve of its bits count (RFC 9562, 6.2, method 1), and what they cannot hold goes to the next millisecond.
    pub fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let next = |last: u64| (last + 1).max(millis << 12);
        let last =
            self.last_id.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(next(last))).unwrap_or_else(|last| last);
        let place = next(last);
        let mut bytes = [0; 10];
        self.draw(|chance| chance.fill_bytes(&mut bytes));
        bytes[..2].copy_from_slice(&(place & 0xfff).to_be_bytes()[6..]);
        uuid::Builder::from_unix_timestamp_millis(place >> 12, &bytes).into_uuid()
    }
}
