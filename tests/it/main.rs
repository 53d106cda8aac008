//! One integration binary: stories told through the wire, stores on both engines, decks, and the house itself.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod decks;
mod edge;
mod engines;
mod openapi;
mod rehearsal;
mod rehearse;
mod store;
mod stories;
mod story;
