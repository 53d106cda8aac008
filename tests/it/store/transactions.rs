use std::time::Duration;

use duet::store::{Engine, Store, timers};
use tokio::task::JoinSet;

use super::at;
use crate::engines::{each, each_database, sqlite};

async fn due_count(store: &Store) -> u64 {
    timers::due_count(store, at(0)).await.unwrap()
}

#[tokio::test]
async fn what_is_not_committed_never_happened() {
    each(async |store| {
        let mut tx = store.begin().await.unwrap();
        timers::set(&mut tx, "round", "r", at(0)).await.unwrap();
        assert_eq!(due_count(&store).await, 0);
        drop(tx);
        assert_eq!(due_count(&store).await, 0);
        let mut tx = store.begin().await.unwrap();
        timers::set(&mut tx, "round", "r", at(0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due_count(&store).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_reader_sees_one_moment_and_may_write_nothing() {
    each(async |store| {
        let mut reader = store.read().await.unwrap();
        assert_eq!(timers::find(&mut reader, "round", "r").await.unwrap(), None);
        let mut tx = store.begin().await.unwrap();
        timers::set(&mut tx, "round", "r", at(0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(timers::find(&mut reader, "round", "r").await.unwrap(), None);
        assert!(timers::set(&mut reader, "round", "s", at(0)).await.is_err());
        drop(reader);
        let mut reader = store.read().await.unwrap();
        assert_eq!(timers::find(&mut reader, "round", "r").await.unwrap(), Some(at(0)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_writers_at_once_all_get_their_turn() {
    each(async |store| {
        let mut tasks = JoinSet::new();
        for number in 0..100 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut tx = store.begin().await.unwrap();
                // Reads before it writes, which is what a plain `begin` on SQLite does not survive.
                let subject = number.to_string();
                assert_eq!(timers::find(&mut tx, "round", &subject).await.unwrap(), None);
                timers::set(&mut tx, "round", &subject, at(0)).await.unwrap();
                tx.commit().await.unwrap();
            });
        }
        tasks.join_all().await;
        assert_eq!(due_count(&store).await, 100);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_on_one_sqlite_file_wait_for_each_other() {
    let database = sqlite();
    let (one, two) = (database.open().await, database.open().await);
    let mut tx = one.begin().await.unwrap();
    timers::set(&mut tx, "round", "one", at(0)).await.unwrap();
    let other = async {
        let mut tx = two.begin().await.unwrap();
        timers::set(&mut tx, "round", "two", at(0)).await.unwrap();
        tx.commit().await.unwrap();
    };
    tokio::pin!(other);
    let early = tokio::time::timeout(Duration::from_millis(50), &mut other).await;
    assert!(early.is_err(), "there were two writers");
    tx.commit().await.unwrap();
    other.await;
    assert_eq!(due_count(&one).await, 2);
    one.close().await;
    two.close().await;
    database.finish().await;
}

#[tokio::test]
async fn a_task_that_gives_up_in_the_middle_leaves_the_store_usable() {
    each(async |store| {
        for _ in 0..20 {
            let abandoned = async {
                let mut tx = store.begin().await.unwrap();
                timers::set(&mut tx, "round", "r", at(0)).await.unwrap();
                std::future::pending::<()>().await;
            };
            tokio::select! {
                biased;
                () = abandoned => {}
                () = tokio::task::yield_now() => {}
            }
        }
        let mut tx = store.begin().await.unwrap();
        timers::set(&mut tx, "round", "s", at(0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due_count(&store).await, 1);
    })
    .await;
}

#[tokio::test]
async fn sqlite_keeps_what_it_acknowledged() {
    each_database(async |database, store| {
        let Some(file) = &database.file else {
            assert_eq!(store.engine(), Engine::Postgres);
            return;
        };
        assert_eq!(store.engine(), Engine::Sqlite);
        // Byte 18 and 19 of the header are 2 in WAL mode: https://sqlite.org/fileformat.html#file_format_version_numbers
        store.checkpoint().await.unwrap();
        assert_eq!(&std::fs::read(file).unwrap()[18..20], [2, 2]);
    })
    .await;
}
