mod decks;
mod edge;
mod engines;
mod rehearsal;
mod store;
