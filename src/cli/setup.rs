//! From settings to an [`App`]: the library, the database, the master key. Each failure says what to do.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use duet::app::App;
use duet::clock::{Clock, PublishedClock, SystemClock};
use duet::config::{Config, Key, Wrong};
use duet::domain::library::{Flaw, Library};
use duet::store::{Store, StoreError, keys};
use duet::vault::{Vault, VaultError};

use super::exit;
use super::keys::files;

/// Why Duet could not begin.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    #[error("{}", list(.0))]
    Settings(Vec<Wrong>),
    #[error("{0}")]
    Library(#[from] NoLibrary),
    #[error("{0}")]
    Key(#[from] VaultError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("a change of the master key was interrupted: `duet keys rotate` finishes it")]
    KeysHalfChanged,
    #[error("DUET_REHEARSAL_CLOCK: the clock {path} cannot be read: {source}", path = path.display())]
    Clock { path: PathBuf, source: std::io::Error },
}

impl NotReady {
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Store(StoreError::WrongMasterKey | StoreError::Address(_))
            | Self::Settings(_)
            | Self::Library(_)
            | Self::Key(_)
            | Self::KeysHalfChanged
            | Self::Clock { .. } => exit::CONFIGURATION,
            Self::Store(_) => exit::FAILED,
        })
    }
}

fn list(wrong: &[Wrong]) -> String {
    let lines: Vec<String> = wrong.iter().map(|wrong| format!("  {wrong}")).collect();
    format!("These settings cannot be used:\n{}", lines.join("\n"))
}

#[derive(Debug, thiserror::Error)]
pub enum NoLibrary {
    #[error("{}", prompts(.0))]
    Flaws(Vec<Flaw>),
    #[error("DUET_PROMPTS: {path} cannot be read: {source}", path = path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
}

fn prompts(flaws: &[Flaw]) -> String {
    super::prompts::flawed(flaws)
}

/// The built-in decks, and those of a folder over them.
pub fn library(folder: Option<&Path>) -> Result<Library, NoLibrary> {
    let Some(folder) = folder else { return Library::built_in().map_err(NoLibrary::Flaws) };
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| NoLibrary::Unreadable { path, source }
    };
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
            files.push((path.display().to_string(), text));
        }
    }
    Library::with_folder(files).map_err(NoLibrary::Flaws)
}

pub fn clock(config: &Config) -> Result<Arc<dyn Clock>, NotReady> {
    match &config.rehearsal_clock {
        Some(path) => {
            let clock = PublishedClock::open(path).map_err(|source| NotReady::Clock { path: path.clone(), source })?;
            Ok(Arc::new(clock))
        }
        None => Ok(Arc::new(SystemClock)),
    }
}

/// Opens everything. A key file is made only for a database that never had one: a lost key is never replaced by a new one.
pub async fn app(config: &Config) -> Result<App, NotReady> {
    let library = library(config.prompts.as_deref())?;
    let clock = clock(config)?;
    let store = Store::open(&config.database).await?;
    let installed = keys::is_installed(&store).await?;
    let (vault, made) = Vault::open(config.key.source(!installed))?;
    if let Some(made) = made {
        tracing::warn!(
            "a new master key is in {}: back it up, apart from the database. Without it nothing that was written can be read",
            made.path.display()
        );
    }
    match (keys::check_install(&store, &vault, clock.now()).await, &config.key) {
        (Err(StoreError::WrongMasterKey), Key::File(path)) if files::is_waiting(path) => return Err(NotReady::KeysHalfChanged),
        (checked, _) => checked?,
    }
    let seed = duet::vault::randomness::<8>()?;
    Ok(App::new(store, vault, library, clock, u64::from_le_bytes(seed)))
}
