//! Deleted is deleted: what leaves a table leaves the files of the database, too.

use duet::domain::ids::{EntryId, PersonId};
use duet::domain::journal::{KEY, Mark, Stretch};
use duet::domain::words::{Sealed, Words};
use duet::store::entries::{self, Kept};
use duet::store::{Forgotten, Store, keys};
use duet::vault::{self, Binding, KeySource, Vault};
use jiff::SignedDuration;
use uuid::Uuid;

use super::at;
use crate::engines::{Database, connection, disk, each_database, own_part, remains};

const ADA: PersonId = PersonId(1001);
const TABLES: [&str; 2] = ["entries", "keys"];

async fn installed(store: &Store) -> Vault {
    let (vault, _) = Vault::open(KeySource::Env(format!("{}A=", "A".repeat(42)).into())).unwrap();
    keys::check_install(store, &vault, at(0)).await.unwrap();
    vault
}

fn entry(number: u64) -> EntryId {
    EntryId(Uuid::from_u64_pair(0x0190_0000_0000_7000 + (number << 16), number))
}

/// Entry by entry as in life, one second apart; some are a line, some fill several pages of the file.
async fn writes(store: &Store, vault: &Vault, from: u64, to: u64) {
    for number in from..to {
        let mut tx = store.begin().await.unwrap();
        let key = keys::data_key(&mut tx, vault, ADA, KEY, at(0)).await.unwrap();
        let row = entry(number).to_string();
        let words = Words::new("a heron ".repeat(usize::try_from(number * 37 % 400).unwrap() + 1));
        let words = vault::seal(&key, Binding { table: entries::TABLE, row: &row, author: ADA }, &words).unwrap();
        let mark = Mark { written_at: at(i64::try_from(number).unwrap()), id: entry(number) };
        entries::insert(&mut tx, ADA, &Kept { mark, kind: None, words }).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn deletes(store: &Store, number: u64) {
    let mut tx = store.begin().await.unwrap();
    assert!(entries::delete(&mut tx, ADA, entry(number)).await.unwrap());
    tx.commit().await.unwrap();
}

async fn sealed(database: &Database, numbers: impl IntoIterator<Item = u64>) -> Vec<String> {
    let mut found = Vec::new();
    for number in numbers {
        found.extend(database.texts(&format!("select words from entries where id = '{}'", entry(number))).await);
    }
    found.iter().map(|sealed| own_part(sealed)).collect()
}

#[tokio::test]
async fn one_entry_of_many_leaves_no_piece_in_the_files() {
    each_database(async |database, store| {
        let vault = installed(&store).await;
        writes(&store, &vault, 0, 60).await;
        // Deleted from everywhere, so that pages are merged and rebuilt: the words of those that stay are moved about.
        for round in 0..4 {
            let goes: Vec<u64> = (0..60).filter(|number| number % 5 == round).collect();
            let words = sealed(database, goes.clone()).await;
            let Some(bytes) = disk(database, &TABLES).await else { return };
            assert!(remains(&bytes, &words) > 100);
            for number in &goes {
                deletes(&store, *number).await;
            }
            assert!(store.forget(&[Forgotten::Entries]).await.unwrap());
            assert_eq!(remains(&disk(database, &TABLES).await.unwrap(), &words), 0, "round {round}");
            let stays = sealed(database, (0..60).filter(|number| number % 5 > round)).await;
            assert!(remains(&disk(database, &TABLES).await.unwrap(), &stays) > 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_stretch_and_then_the_whole_journal_with_its_key_leave_no_piece_in_the_files() {
    each_database(async |database, store| {
        let vault = installed(&store).await;
        writes(&store, &vault, 0, 40).await;
        let some = sealed(database, 10..30).await;
        let mut tx = store.begin().await.unwrap();
        let stretch = Stretch { from: at(10), until: at(30) };
        assert_eq!(entries::delete_in(&mut tx, ADA, stretch).await.unwrap(), 20);
        tx.commit().await.unwrap();
        assert!(store.forget(&[Forgotten::Entries]).await.unwrap());
        let Some(bytes) = disk(database, &TABLES).await else { return };
        assert_eq!(remains(&bytes, &some), 0);

        let mut all = sealed(database, 0..40).await;
        all.extend(database.texts("select wrapped from keys").await);
        all.extend(database.texts("select id from keys").await);
        assert!(remains(&bytes, &all) > 0);
        let mut tx = store.begin().await.unwrap();
        assert!(keys::delete(&mut tx, ADA, KEY).await.unwrap());
        assert_eq!(entries::delete_in(&mut tx, ADA, Stretch::ALL).await.unwrap(), 20);
        tx.commit().await.unwrap();
        assert!(store.forget(&[Forgotten::Keys, Forgotten::Entries]).await.unwrap());
        assert_eq!(remains(&disk(database, &TABLES).await.unwrap(), &all), 0);
    })
    .await;
}

#[tokio::test]
async fn while_somebody_reads_an_older_state_nothing_is_called_gone() {
    each_database(async |database, store| {
        let vault = installed(&store).await;
        writes(&store, &vault, 0, 3).await;
        let words = sealed(database, [1]).await;
        // As a backup does it.
        let mut reader = connection(&database.url).await;
        let begin = if database.file.is_some() { "begin" } else { "begin isolation level repeatable read read only" };
        sqlx::raw_sql(begin).execute(&mut reader).await.unwrap();
        sqlx::query("select id from keys").fetch_all(&mut reader).await.unwrap();
        deletes(&store, 1).await;
        assert!(!store.forget(&[Forgotten::Entries]).await.unwrap());
        // Others go on writing meanwhile.
        writes(&store, &vault, 3, 5).await;
        sqlx::raw_sql("rollback").execute(&mut reader).await.unwrap();
        assert!(store.forget(&[Forgotten::Entries]).await.unwrap());
        let Some(bytes) = disk(database, &TABLES).await else { return };
        assert_eq!(remains(&bytes, &words), 0);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_somebody_holds_is_waited_for_a_second_and_no_longer() {
    each_database(async |database, store| {
        if database.file.is_some() {
            return;
        }
        let vault = installed(&store).await;
        writes(&store, &vault, 0, 2).await;
        deletes(&store, 0).await;
        let mut reader = connection(&database.url).await;
        sqlx::raw_sql("begin; lock table entries in access share mode").execute(&mut reader).await.unwrap();
        let forget = store.forget(&[Forgotten::Entries]);
        let done = tokio::time::timeout(SignedDuration::from_secs(5).unsigned_abs(), forget).await.expect("it waits too long");
        assert!(!done.unwrap());
        sqlx::raw_sql("rollback").execute(&mut reader).await.unwrap();
        assert!(store.forget(&[Forgotten::Entries]).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_pool_in_full_use_does_not_keep_what_was_deleted_from_leaving() {
    each_database(async |database, store| {
        let vault = installed(&store).await;
        writes(&store, &vault, 0, 2).await;
        deletes(&store, 0).await;
        if database.file.is_some() {
            assert!(store.forget(&[Forgotten::Entries]).await.unwrap());
            return;
        }
        // Ten are all there are; they hold no snapshot while they are idle.
        let mut held = Vec::new();
        for _ in 0..10 {
            held.push(store.begin().await.unwrap());
        }
        assert!(store.forget(&Forgotten::ALL).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_entry_written_while_its_journal_is_deleted_goes_with_it() {
    each_database(async |database, store| {
        let vault = installed(&store).await;
        writes(&store, &vault, 0, 1).await;
        let mut writing = store.begin().await.unwrap();
        let key = keys::data_key(&mut writing, &vault, ADA, KEY, at(0)).await.unwrap();
        let deleting = async {
            let mut tx = store.begin().await.unwrap();
            assert!(keys::delete(&mut tx, ADA, KEY).await.unwrap());
            let gone = entries::delete_in(&mut tx, ADA, Stretch::ALL).await.unwrap();
            tx.commit().await.unwrap();
            gone
        };
        let written = async {
            // Let the other come as far as it can.
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
            let row = entry(7).to_string();
            let binding = Binding { table: entries::TABLE, row: &row, author: ADA };
            let words = vault::seal(&key, binding, &Words::new("just in time")).unwrap();
            let mark = Mark { written_at: at(7), id: entry(7) };
            entries::insert(&mut writing, ADA, &Kept { mark, kind: None, words: Sealed(words.0) }).await.unwrap();
            writing.commit().await.unwrap();
        };
        assert_eq!(tokio::join!(deleting, written).0, 2);
        assert_eq!(database.count("entries").await, 0);
    })
    .await;
}
