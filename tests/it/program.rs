//! The program as a person runs it: a folder of its own, only the settings that a test gives, what it prints, how it ends.

use std::path::PathBuf;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;

/// Where `duet` runs: nothing of this machine's settings reaches it.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    settings: Vec<(String, String)>,
}

/// How it went.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), settings: Vec::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.unset(name);
        self.settings.push((name.to_owned(), value.into()));
    }

    pub fn unset(&mut self, name: &str) {
        self.settings.retain(|(known, _)| known != name);
    }

    pub async fn duet(&self, line: &str) -> Ran {
        let given = std::env::vars_os().filter(|(name, _)| {
            let name = name.to_string_lossy();
            !(name.starts_with("DUET_") || name.starts_with("DISCORD_"))
        });
        let output = Command::new(env!("CARGO_BIN_EXE_duet"))
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .envs(given)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap();
        Ran {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
