//! `duet run`.

use std::process::ExitCode;
use std::sync::Arc;

use duet::config::Config;
use duet::run::{Duet, RunError, Settings};
use tokio_util::sync::CancellationToken;

use super::setup::{self, NotReady};
use super::{exit, logs};

pub fn run() -> ExitCode {
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(wrong) => return told(&NotReady::Settings(wrong)),
    };
    logs::begin(&config);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the system gives no threads: {error}");
            return ExitCode::from(exit::FAILED);
        }
    };
    runtime.block_on(serve(config))
}

fn told(problem: &NotReady) -> ExitCode {
    eprintln!("{problem}");
    problem.code()
}

async fn serve(config: Config) -> ExitCode {
    let Some(token) = config.token.clone() else {
        eprintln!("DISCORD_TOKEN: is not set. Copy it from the Bot page of your application; `duet rehearse` needs none.");
        return ExitCode::from(exit::CONFIGURATION);
    };
    let stop = CancellationToken::new();
    let signals = stop.clone();
    if let Err(error) = stop_on_signals(signals) {
        eprintln!("signals cannot be listened to: {error}");
        return ExitCode::from(exit::FAILED);
    }
    let app = match setup::app(&config).await {
        Ok(app) => Arc::new(app),
        Err(problem) => return told(&problem),
    };
    let settings = Settings { token, api: config.api, shards: config.shards, share: config.share, loops: true };
    let outcome = match Duet::connect(Arc::clone(&app), settings).await {
        Ok(duet) => duet.serve(stop).await,
        Err(error) => Err(error),
    };
    app.store.close().await;
    match outcome {
        Ok(()) => {
            tracing::info!("stopped");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            match error {
                RunError::Token => ExitCode::from(exit::TOKEN),
                RunError::Settings(_) => ExitCode::from(exit::CONFIGURATION),
                _ => ExitCode::from(exit::FAILED),
            }
        }
    }
}

/// SIGTERM and SIGINT ask for a clean stop.
#[expect(clippy::disallowed_methods, reason = "waits for a signal for as long as the process lives; nothing in it can panic")]
pub fn stop_on_signals(stop: CancellationToken) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        stop.cancel();
    });
    Ok(())
}
