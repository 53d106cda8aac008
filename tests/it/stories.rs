//! Stories told by people, through the wire, on both engines.

mod alone;
mod checkins;
mod core_loop;
mod deleted;
mod exporting;
mod faults;
mod homes;
mod insights;
mod leaving;
mod limits;
mod mine;
mod nudges;
mod pairing;
mod promises;
mod reflections;
mod rounds;
mod schedule;
mod settings;
mod sharing;
mod texts;
mod typed;
