//! All SQL: SQLite embedded, PostgreSQL by address, one text for both.
//!
//! Owns the tables and hands out transactions: [`Store::begin`] to write, [`Store::read`] to look. One file per table family.
//! It must never decide anything, keep a transaction open across the network, or print a value it was given.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::Notify;

use crate::domain::ids::PersonId;

pub mod acts;
pub mod answers;
pub mod channels;
pub mod choices;
mod connect;
pub mod conversations;
pub mod couples;
pub mod entries;
mod error;
mod forgetting;
pub mod identifies;
pub mod invitations;
pub mod items;
pub mod kept;
pub mod keys;
mod migrations;
pub mod mine;
pub mod outbox;
pub mod passages;
pub mod pauses;
pub mod people;
pub mod posts;
pub mod proposals;
pub mod registrations;
pub mod rounds;
mod row;
pub mod said;
pub mod schedules;
pub mod sessions;
pub mod sittings;
pub mod taps;
pub mod timers;
pub mod typed;

pub use error::{DatabaseFault, StoreError};
pub use forgetting::Forgotten;
pub use migrations::Migrations;

/// Which database is underneath. Only for the few clauses that are an engine's own, and for `duet doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The database. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    /// On SQLite a single connection: writers queue here, in order, instead of polling a busy file.
    writers: AnyPool,
    readers: AnyPool,
    wakes: Arc<Wakes>,
}

/// Rung after a commit that gave the scheduler or the courier something new. A ring that nobody waits for is kept, once.
#[derive(Debug)]
pub struct Wakes {
    pub timers: Notify,
    pub outbox: Notify,
    /// A timer that is due later is found in time without a ring.
    timers_until: AtomicI64,
}

impl Default for Wakes {
    fn default() -> Self {
        Self { timers: Notify::default(), outbox: Notify::default(), timers_until: AtomicI64::new(i64::MAX) }
    }
}

impl Wakes {
    /// Whoever works the timers looks again by itself before that moment: most are set for days ahead, and are no news.
    pub fn only_timers_until(&self, moment: Timestamp) {
        self.timers_until.store(moment.as_millisecond(), Ordering::SeqCst);
    }
}

impl Store {
    /// Opens `sqlite://path` (made when missing) or `postgres://…` and runs what is missing of the migrations.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = Self::connect(url).await?;
        match store.migrate().await {
            Ok(()) => Ok(store),
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    /// As [`Store::open`], without migrations: for looking at a database that another process may be using.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let address = connect::Address::parse(url)?;
        let (writers, readers) = address.pools().await?;
        Ok(Self { engine: address.engine(), writers, readers, wakes: Arc::default() })
    }

    /// For looking only: makes no file, runs no migration, and is refused any write. `None`: there is no SQLite file yet.
    pub async fn look(url: &str) -> Result<Option<Self>, StoreError> {
        let address = connect::Address::parse(url)?;
        if address.is_missing_file() {
            return Ok(None);
        }
        let readers = address.readers().await?;
        Ok(Some(Self { engine: address.engine(), writers: readers.clone(), readers, wakes: Arc::default() }))
    }

    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrations::run(self.begin().await?).await
    }

    pub async fn migrations(&self) -> Result<Migrations, StoreError> {
        migrations::state(&mut self.read().await?).await
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    pub fn wakes(&self) -> &Wakes {
        &self.wakes
    }

    /// A transaction that may write. SQLite has one writer: never begin a second one, and never await the network, inside it.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let inner = match self.engine {
            // A plain `begin` that reads and then writes meets SQLITE_BUSY at once, whatever the timeout.
            Engine::Sqlite => self.writers.begin_with("begin immediate").await?,
            Engine::Postgres => self.writers.begin().await?,
        };
        let mut tx = self.transaction(inner);
        acts::claim(&mut tx).await?;
        Ok(tx)
    }

    /// A transaction that sees one moment of the database and is refused any write.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let inner = match self.engine {
            Engine::Sqlite => self.readers.begin().await?,
            Engine::Postgres => self.readers.begin_with("begin isolation level repeatable read read only").await?,
        };
        Ok(self.transaction(inner))
    }

    /// Waits for open transactions. On SQLite the log is folded into the file, which then is the whole database.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    fn transaction(&self, inner: Transaction<'static, Any>) -> Tx {
        Tx { inner, engine: self.engine, wakes: Arc::clone(&self.wakes), act: None, first_timer: None, notices_queued: 0 }
    }
}

/// Whether a conditional write found its row as it was read; anything else is a conflict.
fn wrote_one(rows: u64, table: &'static str, id: impl std::fmt::Display) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict { table, id: id.to_string() }) }
}

/// The natural key of two people, whoever came first.
fn pair(one: PersonId, other: PersonId) -> String {
    format!("{} {}", one.min(other), one.max(other))
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Any>,
    engine: Engine,
    wakes: Arc<Wakes>,
    /// Whose first write this is.
    act: Option<Arc<acts::Act>>,
    /// The first moment, in epoch milliseconds, that a timer was set for or given back at.
    first_timer: Option<i64>,
    notices_queued: usize,
}

impl Tx {
    /// Makes it so, and wakes whoever waits for what was set or queued.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await?;
        if let Some(act) = self.act {
            act.done.store(true, Ordering::SeqCst);
        }
        if self.first_timer.is_some_and(|due| due <= self.wakes.timers_until.load(Ordering::SeqCst)) {
            self.wakes.timers.notify_one();
        }
        // A ring wakes one waiter; several notices are work for several.
        for _ in 0..self.notices_queued {
            self.wakes.outbox.notify_one();
        }
        Ok(())
    }

    fn timer_at(&mut self, due: i64) {
        self.first_timer = Some(self.first_timer.map_or(due, |first| first.min(due)));
    }

    fn engine(&self) -> Engine {
        self.engine
    }

    fn conn(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }
}
