//! Duet asks two people one question, keeps each answer sealed, and opens both together.
//!
//! # The house
//!
//! | room | owns | never |
//! |---|---|---|
//! | [`domain`] | what is true: states and their transitions | async, I/O, SQL, Discord, clock, chance |
//! | [`flows`] | what happens: one transaction per function | the network |
//! | [`store`] | all SQL, timers, outbox | a decision |
//! | [`scheduler`] | a due timer on its way to the flow that owns it | a rule |
//! | [`courier`] | an outbox row on its way to Discord | an open transaction while it talks |
//! | [`discord`] | the wire: gateway, REST, cards, words | a decision |
//! | [`rehearsal`] | a small Discord on localhost | anything of ours |
//! | [`vault`] | sealing and opening private words | a plain word outside [`domain::words::Words`] |
//!
//! # Who may know whom
//!
//! `domain` knows nothing of ours; `vault` and `clock` know `domain`; `store` knows those; `flows` know `app`, `store` and
//! `domain`; `scheduler` and `courier` know `flows` and the store's queues; `discord` knows `app`, `flows` and `domain`;
//! `rehearsal` knows nobody; the command line knows all. `tests/it/architecture.rs` reads the `use` lines and names offenders.

pub mod app;
pub mod clock;
pub mod config;
pub mod courier;
pub mod discord;
pub mod domain;
pub mod flows;
pub mod rehearsal;
pub mod run;
pub mod scheduler;
pub mod store;
pub mod vault;
