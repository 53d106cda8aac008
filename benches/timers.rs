//! What a due moment costs while 100,000 others wait, on SQLite with every commit on disk. `cargo bench --bench timers`

use divan::Bencher;
use duet::store::{Store, timers};
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::{Builder, Runtime};

const WAITING: i64 = 100_000;
const LEASE: SignedDuration = SignedDuration::from_mins(1);

fn main() {
    divan::main();
}

/// A store in which `WAITING` timers are due in an hour or later.
struct Full {
    runtime: Runtime,
    store: Store,
    _folder: tempfile::TempDir,
}

impl Full {
    fn new() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("duet.db").display());
        let store = runtime.block_on(async {
            let store = Store::open(&url).await.expect("a store");
            let mut tx = store.begin().await.expect("a transaction");
            for number in 0..WAITING {
                let subject = format!("0190f3a0c0ffee00c0ffee{number:010}");
                timers::set(&mut tx, "round.remind", &subject, at(3_600 + number)).await.expect("a timer");
            }
            tx.commit().await.expect("a commit");
            store
        });
        Self { runtime, store, _folder: folder }
    }

    async fn set_one(&self) {
        let mut tx = self.store.begin().await.expect("a transaction");
        timers::set(&mut tx, "round.lapse", "due", at(0)).await.expect("a timer");
        tx.commit().await.expect("a commit");
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + seconds).expect("a moment")
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn claim_and_settle(bencher: Bencher<'_, '_>) {
    let full = Full::new();
    bencher.with_inputs(|| full.runtime.block_on(full.set_one())).bench_local_values(|()| {
        full.runtime.block_on(async {
            let timer = timers::claim(&full.store, "bench", at(1), LEASE).await.expect("a claim").expect("a timer");
            let mut tx = full.store.begin().await.expect("a transaction");
            assert!(timers::settle(&mut tx, &timer).await.expect("a settle"));
            tx.commit().await.expect("a commit");
        });
    });
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn claim_when_nothing_is_due(bencher: Bencher<'_, '_>) {
    let full = Full::new();
    bencher.bench_local(|| full.runtime.block_on(timers::claim(&full.store, "bench", at(1), LEASE)).expect("a claim"));
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn next_due(bencher: Bencher<'_, '_>) {
    let full = Full::new();
    bencher.bench_local(|| full.runtime.block_on(timers::next_due(&full.store)).expect("a moment"));
}
