//! The rehearsal's clock: epoch milliseconds that stand still until somebody moves them. Owns the world's time; never reads
//! the machine's. Heartbeats, rate limits and sockets run in real time and do not ask here.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A cheap handle; all clones show the same time.
#[derive(Clone, Debug)]
pub struct WorldClock(Arc<Face>);

#[derive(Debug)]
struct Face {
    ms: AtomicI64,
    published: Mutex<Vec<File>>,
}

impl WorldClock {
    pub(super) fn at(ms: i64) -> Self {
        Self(Arc::new(Face { ms: AtomicI64::new(ms), published: Mutex::new(Vec::new()) }))
    }

    /// Epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.0.ms.load(Ordering::SeqCst)
    }

    pub fn advance(&self, by: Duration) {
        self.0.ms.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
        self.tell();
    }

    pub fn set_ms(&self, ms: i64) {
        self.0.ms.store(ms, Ordering::SeqCst);
        self.tell();
    }

    /// Keeps the time in `path` for other processes: eight bytes, little-endian epoch milliseconds, rewritten in place.
    pub fn publish(&self, path: &Path) -> io::Result<()> {
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(path)?;
        file.write_all_at(&self.now_ms().to_le_bytes(), 0)?;
        self.0.published.lock().unwrap_or_else(PoisonError::into_inner).push(file);
        Ok(())
    }

    fn tell(&self) {
        // Read under the lock: the last writer then always leaves the newest time in the file.
        let files = self.0.published.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = self.now_ms().to_le_bytes();
        for file in files.iter() {
            if let Err(error) = file.write_all_at(&bytes, 0) {
                tracing::error!(%error, "the rehearsal's clock could not be published");
            }
        }
    }
}
