//! What a rehearsal stands on: a folder that is gone afterwards, the small Discord, the real bot against it.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duet::app::App;
use duet::clock::{Clock as _, PublishedClock};
use duet::courier::{self, Did};
use duet::discord::address::ApiAddress;
use duet::discord::gateway::ShardRange;
use duet::domain::library::Library;
use duet::rehearsal::{Rehearsal, Setup, Trouble};
use duet::run::{Duet, RunError, Settings};
use duet::scheduler;
use duet::store::{Store, StoreError, keys, outbox, timers};
use duet::vault::{KeySource, Vault, VaultError};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// So many times Discord's 50 requests a second that nothing waits.
const UNLIMITED: f64 = 1_000.0;

/// Why a rehearsal did not go as it should.
#[derive(Debug, thiserror::Error)]
pub enum Mishap {
    #[error("{0}")]
    Story(#[from] Trouble),
    #[error("{0}")]
    Unexpected(String),
    #[error("the bot: {0}")]
    Bot(#[from] RunError),
    #[error("{0}")]
    Flow(#[from] duet::flows::Trouble),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Key(#[from] VaultError),
    #[error("{0}")]
    Machine(#[from] io::Error),
}

impl Mishap {
    pub fn because(what: impl Into<String>) -> Self {
        Self::Unexpected(what.into())
    }
}

/// A folder of this rehearsal's own, removed with everything in it when this is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Result<Self, Mishap> {
        let name = u64::from_le_bytes(duet::vault::randomness::<8>()?);
        let path = std::env::temp_dir().join(format!("duet-rehearsal-{name:016x}"));
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn database(&self) -> String {
        format!("sqlite://{}", self.0.join("duet.db").display())
    }

    pub fn key(&self) -> PathBuf {
        self.0.join("duet.key")
    }

    /// Where the rehearsal publishes its time.
    pub fn clock(&self) -> PathBuf {
        self.0.join("clock")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} stays behind: {error}", self.0.display());
        }
    }
}

/// The small Discord, and the folder of whoever plays against it.
#[derive(Debug)]
pub struct Stage {
    pub rehearsal: Rehearsal,
    pub folder: Folder,
}

impl Stage {
    pub async fn set(setup: Setup) -> Result<Self, Mishap> {
        let folder = Folder::new()?;
        let rehearsal = Rehearsal::start(setup).await?;
        rehearsal.clock().publish(&folder.clock())?;
        Ok(Self { rehearsal, folder })
    }

    /// The real bot, in this process, with its loops running. `seed` decides its draws.
    pub async fn bot(&self, library: Library, seed: u64) -> Result<Bot, Mishap> {
        self.connect(library, seed, true).await
    }

    /// The same without its loops: it does what is due when [`Bot::settle`] is called, in an order that is always the same.
    pub async fn bot_by_hand(&self, library: Library, seed: u64) -> Result<Bot, Mishap> {
        self.connect(library, seed, false).await
    }

    async fn connect(&self, library: Library, seed: u64, loops: bool) -> Result<Bot, Mishap> {
        let clock = PublishedClock::open(&self.folder.clock())?;
        let store = Store::open(&self.folder.database()).await?;
        let (vault, _) = Vault::open(KeySource::File { path: self.folder.key(), create: true })?;
        keys::check_install(&store, &vault, clock.now()).await?;
        let app = Arc::new(App::new(store, vault, library, Arc::new(clock), seed));
        let settings = Settings {
            token: SecretString::from(self.rehearsal.token()),
            api: ApiAddress::parse(Some(&self.rehearsal.address()), false).map_err(Mishap::because)?,
            shards: ShardRange::default(),
            // By hand the clock stands still, and limits that run in real time would only hold it up.
            share: if loops { 1.0 } else { UNLIMITED },
            loops,
        };
        let duet = Duet::connect(Arc::clone(&app), settings).await?;
        let (wire, stop) = (Arc::clone(&duet.bot), CancellationToken::new());
        let mut serving = JoinSet::new();
        serving.spawn(duet.serve(stop.clone()));
        self.rehearsal.connected().await;
        Ok(Bot { app, wire, stop, serving })
    }
}

#[derive(Debug)]
pub struct Bot {
    app: Arc<App>,
    wire: Arc<duet::discord::Bot>,
    stop: CancellationToken,
    serving: JoinSet<Result<(), RunError>>,
}

impl Bot {
    /// Rings what is due and delivers what waits, until nothing is left to do at this moment.
    pub async fn settle(&self) -> Result<(), Mishap> {
        loop {
            let rang = scheduler::tick(&self.app).await?;
            let delivered = courier::deliver_one(&self.app, &self.wire).await?;
            if rang == Did::Nothing && delivered == Did::Nothing {
                return Ok(());
            }
        }
    }

    /// When there is something to do next.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, Mishap> {
        let (timer, notice) = (timers::next_due(&self.app.store).await?, outbox::next_due(&self.app.store).await?);
        Ok([timer, notice].into_iter().flatten().min())
    }

    /// Stops as on SIGTERM: with everything in flight done.
    pub async fn stop(mut self) -> Result<(), Mishap> {
        self.stop.cancel();
        let ended = self.ended().await;
        self.app.store.close().await;
        ended
    }

    /// When, and how, it ends by itself.
    pub async fn ended(&mut self) -> Result<(), Mishap> {
        match self.serving.join_next().await {
            Some(Ok(ended)) => Ok(ended?),
            Some(Err(_)) => Err(Mishap::because("the bot panicked")),
            None => Ok(()),
        }
    }
}
