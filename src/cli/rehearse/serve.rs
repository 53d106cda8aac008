//! Keeps the small Discord running, with the real bot against it or without, until Ctrl-C. Here time flows as it does outside.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use duet::clock::{Clock as _, SystemClock};
use duet::domain::library::Library;
use duet::rehearsal::{Setup, WorldClock};
use tokio_util::sync::CancellationToken;

use super::super::{exit, run};
use super::stage::{Mishap, Stage};

/// How often the world's clock follows the machine's.
const TICK: Duration = Duration::from_millis(20);

#[derive(Debug, Args)]
pub struct Serve {
    /// The port of the API address; any free one by default
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Start only the small Discord, for a bot of your own
    #[arg(long)]
    without_bot: bool,
}

impl Serve {
    pub async fn run(self) -> ExitCode {
        match self.serve().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(mishap) => {
                eprintln!("{mishap}");
                ExitCode::from(exit::FAILED)
            }
        }
    }

    async fn serve(&self) -> Result<(), Mishap> {
        let stop = CancellationToken::new();
        run::stop_on_signals(stop.clone())?;
        let setup = Setup { start_ms: SystemClock.now().as_millisecond(), port: self.port, record: false, ..Setup::default() };
        let stage = Stage::set(setup).await?;
        let [alex, sam] = ["Alex", "Sam"].map(|name| stage.rehearsal.person(name));
        let server = stage.rehearsal.server("The Hut", &[&alex, &sam]);
        Self::introduce(&stage, &format!("The Hut ({}), with #general ({})", server.id(), server.general().id()));
        let time = flow(stage.rehearsal.clock());
        let outcome = tokio::select! {
            () = time => Ok(()),
            served = self.bot(&stage, &stop) => served,
        };
        stage.rehearsal.stop().await;
        outcome
    }

    async fn bot(&self, stage: &Stage, stop: &CancellationToken) -> Result<(), Mishap> {
        if self.without_bot {
            stop.cancelled().await;
            return Ok(());
        }
        let library = Library::built_in().map_err(|flaws| Mishap::because(super::super::prompts::flawed(&flaws)))?;
        let seed = u64::from_le_bytes(duet::vault::randomness::<8>()?);
        let mut bot = stage.bot(library, seed).await?;
        println!("Duet is connected to it.");
        let ended = tokio::select! {
            () = stop.cancelled() => None,
            ended = bot.ended() => Some(ended),
        };
        match ended {
            None => bot.stop().await,
            Some(ended) => ended.and(Err(Mishap::because("the bot ended by itself"))),
        }
    }

    fn introduce(stage: &Stage, server: &str) {
        println!(
            "A small Discord runs at {}: REST under /api/v10 of it, the gateway where GET /gateway says.",
            stage.rehearsal.address()
        );
        println!("Alex and Sam are invented, and in the server {server}. It is gone when this ends: Ctrl-C.");
        println!();
        println!("Point any Discord client library at that address, with this token:");
        println!();
        println!("  export DUET_DISCORD_API={}", stage.rehearsal.address());
        println!("  export DISCORD_TOKEN={}", stage.rehearsal.token());
        println!();
        println!("With --without-bot nobody answers here, and `duet run` in another terminal can be the bot.");
        println!();
    }
}

/// Never ends.
async fn flow(clock: &WorldClock) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        clock.set_ms(SystemClock.now().as_millisecond());
    }
}
