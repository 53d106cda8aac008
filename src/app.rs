//! The one thing handed to every edge: the store, the vault, the library, the clock, and chance.

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
    /// Names this process in leases.
    pub holder: String,
}

impl App {
    /// `seed` decides every draw that is not a secret: orders, bags, ids, jitter. Keys and nonces come from the operating system.
    pub fn new(store: Store, vault: Vault, library: Library, clock: Arc<dyn Clock>, seed: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let holder = format!("{:016x}", chance.next_u64());
        Self { store, vault, library, clock, chance: Mutex::new(chance), holder }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn draw<T>(&self, from: impl FnOnce(&mut StdRng) -> T) -> T {
        from(&mut self.chance.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A `UUIDv7` of this moment.
    pub fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let mut bytes = [0; 10];
        self.draw(|chance| chance.fill_bytes(&mut bytes));
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}
