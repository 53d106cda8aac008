//! One binary for all integration tests: stories, and the databases they run on.

mod engines;
mod store;
