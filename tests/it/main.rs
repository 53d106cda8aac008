//! One integration binary: stories and checks over the whole house.

mod decks;
