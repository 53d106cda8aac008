//! Several `duet run` on one database, each with its shards and its share of requests.

mod due;
mod identifies;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Stdio;

use duet::rehearsal::{Rehearsal, Setup};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A master key for tests: 32 bytes in base64.
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// One `duet run`, as a service manager on some machine would have it.
struct Process {
    settings: Vec<(&'static str, String)>,
    log: PathBuf,
    child: Option<Child>,
}

impl Process {
    fn start(&mut self) {
        let lines = File::options().create(true).append(true).open(&self.log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_duet"))
            .arg("run")
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.log.parent().unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(lines)
            .kill_on_drop(true)
            .spawn();
        self.child = Some(child.unwrap());
    }

    /// SIGKILL: nothing in it gets another moment.
    async fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        assert_eq!(child.try_wait().unwrap(), None, "it had ended by itself:\n{}", self.log());
        child.kill().await.unwrap();
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// A rehearsal, and what its processes share.
struct House {
    rehearsal: Rehearsal,
    folder: TempDir,
    database: String,
}

impl House {
    async fn new(database: &str, setup: Setup) -> Self {
        let rehearsal = Rehearsal::start(setup).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        rehearsal.clock().publish(&folder.path().join("clock")).unwrap();
        Self { rehearsal, folder, database: database.to_owned() }
    }

    /// Not started yet.
    fn process(&self, shards: &str) -> Process {
        let settings = vec![
            ("DISCORD_TOKEN", self.rehearsal.token()),
            ("DUET_DISCORD_API", self.rehearsal.address()),
            ("DUET_DATABASE_URL", self.database.clone()),
            ("DUET_MASTER_KEY", MASTER_KEY.to_owned()),
            ("DUET_REHEARSAL_CLOCK", self.folder.path().join("clock").display().to_string()),
            ("DUET_SHARDS", shards.to_owned()),
            ("DUET_REST_SHARE", "0.5".to_owned()),
            ("DUET_LOG", "info".to_owned()),
        ];
        let log = self.folder.path().join(format!("log-{}", shards.replace('/', "-of-")));
        Process { settings, log, child: None }
    }
}
