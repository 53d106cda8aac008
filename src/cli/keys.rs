//! `duet keys`: makes a master key, and puts all data keys under another one.
//!
//! Owns the order of the steps of a change, so that at any moment one key that is on disk opens the database and the next
//! `duet keys rotate` finds out which. It must never print a key that is in use, nor delete one.

pub mod files;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use duet::config::{Config, Key};
use duet::store::{Migrations, Store, StoreError, keys};
use duet::vault::{self, KeySource, Vault, VaultError};
use secrecy::SecretString;

use super::exit;
use super::setup::NotReady;

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Print a fresh master key, for `DUET_MASTER_KEY`
    New,
    /// Put everything under a new master key. Stop `duet run` first
    ///
    /// With a key file and nothing else said, the file is replaced and the old one kept beside it. A new key may also
    /// come from `DUET_NEW_MASTER_KEY`. It re-wraps keys and touches no words, so it takes a moment. Interrupted, it is
    /// finished by running it again.
    Rotate {
        /// Where the new key is or, when there is no such file, is to be made
        #[arg(long, value_name = "PATH")]
        new_key_file: Option<PathBuf>,
    },
}

/// Why keys were not changed. Nothing was touched, unless it says so.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("DUET_NEW_MASTER_KEY and --new-key-file are both given; keep one")]
    TwoNewKeys,
    #[error(
        "the master key is in DUET_MASTER_KEY, so this cannot replace it by itself. Put the new one into \
         DUET_NEW_MASTER_KEY (`duet keys new` prints one), or name a file for it: --new-key-file duet.key"
    )]
    NoNewKey,
    #[error("there is no database yet: nothing is under any key. `duet run` makes both")]
    NoDatabase,
    #[error(
        "the database has migration {applied}, this Duet knows {known}: start `duet run` of this version once, then change keys"
    )]
    OtherVersion { applied: i64, known: i64 },
    #[error("no master key was ever used with this database: start `duet run` once; there is nothing to change yet")]
    NeverUsed,
    #[error("the new key is the one in use; take another (`duet keys new` prints one)")]
    SameKey,
    #[error("DUET_NEW_MASTER_KEY is not 32 bytes in base64 (44 characters); `duet keys new` prints one that is")]
    NotAKey,
    #[error("{0}")]
    Key(#[from] VaultError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error(
        "the database is under the new key already, which is in {waiting}, but it could not take its place: {why}. \
         Mend that and run `duet keys rotate` again; until then `duet run` refuses to start",
        waiting = waiting.display()
    )]
    NotInPlace { waiting: PathBuf, why: VaultError },
}

impl Refused {
    fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::NotInPlace { .. } => exit::FAILED,
            Self::Store(error) if !matches!(error, StoreError::WrongMasterKey | StoreError::Address(_)) => exit::FAILED,
            _ => exit::CONFIGURATION,
        })
    }
}

impl KeysCommand {
    pub fn run(self) -> ExitCode {
        match self {
            Self::New => match vault::new_master_key() {
                Ok(key) => {
                    println!("{}", *key);
                    ExitCode::SUCCESS
                }
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::from(exit::FAILED)
                }
            },
            Self::Rotate { new_key_file } => change(new_key_file),
        }
    }
}

fn change(new_key_file: Option<PathBuf>) -> ExitCode {
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(wrong) => {
            let problem = NotReady::Settings(wrong);
            eprintln!("{problem}");
            return problem.code();
        }
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the system gives no threads: {error}");
            return ExitCode::from(exit::FAILED);
        }
    };
    match runtime.block_on(rotate(&config, new_key_file)) {
        Ok(changed) => {
            println!("{changed}");
            ExitCode::SUCCESS
        }
        Err(refused) => {
            eprintln!("Keys are not changed: {refused}.");
            refused.code()
        }
    }
}

/// Where the new key is, and what becomes of it.
#[derive(Debug)]
enum New {
    /// Waits beside the key file in use, then takes its place.
    InPlace {
        current: PathBuf,
        waiting: PathBuf,
    },
    /// Stays where it is; the settings are changed by a person.
    File(PathBuf),
    Given(SecretString),
}

impl New {
    fn of(config: &Config, file: Option<PathBuf>) -> Result<Self, Refused> {
        match (file, &config.new_key, &config.key) {
            (Some(_), Some(_), _) => Err(Refused::TwoNewKeys),
            (None, Some(key), _) => Ok(Self::Given(key.clone())),
            (Some(file), None, Key::File(current)) if file == *current => Ok(Self::in_place(current)),
            (Some(file), None, _) => Ok(Self::File(file)),
            (None, None, Key::File(current)) => Ok(Self::in_place(current)),
            (None, None, Key::Given(_)) => Err(Refused::NoNewKey),
        }
    }

    fn in_place(current: &Path) -> Self {
        Self::InPlace { current: current.to_owned(), waiting: files::waiting(current) }
    }

    fn open(&self, create: bool) -> Result<Vault, Refused> {
        let source = match self {
            Self::InPlace { waiting: path, .. } | Self::File(path) => KeySource::File { path: path.clone(), create },
            Self::Given(key) => KeySource::Env(key.clone()),
        };
        match Vault::open(source) {
            Ok((vault, _)) => Ok(vault),
            // The vault would name the other setting.
            Err(VaultError::NotAKey { .. }) if matches!(self, Self::Given(_)) => Err(Refused::NotAKey),
            Err(error) => Err(error.into()),
        }
    }
}

async fn rotate(config: &Config, new_key_file: Option<PathBuf>) -> Result<String, Refused> {
    let new = New::of(config, new_key_file)?;
    if Store::look(&config.database).await?.is_none() {
        return Err(Refused::NoDatabase);
    }
    let store = Store::connect(&config.database).await?;
    let outcome = rewrap(config, &store, &new).await;
    store.close().await;
    let count = outcome?;
    let kept = match &new {
        New::InPlace { current, waiting } => {
            put_in_place(current, waiting).map_err(|why| Refused::NotInPlace { waiting: waiting.clone(), why })?
        }
        _ => None,
    };
    Ok(told(config, &new, count, kept.as_deref()))
}

/// How many were re-wrapped; `None` when an earlier run did it and was interrupted afterwards.
async fn rewrap(config: &Config, store: &Store, new: &New) -> Result<Option<u64>, Refused> {
    let Migrations { applied, known } = store.migrations().await?;
    if applied != known {
        return Err(Refused::OtherVersion { applied, known });
    }
    if !keys::is_installed(store).await? {
        return Err(Refused::NeverUsed);
    }
    let current = Vault::open(config.key.source(false)).map(|(vault, _)| vault);
    let is_right = async |vault: &Vault| keys::is_right(store, vault).await.map(|right| right == Some(true));
    match current {
        Ok(current) if is_right(&current).await? => {
            // Only now that nothing else can refuse: a key file that nobody needs is a trap.
            let new = new.open(true)?;
            if is_right(&new).await? {
                return Err(Refused::SameKey);
            }
            Ok(Some(keys::rotate(store, &current, &new).await?))
        }
        current => {
            let done_before = match new.open(false) {
                Ok(new) => is_right(&new).await?,
                Err(_) => false,
            };
            match current {
                _ if done_before => Ok(None),
                Ok(_) => Err(StoreError::WrongMasterKey.into()),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// The old key is on disk under its new name before the new one takes its place in one step.
fn put_in_place(current: &Path, waiting: &Path) -> Result<Option<PathBuf>, VaultError> {
    let kept = files::keep(current)?;
    vault::replace_key_file(waiting, current)?;
    Ok(kept)
}

fn told(config: &Config, new: &New, count: Option<u64>, kept: Option<&Path>) -> String {
    let done = match count {
        Some(1) => "1 key is under the new master key.".to_owned(),
        Some(count) => format!("{count} keys are under the new master key."),
        None => "An earlier run had put all keys under the new master key; this one finished it.".to_owned(),
    };
    let old = match (kept, &config.key) {
        (Some(kept), _) => format!("The old one is in {}", kept.display()),
        (None, Key::File(path)) => format!("The old one is still in {}", path.display()),
        (None, Key::Given(_)) => "The old one is still in DUET_MASTER_KEY".to_owned(),
    };
    let settings = match (new, &config.key) {
        (New::InPlace { current, .. }, _) => {
            format!("The new one is in {}. Settings stay as they are: start `duet run` again.", current.display())
        }
        (New::File(path), Key::Given(_)) => {
            format!("Now set DUET_KEY_FILE={} and unset DUET_MASTER_KEY, then start `duet run` again.", path.display())
        }
        (New::File(path), Key::File(_)) => {
            format!("Now set DUET_KEY_FILE={}, then start `duet run` again.", path.display())
        }
        (New::Given(_), _) => "Now set DUET_MASTER_KEY to what DUET_NEW_MASTER_KEY holds, unset DUET_NEW_MASTER_KEY and \
             DUET_KEY_FILE, then start `duet run` again."
            .to_owned(),
    };
    format!(
        "{done}\n{settings}\n{old}: backups of the database made until now need it. Keep it with them, apart from the database.\n\
         A `duet run` that is still running reads nothing until it is started again."
    )
}
