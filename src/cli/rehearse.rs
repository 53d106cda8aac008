//! `duet rehearse …`: the whole bot against a small Discord on this machine, with no account, no token and no network.

mod play;
mod screens;
mod stage;

use std::process::ExitCode;

use clap::Args;

use super::{exit, logs};

#[derive(Debug, Args)]
pub struct Rehearse {}

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
        runtime.block_on(play::run())
    }
}
