//! A real `duet run`, as a service manager would have it: started, killed without warning, started again on what is on disk.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::super::stage::{Mishap, Stage};

#[derive(Debug)]
pub struct Process {
    child: Child,
    settings: Vec<(&'static str, String)>,
    folder: PathBuf,
}

impl Process {
    /// The first start: waits until it is connected and has registered its commands.
    pub async fn start(stage: &Stage, database: Option<String>) -> Result<Self, Mishap> {
        let folder = stage.folder.path().to_owned();
        let settings = vec![
            ("DISCORD_TOKEN", stage.rehearsal.token()),
            ("DUET_DISCORD_API", stage.rehearsal.address()),
            ("DUET_DATABASE_URL", database.unwrap_or_else(|| stage.folder.database())),
            ("DUET_KEY_FILE", stage.folder.key().display().to_string()),
            ("DUET_REHEARSAL_CLOCK", stage.folder.clock().display().to_string()),
            ("DUET_LOG", std::env::var("DUET_LOG").unwrap_or_else(|_| "info".into())),
        ];
        let child = spawn(&settings, &folder)?;
        let mut process = Self { child, settings, folder };
        tokio::select! {
            () = async { stage.rehearsal.commands_registered().await; stage.rehearsal.connected().await } => Ok(process),
            ended = process.child.wait() => {
                let how = ended?;
                let message = format!("the bot ended at once ({how}):\n{}", process.log_tail());
                Err(Mishap::because(message))
            }
        }
    }

    /// SIGKILL: nothing in it gets another moment.
    pub async fn kill(&mut self) -> Result<(), Mishap> {
        if let Some(ended) = self.child.try_wait()? {
            return Err(Mishap::because(format!("the bot had ended by itself ({ended}):\n{}", self.log_tail())));
        }
        Ok(self.child.kill().await?)
    }

    pub fn start_again(&mut self) -> Result<(), Mishap> {
        self.child = spawn(&self.settings, &self.folder)?;
        Ok(())
    }

    pub async fn stop(&mut self) -> Result<(), Mishap> {
        self.kill().await
    }

    pub fn log_tail(&self) -> String {
        let bytes = std::fs::read(log(&self.folder)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

fn log(folder: &std::path::Path) -> PathBuf {
    folder.join("log")
}

/// With these settings and no others: neither the caller's environment nor an `.env` of theirs gets in.
fn spawn(settings: &[(&'static str, String)], folder: &std::path::Path) -> Result<Child, Mishap> {
    let lines: File = OpenOptions::new().create(true).append(true).open(log(folder))?;
    let child = Command::new(std::env::current_exe()?)
        .arg("run")
        .env_clear()
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(lines)
        .kill_on_drop(true)
        .spawn()?;
    Ok(child)
}
