//! One integration binary: stories told through the wire, stores on both engines, decks, and the house itself.

mod decks;
mod edge;
mod engines;
mod store;
