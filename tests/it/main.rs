mod decks;
mod edge;
mod engines;
mod store;
