use duet::domain::ids::PersonId;
use duet::domain::words::{Sealed, Words};
use duet::store::{Store, StoreError, keys};
use duet::vault::{self, Binding, DataKey, KeySource, Vault};
use tokio::task::JoinSet;

use super::at;
use crate::engines::{each, each_database};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

fn vault(letter: &str) -> Vault {
    let key = format!("{}A=", letter.repeat(42));
    Vault::open(KeySource::Env(key.into())).unwrap().0
}

async fn installed(store: &Store) -> Vault {
    let vault = vault("A");
    keys::check_install(store, &vault, at(0)).await.unwrap();
    vault
}

async fn data_key(store: &Store, vault: &Vault, owner: PersonId, couple: &str) -> DataKey {
    let mut tx = store.begin().await.unwrap();
    let key = keys::data_key(&mut tx, vault, owner, couple, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    key
}

async fn find(store: &Store, vault: &Vault, owner: PersonId, couple: &str) -> Option<DataKey> {
    keys::find(&mut store.read().await.unwrap(), vault, owner, couple).await.unwrap()
}

fn seal(key: &DataKey, words: &str) -> Sealed {
    vault::seal(key, place(), &Words::new(words)).unwrap()
}

fn opens(key: &DataKey, sealed: &Sealed) -> bool {
    vault::open(key, place(), sealed).is_ok()
}

fn place() -> Binding<'static> {
    Binding { table: "answers", row: "r", author: ADA }
}

#[tokio::test]
async fn an_author_has_one_key_per_couple_and_it_stays() {
    each(async |store| {
        let vault = installed(&store).await;
        assert!(find(&store, &vault, ADA, "c").await.is_none());
        let first = data_key(&store, &vault, ADA, "c").await;
        let sealed = seal(&first, "kept");
        assert!(opens(&data_key(&store, &vault, ADA, "c").await, &sealed));
        assert!(opens(&find(&store, &vault, ADA, "c").await.unwrap(), &sealed));
        assert!(!opens(&data_key(&store, &vault, BEN, "c").await, &sealed));
        assert!(!opens(&data_key(&store, &vault, ADA, "d").await, &sealed));
    })
    .await;
}

#[tokio::test]
async fn deleting_a_key_is_deleting_the_words() {
    each(async |store| {
        let vault = installed(&store).await;
        let sealed = seal(&data_key(&store, &vault, ADA, "c").await, "gone soon");
        data_key(&store, &vault, BEN, "c").await;
        data_key(&store, &vault, ADA, "d").await;

        let mut tx = store.begin().await.unwrap();
        assert!(keys::delete(&mut tx, ADA, "c").await.unwrap());
        assert!(!keys::delete(&mut tx, ADA, "c").await.unwrap());
        tx.commit().await.unwrap();
        assert!(find(&store, &vault, ADA, "c").await.is_none());
        assert!(!opens(&data_key(&store, &vault, ADA, "c").await, &sealed));

        let mut tx = store.begin().await.unwrap();
        assert_eq!(keys::delete_couple(&mut tx, "c").await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert!(find(&store, &vault, ADA, "d").await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_deleted_key_is_in_no_byte_of_the_file() {
    each_database(async |database, store| {
        let Some(file) = &database.file else { return };
        let vault = installed(&store).await;
        let key = data_key(&store, &vault, ADA, "c").await;
        let on_disk = || -> bool {
            ["", "-wal"].iter().any(|tail| {
                let path = format!("{}{tail}", file.display());
                let bytes = std::fs::read(path).unwrap_or_default();
                bytes.windows(key.id().len()).any(|window| window == key.id().as_bytes())
            })
        };
        assert!(on_disk());
        let mut tx = store.begin().await.unwrap();
        keys::delete(&mut tx, ADA, "c").await.unwrap();
        tx.commit().await.unwrap();
        assert!(store.checkpoint().await.unwrap());
        assert!(!on_disk());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_makers_at_once_all_get_the_same_key() {
    each(async |store| {
        installed(&store).await;
        let mut tasks = JoinSet::new();
        for _ in 0..12 {
            let store = store.clone();
            tasks.spawn(async move { data_key(&store, &vault("A"), ADA, "c").await.id().to_owned() });
        }
        let mut ids = tasks.join_all().await;
        ids.dedup();
        assert_eq!(ids.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_wrong_master_key_is_found_at_the_start() {
    each(async |store| {
        assert!(!keys::is_installed(&store).await.unwrap());
        installed(&store).await;
        assert!(keys::is_installed(&store).await.unwrap());
        keys::check_install(&store, &vault("A"), at(1)).await.unwrap();
        let error = keys::check_install(&store, &vault("B"), at(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongMasterKey), "{error}");
    })
    .await;
}

#[tokio::test]
async fn no_key_is_made_under_a_wrong_master_key_or_before_there_is_a_right_one() {
    each(async |store| {
        let mut tx = store.begin().await.unwrap();
        let error = keys::data_key(&mut tx, &vault("A"), ADA, "c", at(0)).await.unwrap_err();
        assert!(matches!(error, StoreError::NotInstalled), "{error}");
        drop(tx);
        installed(&store).await;
        let mut tx = store.begin().await.unwrap();
        let error = keys::data_key(&mut tx, &vault("B"), ADA, "c", at(0)).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongMasterKey), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_rotation_moves_every_key_and_the_check_to_the_new_master_key() {
    each(async |store| {
        let (old, new) = (installed(&store).await, vault("B"));
        let sealed = seal(&data_key(&store, &old, ADA, "c").await, "kept");
        data_key(&store, &old, BEN, "c").await;
        assert_eq!(keys::rotate(&store, &old, &new).await.unwrap(), 2);

        keys::check_install(&store, &new, at(1)).await.unwrap();
        assert!(keys::check_install(&store, &old, at(1)).await.is_err());
        assert!(opens(&find(&store, &new, ADA, "c").await.unwrap(), &sealed));
        let error = keys::find(&mut store.read().await.unwrap(), &old, ADA, "c").await.unwrap_err();
        assert!(error.to_string().starts_with("table keys, row "), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_rotation_that_cannot_move_every_key_moves_none() {
    each_database(async |database, store| {
        let (old, new) = (installed(&store).await, vault("B"));
        data_key(&store, &old, ADA, "c").await;
        let error = keys::rotate(&store, &new, &old).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongMasterKey), "{error}");

        data_key(&store, &old, BEN, "c").await;
        database.run("update keys set wrapped = 'v1.spoiled' where owner = 1002").await;
        let error = keys::rotate(&store, &old, &new).await.unwrap_err();
        assert!(error.to_string().contains("column wrapped"), "{error}");
        assert!(find(&store, &old, ADA, "c").await.is_some());
        keys::check_install(&store, &old, at(1)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_key_is_lost_between_a_rotation_and_the_makers_of_keys() {
    each(async |store| {
        let (old, new) = (installed(&store).await, vault("B"));
        let mut makers = JoinSet::new();
        for number in 0..30 {
            let store = store.clone();
            makers.spawn(async move {
                let mut tx = store.begin().await.unwrap();
                match keys::data_key(&mut tx, &vault("A"), PersonId(number), "c", at(0)).await {
                    Ok(_) => tx.commit().await.unwrap(),
                    Err(StoreError::WrongMasterKey) => {}
                    Err(error) => panic!("{error}"),
                }
            });
        }
        keys::rotate(&store, &old, &new).await.unwrap();
        makers.join_all().await;
        for number in 0..30 {
            // Reads under the new master key, or was never made.
            find(&store, &new, PersonId(number), "c").await;
        }
    })
    .await;
}
