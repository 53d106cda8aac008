//! One binary for all integration tests: stories, and the databases they run on.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod engines;
mod store;
