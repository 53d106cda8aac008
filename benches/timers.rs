//! What a due moment costs while others wait that are not due, a thousand to a million of them, on both databases: SQLite with
//! every commit on disk, PostgreSQL as `tests/it/engines.rs` starts it. `cargo bench --bench timers`

#[expect(dead_code, clippy::unwrap_used, reason = "a benchmark needs the databases alone, and panics are its report")]
#[path = "../tests/it/engines.rs"]
mod engines;

use std::fmt;
use std::sync::{Arc, Mutex};

use divan::Bencher;
use duet::domain::ids::NoticeId;
use duet::store::{Store, outbox, timers};
use engines::Database;
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

const LEASE: SignedDuration = SignedDuration::from_mins(1);
const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() {
    divan::main();
    // What lies in a static is not dropped by itself, and a database on somebody's server is not to stay.
    for full in std::mem::take(&mut *KEPT.lock().expect("the kept")) {
        let Some(Full { runtime, store, database, .. }) = Arc::into_inner(full) else { continue };
        runtime.block_on(async {
            store.close().await;
            database.finish().await;
        });
    }
}

/// Which database, and how many wait in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Case {
    postgres: bool,
    waiting: u32,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.postgres { "PostgreSQL" } else { "SQLite" }, self.waiting)
    }
}

fn cases() -> Vec<Case> {
    [false, true].into_iter().flat_map(|postgres| SIZES.map(|waiting| Case { postgres, waiting })).collect()
}

/// A store in which so many timers and notices are due in an hour or later.
struct Full {
    case: Case,
    runtime: Runtime,
    store: Store,
    database: Database,
}

/// Those filled so far: a million rows are not written again for every line of the report.
static KEPT: Mutex<Vec<Arc<Full>>> = Mutex::new(Vec::new());

impl Full {
    /// `None` without PostgreSQL.
    fn of(case: Case) -> Option<Arc<Self>> {
        let mut kept = KEPT.lock().expect("the kept");
        if let Some(full) = kept.iter().find(|full| full.case == case) {
            return Some(Arc::clone(full));
        }
        let full = Arc::new(Self::fill(case)?);
        kept.push(Arc::clone(&full));
        Some(full)
    }

    fn fill(case: Case) -> Option<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (store, database) = runtime.block_on(async {
            let database = if case.postgres { engines::postgres().await? } else { engines::sqlite() };
            let store = database.open().await;
            // Behind the store's back, for it has no reason to write a million rows in one go.
            let count = case.waiting;
            let (numbers, id) = if case.postgres {
                (format!("select n from generate_series(1, {count}) as n"), "lpad(n::text, 32, '0')")
            } else {
                let counted = "values (1) union all select n + 1 from numbers where n <";
                (format!("with recursive numbers(n) as ({counted} {count}) select n from numbers"), "printf('%032d', n)")
            };
            let due = format!("{} + n * 1000", at(3_600).as_millisecond());
            let timers = format!("select 'lapse', {id}, {due}, 0 from ({numbers}) as numbers");
            database.run(&format!("insert into timers (kind, subject, due, attempts) {timers}")).await;
            let notices = format!("select {id}, '{{}}', 'waiting', {due}, 0 from ({numbers}) as numbers");
            database.run(&format!("insert into outbox (id, body, state, due, attempts) {notices}")).await;
            // As it is in a database that has been growing for months.
            database.run(if case.postgres { "vacuum analyze" } else { "pragma wal_checkpoint(truncate)" }).await;
            Some((store, database))
        })?;
        Some(Self { case, runtime, store, database })
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + seconds).expect("a moment")
}

#[divan::bench(args = cases(), sample_count = 300, sample_size = 1)]
fn claim_and_settle_one_timer(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    let set_one = || {
        full.wait(async {
            let mut tx = full.store.begin().await.expect("a transaction");
            timers::set(&mut tx, "lapse", "due", at(0)).await.expect("a timer");
            tx.commit().await.expect("a commit");
        });
    };
    bencher.with_inputs(set_one).bench_local_values(|()| {
        full.wait(async {
            let timer = timers::claim(&full.store, "bench", at(1), LEASE).await.expect("a claim").expect("a timer");
            let mut tx = full.store.begin().await.expect("a transaction");
            assert!(timers::settle(&mut tx, &timer).await.expect("a settle"));
            tx.commit().await.expect("a commit");
        });
    });
}

#[divan::bench(args = cases(), sample_count = 300, sample_size = 1)]
fn claim_when_no_timer_is_due(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    bencher.bench_local(|| assert_eq!(full.wait(timers::claim(&full.store, "bench", at(1), LEASE)).expect("a claim"), None));
}

#[divan::bench(args = cases(), sample_count = 300, sample_size = 1)]
fn next_due_timer(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    bencher.bench_local(|| full.wait(timers::next_due(&full.store)).expect("an answer").expect("a moment"));
}

#[divan::bench(args = cases(), sample_count = 300, sample_size = 1)]
fn claim_and_settle_one_notice(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    let numbers = std::cell::Cell::new(0);
    let queue_one = || {
        full.wait(async {
            numbers.set(numbers.get() + 1);
            let id = NoticeId(Uuid::from_u64_pair(0x0190_0000_0000_7000, numbers.get()));
            let mut tx = full.store.begin().await.expect("a transaction");
            outbox::queue(&mut tx, id, "{}", at(0)).await.expect("a notice");
            tx.commit().await.expect("a commit");
        });
    };
    bencher.with_inputs(queue_one).bench_local_values(|()| {
        full.wait(async {
            let row = outbox::claim(&full.store, "bench", at(1), LEASE).await.expect("a claim").expect("a notice");
            let mut tx = full.store.begin().await.expect("a transaction");
            assert!(outbox::sent(&mut tx, &row, at(1), None).await.expect("a settle"));
            tx.commit().await.expect("a commit");
        });
    });
}

#[divan::bench(args = cases(), sample_count = 300, sample_size = 1)]
fn claim_when_no_notice_is_due(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    bencher.bench_local(|| assert_eq!(full.wait(outbox::claim(&full.store, "bench", at(1), LEASE)).expect("a claim"), None));
}
