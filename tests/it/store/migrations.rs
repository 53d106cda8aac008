use std::fs;

use duet::store::{Migrations, Store, StoreError};
use tokio::task::JoinSet;

use crate::engines::{all, each_database, sqlite};

#[test]
fn every_file_of_the_history_is_listed_in_the_code() {
    let code = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/migrations.rs")).unwrap();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || code.contains(&format!("migrations/{name}")), "{name} is not in ALL");
    }
}

#[tokio::test]
async fn an_empty_database_is_brought_up_to_date_once() {
    for database in all().await {
        let store = Store::connect(&database.url).await.unwrap();
        let Migrations { applied, known } = store.migrations().await.unwrap();
        assert_eq!(applied, 0);
        assert!(known >= 1);
        store.migrate().await.unwrap();
        assert_eq!(store.migrations().await.unwrap(), Migrations { applied: known, known });
        store.migrate().await.unwrap();
        store.close().await;
        database.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_start_together() {
    for database in all().await {
        let mut starts = JoinSet::new();
        for _ in 0..6 {
            let url = database.url.clone();
            starts.spawn(async move { Store::open(&url).await.unwrap().close().await });
        }
        starts.join_all().await;
        database.finish().await;
    }
}

#[tokio::test]
async fn an_older_duet_leaves_a_newer_database_alone() {
    each_database(async |database, _| {
        database.run("insert into migrations (version, name, checksum) values (9999, 'future', '')").await;
        let error = Store::open(&database.url).await.unwrap_err();
        assert!(matches!(error, StoreError::NewerDatabase { found: 9999, .. }), "{error}");
    })
    .await;
}

#[tokio::test]
async fn an_edited_migration_is_noticed() {
    each_database(async |database, _| {
        database.run("update migrations set checksum = 'other' where version = 1").await;
        let error = Store::open(&database.url).await.unwrap_err();
        assert!(matches!(error, StoreError::AlteredMigration(1)), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    for database in all().await {
        let store = Store::connect(&database.url).await.unwrap();
        // A table that the first migration wants to make too.
        database.run("create table sessions (in_the_way text)").await;
        let error = Store::open(&database.url).await.unwrap_err();
        assert!(matches!(error, StoreError::Migration { version: 1, .. }), "{error}");
        assert_eq!(store.migrations().await.unwrap().applied, 0);
        store.close().await;
        database.run("drop table sessions").await;
        database.open().await.close().await;
        database.finish().await;
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_named_without_its_password() {
    let cases = [
        ("postgres://duet:s3cr3t@127.0.0.1:1/duet", "127.0.0.1:1/duet"),
        ("sqlite:///nowhere/at/all/duet.db", "/nowhere/at/all"),
        ("sqlite:///dev/null/duet.db", "/dev/null"),
        ("mongodb://s3cr3t", "sqlite://duet.db"),
    ];
    for (url, named) in cases {
        let error = Store::open(url).await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(said.contains(named) && !said.contains("s3cr3t"), "{said}");
    }
}

#[tokio::test]
async fn a_closed_sqlite_database_is_one_file() {
    let database = sqlite();
    let file = database.file.clone().unwrap();
    database.open().await.close().await;
    let left: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [file]);
    database.finish().await;
}
