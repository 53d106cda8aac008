//! `duet keys`: a change of the master key, and every moment at which it may be interrupted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use duet::domain::ids::PersonId;
use duet::store::{Store, keys};
use duet::vault::{KeySource, Vault, copy_key_file};
use jiff::Timestamp;

use crate::program::Place;

const ADA: PersonId = PersonId(1001);

async fn open(place: &Place) -> Store {
    Store::open(&format!("sqlite://{}", place.path("duet.db").display())).await.unwrap()
}

fn in_file(path: &Path, create: bool) -> Vault {
    Vault::open(KeySource::File { path: path.to_owned(), create }).unwrap().0
}

/// A database with two data keys under `duet.key`.
async fn lived_in() -> Place {
    let place = Place::new();
    let store = open(&place).await;
    let vault = in_file(&place.path("duet.key"), true);
    keys::check_install(&store, &vault, Timestamp::UNIX_EPOCH).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    for couple in ["c", "d"] {
        keys::data_key(&mut tx, &vault, ADA, couple, Timestamp::UNIX_EPOCH).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await;
    place
}

/// Whether everything opens under the key in this file.
async fn opens(place: &Place, key: &str) -> bool {
    let (store, vault) = (open(place).await, in_file(&place.path(key), false));
    let right = keys::is_right(&store, &vault).await.unwrap() == Some(true);
    if right {
        let found = keys::find(&mut store.read().await.unwrap(), &vault, ADA, "d").await.unwrap();
        assert!(found.is_some());
    }
    store.close().await;
    right
}

fn names(place: &Place) -> Vec<String> {
    let names = fs::read_dir(place.path(".")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.contains("key")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_new_key_is_one_that_can_be_used() {
    let mut place = Place::new();
    let (one, other) = (place.duet("keys new").await, place.duet("keys new").await);
    assert_eq!((one.code, one.out.len()), (0, 45));
    assert_ne!(one.out, other.out);
    place.set("DUET_MASTER_KEY", one.out.trim());
    assert_eq!(place.duet("doctor").await.code, 0);
}

#[tokio::test]
async fn a_key_file_is_replaced_and_the_old_one_kept() {
    let place = lived_in().await;
    let before = fs::read_to_string(place.path("duet.key")).unwrap();
    let ran = place.duet("keys rotate").await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("2 keys are under the new master key.\nThe new one is in duet.key. Settings stay as they are"));
    assert!(ran.out.contains("The old one is in duet.key.old"), "{}", ran.out);
    assert_eq!(names(&place), ["duet.key", "duet.key.old"]);
    assert_eq!(fs::read_to_string(place.path("duet.key.old")).unwrap(), before);
    for name in ["duet.key", "duet.key.old"] {
        assert_eq!(fs::metadata(place.path(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(opens(&place, "duet.key").await && !opens(&place, "duet.key.old").await);
    assert!(!ran.out.contains(before.trim()));

    // Once more: the first old key may be the one that an older backup needs.
    assert_eq!(place.duet("keys rotate").await.code, 0);
    assert_eq!(names(&place), ["duet.key", "duet.key.old", "duet.key.old2"]);
    assert_eq!(fs::read_to_string(place.path("duet.key.old")).unwrap(), before);
    assert!(opens(&place, "duet.key").await);
}

/// Stands at a step of a change, as if the power had failed there; then runs it again.
async fn interrupted(steps: usize) {
    let place = lived_in().await;
    let (current, waiting) = (place.path("duet.key"), place.path("duet.key.new"));
    let before = fs::read_to_string(&current).unwrap();
    let (old, new) = (in_file(&current, false), in_file(&waiting, true));
    if steps >= 2 {
        let store = open(&place).await;
        keys::rotate(&store, &old, &new).await.unwrap();
        store.close().await;
    }
    if steps >= 3 {
        copy_key_file(&current, &place.path("duet.key.old")).unwrap();
    }
    let right = if steps == 1 { "duet.key" } else { "duet.key.new" };
    assert!(opens(&place, right).await, "at every moment one file is right");

    let doctor = place.duet("doctor").await;
    assert!(doctor.out.contains("`duet keys rotate`"), "doctor says which way on: {}", doctor.out);
    assert_eq!(doctor.code, i32::from(steps > 1));
    if steps > 1 {
        let mut serving = Place::new();
        serving.set("DUET_DATABASE_URL", format!("sqlite://{}", place.path("duet.db").display()));
        serving.set("DISCORD_TOKEN", "MTIz.a.b");
        serving.set("DUET_DISCORD_API", "http://127.0.0.1:1");
        let ran = serving.duet("run").await;
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("`duet keys rotate` finishes it"), "{}", ran.err);
    }

    let ran = place.duet("keys rotate").await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let finished = ran.out.starts_with("An earlier run had put all keys under the new master key; this one finished it.");
    assert_eq!(finished, steps > 1, "{}", ran.out);
    assert_eq!(names(&place), ["duet.key", "duet.key.old"]);
    assert_eq!(fs::read_to_string(place.path("duet.key.old")).unwrap(), before);
    assert!(opens(&place, "duet.key").await);
}

#[tokio::test]
async fn interrupted_before_the_database_changed_it_goes_on() {
    interrupted(1).await;
}

#[tokio::test]
async fn interrupted_after_the_database_changed_it_finishes() {
    interrupted(2).await;
}

#[tokio::test]
async fn interrupted_before_the_new_file_took_its_place_it_finishes() {
    interrupted(3).await;
}

#[tokio::test]
async fn a_key_in_the_settings_is_changed_for_another_or_for_a_file() {
    let mut place = lived_in().await;
    let first = fs::read_to_string(place.path("duet.key")).unwrap();
    fs::remove_file(place.path("duet.key")).unwrap();
    place.set("DUET_MASTER_KEY", first.trim());
    let ran = place.duet("keys rotate").await;
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("Put the new one into DUET_NEW_MASTER_KEY"), "{}", ran.err);

    let second = place.duet("keys new").await.out;
    place.set("DUET_NEW_MASTER_KEY", second.trim());
    for said in ["2 keys are under", "An earlier run had put all keys"] {
        let ran = place.duet("keys rotate").await;
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.starts_with(said) && ran.out.contains("Now set DUET_MASTER_KEY to what DUET_NEW_MASTER_KEY holds"));
    }
    assert_eq!(place.duet("keys rotate --new-key-file other.key").await.code, 2);
    place.unset("DUET_NEW_MASTER_KEY");
    place.set("DUET_MASTER_KEY", second.trim());
    let ran = place.duet("keys rotate --new-key-file other.key").await;
    assert!(ran.out.contains("Now set DUET_KEY_FILE=other.key and unset DUET_MASTER_KEY"), "{}{}", ran.out, ran.err);
    assert!(opens(&place, "other.key").await);
    place.unset("DUET_MASTER_KEY");
    place.set("DUET_KEY_FILE", "other.key");
    assert_eq!(place.duet("doctor").await.code, 0);
}

#[tokio::test]
async fn what_cannot_be_changed_is_refused_and_nothing_is_touched() {
    let mut place = Place::new();
    let refused = async |place: &Place, text: &str| {
        let before = names(place);
        let ran = place.duet("keys rotate").await;
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        assert!(ran.err.starts_with("Keys are not changed: ") && ran.err.contains(text), "{}", ran.err);
        assert_eq!(names(place), before);
    };
    refused(&place, "there is no database yet").await;
    open(&place).await.close().await;
    refused(&place, "no master key was ever used").await;

    let mut place2 = lived_in().await;
    let key = place2.path("duet.key");
    let text = fs::read_to_string(&key).unwrap();
    place2.set("DUET_NEW_MASTER_KEY", "hunter2");
    refused(&place2, "DUET_NEW_MASTER_KEY is not 32 bytes").await;
    place2.set("DUET_NEW_MASTER_KEY", text.trim());
    refused(&place2, "the one in use").await;
    place2.unset("DUET_NEW_MASTER_KEY");
    fs::remove_file(&key).unwrap();
    refused(&place2, "there is no key file").await;
    in_file(&key, true);
    refused(&place2, "the master key is not the one").await;

    place.set("DUET_DATABASE_URL", "sqlite://nowhere/duet.db");
    refused(&place, "the folder nowhere does not exist").await;
}
