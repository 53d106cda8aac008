//! What can be looked at without Discord: token, database, master key, what waits in it, decks, clock.

use std::collections::BTreeMap;

use base64::Engine as _;
use duet::config::{Config, Key};
use duet::store::outbox::Parked;
use duet::store::{Engine, Migrations, Store, StoreError, keys, outbox, timers};
use duet::vault::{Vault, VaultError};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;

use super::super::keys::files;
use super::super::setup::{self, NoLibrary};
use super::Finding;

/// What a running Duet takes care of within seconds; later than this, none is running.
const OVERDUE: SignedDuration = SignedDuration::from_mins(5);
/// Outside of these, the clock was never set.
const YEARS: std::ops::Range<i16> = 2026..2100;

/// Three parts with dots between them, the first of which is an id in base64.
pub fn token(config: &Config) -> Finding {
    let Some(token) = &config.token else {
        return Finding::skipped("token", "DISCORD_TOKEN is not set; `duet run` needs it, `duet rehearse` does not");
    };
    match application_of(token.expose_secret()) {
        Some(application) => Finding::ok("token", format!("has the shape of a token, of application {application}")),
        None => Finding::wrong(
            "token",
            "DISCORD_TOKEN does not have the shape of a bot token: three parts with dots between them",
            "copy it again from the Bot page of your application; it is not the client secret, nor the public key",
        ),
    }
}

fn application_of(token: &str) -> Option<u64> {
    let mut parts = token.split('.');
    let (Some(id), Some(_), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else { return None };
    if token.split('.').any(str::is_empty) {
        return None;
    }
    let forgiving = base64::engine::GeneralPurpose::new(
        &base64::alphabet::URL_SAFE,
        base64::engine::GeneralPurposeConfig::new().with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    let id = forgiving.decode(id.replace('+', "-").replace('/', "_")).ok()?;
    String::from_utf8(id).ok()?.parse().ok()
}

/// The database and all that is asked of it: migrations, master key, timers, notices.
pub async fn database(config: &Config) -> Vec<Finding> {
    let store = match Store::look(&config.database).await {
        Ok(Some(store)) => store,
        Ok(None) => {
            let there = Finding::ok("database", "SQLite, not there yet: `duet run` makes the file");
            return vec![there, master_key(config, None).await];
        }
        Err(error) => return vec![unreadable(&error), master_key(config, None).await],
    };
    let engine = match store.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let findings = match store.migrations().await {
        Ok(migrations) => {
            let mut findings = vec![Finding::ok("database", format!("{engine}, and it answers")), self::migrations(migrations)];
            if migrations.applied == 0 {
                findings.push(master_key(config, None).await);
            } else if migrations.applied <= migrations.known {
                findings.extend(inside(config, &store).await);
            }
            findings
        }
        Err(error @ StoreError::AlteredMigration(_)) => vec![
            Finding::ok("database", format!("{engine}, and it answers")),
            Finding::wrong("migrations", error.to_string(), "use the release of Duet that this database was made with"),
        ],
        Err(error) => vec![unreadable(&error)],
    };
    store.close().await;
    findings
}

fn unreadable(error: &StoreError) -> Finding {
    let advice = match error {
        StoreError::Address(_) => "set DUET_DATABASE_URL to sqlite://PATH or postgres://…",
        StoreError::Unreachable { place, .. } if place.starts_with("PostgreSQL") => {
            "is it running, and do address, user and password fit? See DUET_DATABASE_URL"
        }
        _ => "is the file a database of Duet's, and may this user read and write it and its folder? Otherwise restore a backup",
    };
    Finding::wrong("database", error.to_string(), advice)
}

fn migrations(migrations: Migrations) -> Finding {
    let Migrations { applied, known } = migrations;
    match applied {
        0 => Finding::ok("migrations", "none yet: `duet run` runs them"),
        _ if applied > known => Finding::wrong(
            "migrations",
            format!("the database is of a newer Duet: it has {applied}, this version knows {known}"),
            "use that version, or a backup from before",
        ),
        _ if applied < known => Finding::ok("migrations", format!("{applied} of {known}: `duet run` runs the others")),
        _ => Finding::ok("migrations", format!("all {known}")),
    }
}

/// Whatever needs tables.
async fn inside(config: &Config, store: &Store) -> Vec<Finding> {
    let now = setup::clock(config).map_or(Timestamp::UNIX_EPOCH, |clock| clock.now());
    let key = match keys::is_installed(store).await {
        Ok(true) => master_key(config, Some(store)).await,
        Ok(false) => master_key(config, None).await,
        Err(error) => unreadable(&error),
    };
    let timers = match timers::due_count(store, now - OVERDUE).await {
        Ok(0) => Finding::ok("timers", "none is overdue"),
        Ok(count) => Finding::wrong(
            "timers",
            format!("{count} due for more than {} minutes", OVERDUE.as_mins()),
            "start `duet run`: they ring at once. If it is running, its log says why they do not",
        ),
        Err(error) => unreadable(&error),
    };
    let mut findings = vec![key, timers];
    match (outbox::parked(store).await, outbox::waiting_count(store).await) {
        (Ok(parked), Ok(waiting)) => findings.extend(notices(&parked, waiting)),
        (Err(error), _) | (_, Err(error)) => findings.push(unreadable(&error)),
    }
    findings
}

/// What was given up on, by why.
fn notices(parked: &[Parked], waiting: u64) -> Vec<Finding> {
    if parked.is_empty() {
        return vec![Finding::ok("notices", format!("{waiting} waiting, none given up"))];
    }
    let mut by_failure: BTreeMap<&str, Vec<&Parked>> = BTreeMap::new();
    for one in parked {
        by_failure.entry(&one.failure).or_default().push(one);
    }
    let mut findings = Vec::new();
    for (failure, rows) in by_failure {
        let ids: Vec<String> = rows.iter().take(5).map(|row| row.id.to_string()).collect();
        let more = if rows.len() > ids.len() { ", …" } else { "" };
        findings.push(Finding::wrong(
            "notices",
            format!("{} given up after many tries: {failure} ({}{more})", rows.len(), ids.join(", ")),
            format!("{}; then `duet doctor --retry-parked`", what_to_do(failure)),
        ));
    }
    findings
}

/// By the code that the courier left.
fn what_to_do(failure: &str) -> &'static str {
    match failure {
        "missing_access" => "give the bot its permissions back in that server (see below)",
        "unavailable" => "Discord was away for long: `duet run` tries these every hour by itself, or now if you like",
        "rate_limited" => "Discord was in a hurry for long: nothing is to be mended",
        "token" => "set a token that Discord takes",
        "no_room" => "make room for a channel in that server, or let the couple choose DMs in `/settings`",
        "refused" | "unreadable" => "Discord refused it: look for these ids in the log, and report it as a bug of Duet's",
        "unreadable_notice" => "it is of another version of Duet: update",
        "not_worded" => "look for these ids in the log: the database could not be read when it was to be sent",
        _ => "look for these ids in the log",
    }
}

/// The master key as the settings name it. A store that one was used with says whether it is the right one.
async fn master_key(config: &Config, used: Option<&Store>) -> Finding {
    let vault = match Vault::open(config.key.source(false)) {
        Ok((vault, _)) => vault,
        Err(VaultError::KeyFileMissing(path)) if used.is_none() => {
            return Finding::ok("master key", format!("none yet: `duet run` makes {}", path.display()));
        }
        Err(error) => {
            let advice = match error {
                VaultError::KeyFileMissing(_) => "look in your backups: without it nothing that was written can be read",
                _ => "mend this before `duet run`, which would refuse it",
            };
            return Finding::wrong("master key", error.to_string(), advice);
        }
    };
    let place = match &config.key {
        Key::Given(_) => "from DUET_MASTER_KEY".to_owned(),
        Key::File(path) => format!("in {}, closed to others", path.display()),
    };
    let Some(store) = used else { return Finding::ok("master key", format!("{place}; not used yet")) };
    let half_changed = matches!(&config.key, Key::File(path) if files::is_waiting(path));
    let right = match keys::is_right(store, &vault).await {
        Ok(right) => right != Some(false),
        Err(error) => return unreadable(&error),
    };
    match (right, half_changed) {
        (true, false) => Finding::ok("master key", format!("{place}, and the right one"))
            .advised("have a copy of it, apart from those of the database: without it nothing can be read"),
        (true, true) => Finding::ok("master key", format!("{place}, and the right one"))
            .advised("a change of keys was begun and interrupted: `duet keys rotate` goes on with it"),
        (false, true) => Finding::wrong(
            "master key",
            format!("{place}, but the next one is in use already"),
            "a change of keys was interrupted: `duet keys rotate` finishes it",
        ),
        (false, false) => Finding::wrong(
            "master key",
            format!("{place}, but not the one of this database"),
            "give the key that this database was set up with: look in your backups",
        ),
    }
}

pub fn decks(config: &Config) -> Finding {
    match setup::library(config.prompts.as_deref()) {
        Ok(library) => Finding::ok("decks", format!("{} prompts, every rule holds", library.prompts().len())),
        Err(NoLibrary::Flaws(flaws)) => {
            let count = flaws.len();
            let first = flaws.first().map(ToString::to_string).unwrap_or_default();
            Finding::wrong("decks", format!("{count} to mend, the first: {first}"), "`duet prompts check` names them all")
        }
        Err(error @ NoLibrary::Unreadable { .. }) => {
            Finding::wrong("decks", error.to_string(), "let this user read the folder and its files")
        }
    }
}

pub fn clock(config: &Config) -> Finding {
    match setup::clock(config) {
        Ok(clock) => {
            let now = clock.now();
            let year = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).year();
            if YEARS.contains(&year) {
                Finding::ok("clock", format!("{} UTC", now.strftime("%Y-%m-%d %H:%M")))
            } else {
                Finding::wrong("clock", format!("says it is the year {year}"), "set the system's clock, best by NTP")
            }
        }
        Err(error) => Finding::wrong("clock", error.to_string(), "unset DUET_REHEARSAL_CLOCK"),
    }
}
