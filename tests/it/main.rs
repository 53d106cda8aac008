//! One integration binary: stories told through the wire, stores on both engines, decks, and the house itself.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod architecture;
mod decks;
mod doctor;
mod edge;
mod engines;
mod load;
mod log;
mod master_key;
mod openapi;
mod privacy;
mod processes;
mod program;
mod prompts;
mod rehearsal;
mod rehearse;
mod sealed;
mod settings;
mod store;
mod stories;
mod story;
mod uploads;
mod year;
