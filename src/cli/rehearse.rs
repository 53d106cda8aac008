//! `duet rehearse …`: the whole bot against a small Discord on this machine, with no account, no token and no network.

mod conversation;
mod kill;
mod play;
mod screens;
mod serve;
mod stage;
mod year;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{exit, logs};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Rehearse {
    #[command(subcommand)]
    how: Option<How>,
}

#[derive(Debug, Subcommand)]
enum How {
    /// Keep the small Discord running, for any client library
    Serve(serve::Serve),
    /// Kill the bot at bad moments, round after round, and count what was lost or doubled
    Kill(kill::Kill),
    /// Play a guided conversation and print it as a page: docs/conversation.md
    Conversation,
    /// Play a year of weekly check-ins in well under a minute, watch every promise, and draw its picture
    Year(year::Year),
}

impl Rehearse {
    pub fn run(self) -> ExitCode {
        logs::begin_if_wanted();
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("the system gives no threads: {error}");
                return ExitCode::from(exit::FAILED);
            }
        };
        runtime.block_on(async {
            match self.how {
                None => play::run().await,
                Some(How::Serve(serve)) => serve.run().await,
                Some(How::Kill(kill)) => kill.run().await,
                Some(How::Conversation) => conversation::run().await,
                Some(How::Year(year)) => year.run().await,
            }
        })
    }
}
