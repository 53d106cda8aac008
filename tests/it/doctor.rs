//! `duet doctor`: all well where all is well, and every thing that it can find wrong provoked once.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use duet::domain::ids::NoticeId;
use duet::rehearsal::{FaultKind, Match, Rehearsal, Setup};
use duet::store::{Store, keys, outbox, timers};
use duet::vault::{KeySource, Vault};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::engines;
use crate::program::{Place, Ran};

const SENT: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A place where Duet once ran: a database and its key file.
async fn lived_in() -> Place {
    let place = Place::new();
    let store = open(&place).await;
    let (vault, _) = Vault::open(KeySource::File { path: place.path("duet.key"), create: true }).unwrap();
    keys::check_install(&store, &vault, Timestamp::UNIX_EPOCH).await.unwrap();
    store.close().await;
    place
}

async fn open(place: &Place) -> Store {
    Store::open(&format!("sqlite://{}", place.path("duet.db").display())).await.unwrap()
}

async fn online(place: &mut Place) -> Rehearsal {
    let rehearsal = Rehearsal::start(Setup::default()).await.unwrap();
    place.set("DUET_DISCORD_API", rehearsal.address());
    place.set("DISCORD_TOKEN", rehearsal.token());
    rehearsal
}

impl Ran {
    /// The line about something, with its advice.
    fn finding(&self, verdict: &str, about: &str) -> String {
        let mut lines = self.out.lines().skip_while(|line| {
            let mut words = line.split_whitespace().skip(1);
            words.next() != Some(verdict) || !line.contains(&format!("  {about} "))
        });
        let first = lines.next().unwrap_or_else(|| panic!("nothing about {about} is {verdict}:\n{}", self.out));
        let advice = lines.next().filter(|line| line.trim_start().starts_with('→')).unwrap_or_default();
        format!("{first} {advice}")
    }

    fn is_wrong(&self, about: &str, text: &str) {
        let finding = self.finding("wrong", about);
        assert!(finding.starts_with('✗') && finding.contains(text) && finding.contains('→'), "{finding}");
        assert_eq!(self.code, 1, "{}", self.out);
    }

    fn is_well(&self) {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        assert!(self.out.ends_with("Nothing is wrong.\n") && !self.out.contains('✗'), "{}", self.out);
    }
}

#[tokio::test]
async fn before_the_first_run_nothing_is_wrong_and_nothing_is_made() {
    let place = Place::new();
    let ran = place.duet("doctor").await;
    ran.is_well();
    assert!(ran.finding("ok", "database").contains("not there yet"));
    assert!(ran.finding("ok", "master key").contains("`duet run` makes duet.key"));
    assert!(ran.finding("skipped", "token").contains("DISCORD_TOKEN is not set"));
    assert_eq!(fs::read_dir(place.path(".")).unwrap().count(), 0);
}

#[tokio::test]
async fn all_is_well_on_either_database_with_discord_and_without() {
    for database in engines::all().await {
        let mut place = lived_in().await;
        let (vault, _) = Vault::open(KeySource::File { path: place.path("duet.key"), create: false }).unwrap();
        let store = database.open().await;
        keys::check_install(&store, &vault, Timestamp::UNIX_EPOCH).await.unwrap();
        store.close().await;
        place.set("DUET_DATABASE_URL", &database.url);
        place.set("DUET_KEY_FILE", "duet.key");
        let rehearsal = online(&mut place).await;
        rehearsal.server("The Hut", &[]);
        let ran = place.duet("doctor").await;
        ran.is_well();
        for about in ["settings", "token", "database", "migrations", "master key", "timers", "notices", "decks", "clock"] {
            ran.finding("ok", about);
        }
        assert!(ran.finding("ok", "identity").contains("Duet"));
        assert!(ran.finding("ok", "intents").contains("none is privileged"));
        assert!(ran.finding("ok", "permissions").contains("The Hut"));
        assert!(ran.finding("ok", "shards").contains("Discord recommends 1"));
        assert!(ran.out.contains("agrees with Discord's"));
        assert!(!ran.out.contains(&rehearsal.token()));
        rehearsal.take_exchanges();
        let ran = place.duet("doctor --offline").await;
        ran.is_well();
        ran.finding("skipped", "discord");
        assert!(rehearsal.exchanges().is_empty(), "it asked Discord all the same");
        database.finish().await;
    }
}

#[tokio::test]
async fn what_it_asks_is_in_discords_document() {
    let mut place = lived_in().await;
    let rehearsal = online(&mut place).await;
    place.duet("doctor").await;
    let wrong = crate::openapi::check(&rehearsal.take_exchanges());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_wrong_setting_is_named_and_ends_it_with_2() {
    let mut place = Place::new();
    place.set("DUET_SHARDS", "3-1/2");
    place.set("DUET_LOG_FORMAT", "xml");
    let ran = place.duet("doctor").await;
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("✗ wrong    settings     DUET_SHARDS: ") && ran.out.contains("DUET_LOG_FORMAT: "), "{}", ran.out);
}

#[tokio::test]
async fn what_is_no_token_is_said_to_be_none_and_sent_nowhere() {
    let mut place = lived_in().await;
    let rehearsal = online(&mut place).await;
    for text in ["hunter2secret", "aGVsbG8.hunter2.secret", "MTIz.hunter2", "MTIz..hunter2"] {
        place.set("DISCORD_TOKEN", text);
        let ran = place.duet("doctor").await;
        ran.is_wrong("token", "three parts");
        ran.finding("skipped", "discord");
        assert!(!ran.out.contains("hunter2"));
    }
    assert!(rehearsal.exchanges().is_empty());
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_or_read() {
    let mut place = Place::new();
    place.set("DUET_DATABASE_URL", "sqlite://nowhere/duet.db");
    place.duet("doctor").await.is_wrong("database", "the folder nowhere does not exist");
    place.set("DUET_DATABASE_URL", "postgres://me:hunter2@127.0.0.1:1/duet");
    let ran = place.duet("doctor").await;
    ran.is_wrong("database", "127.0.0.1:1/duet");
    assert!(!ran.out.contains("hunter2"));
    fs::write(place.path("shopping.db"), "milk, bread, candles, and whatever else there is to buy on the way home".repeat(20))
        .unwrap();
    place.set("DUET_DATABASE_URL", "sqlite://shopping.db");
    place.duet("doctor").await.is_wrong("database", "restore a backup");
}

#[tokio::test]
async fn a_database_of_a_newer_or_an_altered_duet() {
    for (sql, text) in [
        ("insert into migrations (version, name, checksum) values (999, 'later', '')", "of a newer Duet: it has 999"),
        ("update migrations set checksum = 'x' where version = 1", "migration 1 is not the one"),
    ] {
        let database = engines::sqlite();
        database.open().await.close().await;
        database.run(sql).await;
        let mut place = Place::new();
        place.set("DUET_DATABASE_URL", &database.url);
        place.duet("doctor").await.is_wrong("migrations", text);
    }
}

#[tokio::test]
async fn a_master_key_that_is_another_or_open_or_gone() {
    let mut place = lived_in().await;
    let key = place.path("duet.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    place.duet("doctor").await.is_wrong("master key", "chmod 600");
    fs::remove_file(&key).unwrap();
    place.duet("doctor").await.is_wrong("master key", "there is no key file at duet.key");
    place.set("DUET_MASTER_KEY", SENT);
    place.duet("doctor").await.is_wrong("master key", "not the one of this database");
    place.set("DUET_MASTER_KEY", "hunter2");
    let ran = place.duet("doctor").await;
    ran.is_wrong("master key", "is not 32 bytes in base64");
    assert!(!ran.out.contains("hunter2"));
    assert!(!key.exists(), "doctor made a key");
}

#[tokio::test]
async fn decks_with_a_flaw_and_decks_that_cannot_be_read() {
    let mut place = lived_in().await;
    fs::create_dir(place.path("decks")).unwrap();
    fs::write(place.path("decks/ours.toml"), "not a deck").unwrap();
    place.set("DUET_PROMPTS", "decks");
    place.duet("doctor").await.is_wrong("decks", "ours.toml");
    fs::remove_file(place.path("decks/ours.toml")).unwrap();
    fs::create_dir(place.path("decks/ours.toml")).unwrap();
    place.duet("doctor").await.is_wrong("decks", "cannot be read");
}

#[tokio::test]
async fn a_clock_that_was_never_set_or_is_not_discords() {
    let mut place = lived_in().await;
    let _rehearsal = online(&mut place).await;
    place.set("DUET_REHEARSAL_CLOCK", "clock");
    place.duet("doctor --offline").await.is_wrong("clock", "cannot be read");
    fs::write(place.path("clock"), 0_i64.to_le_bytes()).unwrap();
    place.duet("doctor --offline").await.is_wrong("clock", "the year 1970");
    fs::write(place.path("clock"), 1_800_000_000_000_i64.to_le_bytes()).unwrap();
    place.duet("doctor").await.is_wrong("clock", "differs from Discord's by");
}

#[tokio::test]
async fn moments_that_nobody_minded_and_notices_that_were_given_up() {
    let place = lived_in().await;
    let store = open(&place).await;
    let then = Timestamp::from_second(1_790_000_000).unwrap();
    let mut tx = store.begin().await.unwrap();
    timers::set(&mut tx, "lapse", "a round", then).await.unwrap();
    let notice: NoticeId = "0190b6ad1f3c7c3e8d5b1a2f3c4d5e6f".parse().unwrap();
    outbox::queue(&mut tx, notice, "{}", then).await.unwrap();
    tx.commit().await.unwrap();
    let row = outbox::claim(&store, "somebody", then, SignedDuration::from_secs(60)).await.unwrap().unwrap();
    outbox::park(&store, &row, "missing_access").await.unwrap();
    store.close().await;

    let ran = place.duet("doctor").await;
    ran.is_wrong("timers", "1 due for more than 5 minutes");
    ran.is_wrong("notices", "missing_access");
    assert!(ran.finding("wrong", "notices").contains("give the bot its permissions back"));
    assert!(ran.finding("wrong", "notices").contains(&notice.to_string()));
    let ran = place.duet("doctor --retry-parked").await;
    assert!(ran.out.contains("1 given up before will be tried again"), "{}", ran.out);
    let ran = place.duet("doctor").await;
    assert!(ran.finding("ok", "notices").contains("1 waiting, none given up"));
}

#[tokio::test]
async fn a_discord_that_refuses_or_does_not_answer() {
    let mut place = lived_in().await;
    let rehearsal = online(&mut place).await;
    rehearsal.faults().revoke_token();
    place.duet("doctor").await.is_wrong("identity", "refuses the token");
    place.set("DUET_DISCORD_API", "http://127.0.0.1:1");
    place.duet("doctor").await.is_wrong("identity", "is it running?");
}

#[tokio::test]
async fn an_application_whose_buttons_go_elsewhere() {
    let mut place = lived_in().await;
    let rehearsal = online(&mut place).await;
    let body = json!({ "id": "1", "name": "Duet", "interactions_endpoint_url": "https://example.com", "flags": 1 << 18 });
    rehearsal.faults().on(Match::new("GET", "/applications/@me"), FaultKind::Answer { status: 200, body });
    let ran = place.duet("doctor").await;
    ran.is_wrong("commands", "Interactions Endpoint URL");
    assert!(ran.finding("ok", "intents").contains("you may switch them off"));
}

#[tokio::test]
async fn a_server_that_does_not_give_what_is_needed() {
    let mut place = lived_in().await;
    let rehearsal = online(&mut place).await;
    let ran = place.duet("doctor").await;
    ran.is_well();
    assert!(ran.finding("skipped", "permissions").contains("permissions=117776"));
    let (good, bad) = (rehearsal.server("Good", &[]), rehearsal.server("Bad", &[]));
    bad.role_permissions(bad.id(), 0);
    bad.bot_permissions(1 << 10 | 1 << 11);
    let ran = place.duet("doctor").await;
    ran.is_wrong("permissions", "does not give: Embed Links, Attach Files, Read Message History, Manage Channels");
    assert!(!ran.out.contains("Good"));
    // An administrator may do everything.
    bad.bot_permissions(1 << 3);
    place.duet("doctor").await.is_well();
    good.kick_bot();
}

#[tokio::test]
async fn a_gateway_that_wants_more_shards_or_is_elsewhere_or_has_no_starts_left() {
    let mut place = lived_in().await;
    let rehearsal = online(&mut place).await;
    for (shards, remaining, url, text) in [
        (4, 1000, rehearsal.address().replace("http", "ws"), "DUET_SHARDS=0-3/4"),
        (1, 0, rehearsal.address().replace("http", "ws"), "only 0 of 1000 starts"),
        (1, 1000, "wss://gateway.example.com".to_owned(), "DUET_DISCORD_API_TRUSTED=1"),
    ] {
        let limit = json!({ "total": 1000, "remaining": remaining, "reset_after": 60_000, "max_concurrency": 1 });
        let body = json!({ "url": url, "shards": shards, "session_start_limit": limit });
        rehearsal.faults().on(Match::new("GET", "/gateway/bot"), FaultKind::Answer { status: 200, body });
        place.duet("doctor").await.is_wrong("shards", text);
    }
}
