//! `duet …`: parses the command line, prepares what a command needs, and turns how it ended into an exit code.

mod doctor;
mod keys;
mod logs;
mod prompts;
mod rehearse;
mod run;
mod setup;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A Discord bot for guided couple conversations: asked together, answered in private, revealed together.
///
/// Settings come from the environment and from `.env`; `.env.example` lists them all.
#[derive(Debug, Parser)]
#[command(name = "duet", version, about, long_about)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve on Discord until stopped
    Run,
    /// Look at everything Duet needs, and say what to do about what is wrong
    Doctor(doctor::Options),
    /// Make a master key, or change to another one
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Watch a whole round between two invented people, against a small Discord on this machine
    Rehearse(rehearse::Rehearse),
    /// For those who write decks: check, list, show, compare them, and try them out with many couples
    #[command(subcommand)]
    Prompts(prompts::PromptsCommand),
}

/// What a command's end tells the caller: product-wide, people script against it.
pub mod exit {
    /// Anything that is not one of the others.
    pub const FAILED: u8 = 1;
    /// The settings cannot be used.
    pub const CONFIGURATION: u8 = 2;
    /// Discord refused the token.
    pub const TOKEN: u8 = 3;
}

pub fn main() -> ExitCode {
    match Line::parse().command {
        Command::Run => run::run(),
        Command::Doctor(options) => doctor::run(&options),
        Command::Keys(command) => command.run(),
        Command::Rehearse(line) => line.run(),
        Command::Prompts(command) => {
            let folder: Option<std::path::PathBuf> = std::env::var_os("DUET_PROMPTS").map(Into::into);
            match setup::library(folder.as_deref()) {
                Ok(library) => command.run(Ok(library)),
                Err(setup::NoLibrary::Flaws(flaws)) => command.run(Err(flaws)),
                Err(other) => {
                    eprintln!("{other}");
                    ExitCode::from(exit::CONFIGURATION)
                }
            }
        }
    }
}
