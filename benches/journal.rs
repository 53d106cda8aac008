//! What one person's journal costs among other people's, up to a million entries, on both databases: SQLite with every commit on
//! disk, PostgreSQL as `tests/it/engines.rs` starts it. `cargo bench --bench journal`
//!
//! The person has 2,000 entries of 400 characters, a third of them after a practice of one kind; all entries lie on disk in the
//! order in which they were written, so that the person's are scattered among the others'.

#[expect(dead_code, clippy::unwrap_used, reason = "a benchmark needs the databases alone, and panics are its report")]
#[path = "../tests/it/engines.rs"]
mod engines;

use std::fmt;
use std::sync::{Arc, Mutex};

use divan::Bencher;
use duet::app::App;
use duet::clock::HandClock;
use duet::domain::ids::PersonId;
use duet::domain::journal::Stretch;
use duet::domain::library::{Exercise, Library};
use duet::domain::words::Words;
use duet::flows::{journal, reflecting};
use duet::vault::{KeySource, Vault};
use engines::Database;
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::{Builder, Runtime};

const NORA: PersonId = PersonId(1);
const OWN: u32 = 2_000;
/// Entries in all.
const SIZES: [u32; 3] = [2_000, 100_000, 1_000_000];

fn main() {
    divan::main();
    // What lies in a static is not dropped by itself, and a database on somebody's server is not to stay.
    for full in std::mem::take(&mut *KEPT.lock().expect("the kept")) {
        let Some(Full { runtime, app, database, .. }) = Arc::into_inner(full) else { continue };
        runtime.block_on(async {
            app.store.close().await;
            database.finish().await;
        });
    }
}

/// Which database, and how many entries are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Case {
    postgres: bool,
    entries: u32,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.postgres { "PostgreSQL" } else { "SQLite" }, self.entries)
    }
}

fn cases() -> Vec<Case> {
    [false, true].into_iter().flat_map(|postgres| SIZES.map(|entries| Case { postgres, entries })).collect()
}

struct Full {
    case: Case,
    runtime: Runtime,
    app: App,
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
        let (app, database) = runtime.block_on(async {
            let database = if case.postgres { engines::postgres().await? } else { engines::sqlite() };
            let (clock, library) = (Arc::new(HandClock::at(at(0))), Library::built_in().expect("the decks"));
            let key = duet::vault::new_master_key().expect("randomness");
            let (vault, _) = Vault::open(KeySource::Env(key.as_str().into())).expect("a key");
            let store = database.open().await;
            duet::store::keys::check_install(&store, &vault, at(0)).await.expect("a fresh database");
            let app = App::new(store, vault, library, Arc::clone(&clock) as _, 1);
            writes(&app, &clock).await;
            others(&database, case).await;
            Some((app, database))
        })?;
        Some(Self { case, runtime, app, database })
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

/// The person's own entries, an hour apart.
async fn writes(app: &App, clock: &HandClock) {
    let words = "I walked home the long way and noticed that nothing had to be decided today. ";
    let words = Words::new(words.chars().cycle().take(400).collect::<String>());
    for number in 0..OWN {
        clock.set(at(i64::from(number) * 3_600));
        let kind = if number % 3 == 0 { Exercise::Values } else { Exercise::Settle };
        let sitting = reflecting::begin(app, NORA, Some(kind)).await.expect("a practice").id;
        journal::write(app, NORA, sitting, &words).await.expect("an entry");
    }
}

/// Behind the store's back, for it has no reason to write a million rows in one go. Nobody opens these: their seal is another's.
async fn others(database: &Database, case: Case) {
    let count = case.entries - OWN;
    let (numbers, id) = if case.postgres {
        (format!("select n from generate_series(1, {count}) as n"), "lpad(n::text, 32, '0')")
    } else {
        let counted = "values (1) union all select n + 1 from numbers where n <";
        (format!("with recursive numbers(n) as ({counted} {count}) select n from numbers"), "printf('%032d', n)")
    };
    // 499 of them, over the same months.
    let (first, span) = (at(0).as_millisecond(), i64::from(OWN) * 3_600_000);
    let written = format!("{first} + (cast(n as bigint) * 7919 % {count}) * ({span} / {count})");
    let words = "(select words from entries limit 1)";
    database.run("create table scattered as select * from entries").await;
    if count > 0 {
        let rows = format!("select {id}, 2 + n % 499, 'values', {words}, {written} from ({numbers}) as numbers");
        database.run(&format!("insert into scattered (id, author, kind, words, written_at) {rows}")).await;
    }
    database.run("delete from entries").await;
    database.run("insert into entries select * from scattered order by written_at, id").await;
    database.run("drop table scattered").await;
    // As it is in a database that has been growing for months.
    if case.postgres {
        database.run("vacuum analyze").await;
    } else {
        database.run("pragma wal_checkpoint(truncate)").await;
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000).expect("a moment") + SignedDuration::from_secs(seconds)
}

#[divan::bench(args = cases(), sample_count = 300, sample_size = 1)]
fn read_the_newest_page(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    bencher.bench_local(|| {
        let page = full.wait(journal::read(&full.app, NORA, Stretch::ALL, None, None)).expect("a page");
        assert!(page.more);
    });
}

#[divan::bench(args = cases(), sample_count = 300, sample_size = 1)]
fn read_a_page_of_one_practice(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    bencher.bench_local(|| {
        let page = full.wait(journal::read(&full.app, NORA, Stretch::ALL, Some(Exercise::Values), None)).expect("a page");
        assert!(page.more);
    });
}

/// Nothing is found, so every one of the 2,000 is unsealed.
#[divan::bench(args = cases(), sample_count = 20, sample_size = 1)]
fn search_all_of_2000(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    let wanted = Words::new("wheelbarrow");
    bencher.bench_local(|| {
        let page = full.wait(journal::search(&full.app, NORA, &wanted, None)).expect("a page");
        assert!(page.entries.is_empty());
    });
}

/// Until it left the disk.
#[divan::bench(args = cases(), sample_count = 5, sample_size = 1)]
fn delete_one_entry(bencher: Bencher<'_, '_>, case: Case) {
    let Some(full) = Full::of(case) else { return };
    let newest = || full.wait(journal::read(&full.app, NORA, Stretch::ALL, None, None)).expect("a page").entries[0].id;
    bencher.with_inputs(newest).bench_local_values(|id| {
        assert_eq!(full.wait(journal::delete(&full.app, NORA, id)).expect("a deletion").count, 1);
    });
}
