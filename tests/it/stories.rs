//! Stories told by people, through the wire, on both engines.

mod core_loop;
