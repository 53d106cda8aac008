//! A year of weekly check-ins between Alex and Sam, played in well under a minute: 52 weeks with what years have in them, the
//! clock moved by hand, every promise watched. What happens is told in `story`; the seed decides how they feel, who is first, and
//! when.

mod life;
mod mood;
mod screen;
mod story;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use duet::picture;
use duet::rehearsal::Setup;
use tokio::time::Instant;

use super::super::exit;
use super::stage::{Mishap, Stage};
use story::Story;
use watch::Tally;

/// The year that the README shows.
const SEED: u64 = 7;

#[derive(Debug, Args)]
pub struct Year {
    /// Decides how they feel, who is first, and when
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Where the picture of their last twelve check-ins goes; an older one is replaced, any other file is left alone
    #[arg(long, value_name = "FILE", default_value = "duet-year.png")]
    picture: PathBuf,
}

impl Year {
    pub async fn run(self) -> ExitCode {
        if let Err(why) = may_write(&self.picture) {
            eprintln!("{why}");
            return ExitCode::from(exit::CONFIGURATION);
        }
        let began = Instant::now();
        match self.play().await {
            Ok(tally) => {
                println!("A year of check-ins for Alex and Sam, seed {}:\n\n{tally}\n", self.seed);
                println!("Every promise held. The picture of their last twelve: {}", self.picture.display());
                println!("It took {:.1} s.", began.elapsed().as_secs_f64());
                ExitCode::SUCCESS
            }
            Err(mishap) => {
                eprintln!("With seed {}, {mishap}", self.seed);
                ExitCode::from(exit::FAILED)
            }
        }
    }

    async fn play(&self) -> Result<Tally, Mishap> {
        let stage = Stage::set(Setup { record: false, limits: false, seed: self.seed, ..Setup::default() }).await?;
        let told = Story::begin(&stage, self.seed).await?.told().await;
        stage.rehearsal.stop().await;
        let (picture, tally) = told?;
        if let Some(route) = stage.rehearsal.unknown_routes().first() {
            return Err(Mishap::because(format!("the bot called {route}, which the rehearsal does not know")));
        }
        std::fs::write(&self.picture, picture)?;
        Ok(tally)
    }
}

/// A free name, or that of a picture like ours.
fn may_write(path: &Path) -> Result<(), String> {
    match std::fs::read(path) {
        Ok(bytes) if is_ours(&bytes) => Ok(()),
        Ok(_) => Err(format!("{} is there already, and no picture of check-ins: choose another with --picture", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            match folder.filter(|folder| !folder.is_dir()) {
                Some(folder) => Err(format!("there is no folder {} for the picture", folder.display())),
                None => Ok(()),
            }
        }
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// A PNG of the size of ours (PNG specification, "IHDR"): its signature, then length and kind of the first chunk, width, height.
fn is_ours(bytes: &[u8]) -> bool {
    let head = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &picture::WIDTH.to_be_bytes(), &picture::HEIGHT.to_be_bytes()].concat();
    bytes.starts_with(&head)
}
