//! Stories told by people, through the wire, on both engines.

mod core_loop;
mod homes;
mod leaving;
mod pairing;
mod settings;
mod texts;
