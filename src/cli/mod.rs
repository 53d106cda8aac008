//! The command line: what a person can ask of the `duet` program besides running it.

pub mod prompts;
