//! What time it is. The system's clock in the world; one that is moved by hand in a rehearsal.

use std::fmt::Debug;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Timestamp;
}

#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Moves only when told to.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_millisecond()))
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millisecond(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        moment(self.0.load(Ordering::SeqCst))
    }
}

/// The clock of a rehearsal in another process, which writes epoch milliseconds as eight little-endian bytes into a file.
#[derive(Debug)]
pub struct PublishedClock(File);

impl PublishedClock {
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut bytes = [0; 8];
        file.read_exact_at(&mut bytes, 0)?;
        Ok(Self(file))
    }
}

impl Clock for PublishedClock {
    fn now(&self) -> Timestamp {
        let mut bytes = [0; 8];
        match self.0.read_exact_at(&mut bytes, 0) {
            Ok(()) => moment(i64::from_le_bytes(bytes)),
            // Eight bytes were there at the start; a rehearsal that takes its clock away is over.
            Err(_) => Timestamp::UNIX_EPOCH,
        }
    }
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
