//! The wire: the only room that knows serenity and twilight. It decides nothing.
//!
//! `gateway` listens and `rest` speaks, both to the one [`address::ApiAddress`]; `failure` sorts what went wrong;
//! `payloads` holds the few things we read out of Discord's answers and events; `limiter` keeps us inside its limits.

pub mod address;
mod exports;
pub mod failure;
pub mod gateway;
mod limiter;
pub mod payloads;
mod pictures;
pub mod rest;

pub mod buttons;
pub mod callback;
pub mod card;
pub mod cards;
pub mod commands;
pub mod delivery;
pub mod inbound;
pub mod modals;
pub mod registration;
pub mod typed;
pub mod words;

use crate::domain::ids::{PersonId, ServerId};
use payloads::ApplicationId;
use rest::Rest;

/// The bot as Discord knows it, and the way to speak to it.
#[derive(Debug)]
pub struct Bot {
    pub rest: Rest,
    pub application: ApplicationId,
    pub me: PersonId,
    /// Whoever runs it, for the notice that they could read what is written.
    pub owners: Vec<PersonId>,
    /// The id of `/safety`, so that a card can link to it.
    pub safety: Option<i64>,
    pub listening: gateway::Listening,
    /// Shards in all, over every process.
    pub shards: u32,
}

impl Bot {
    /// Whether this process hears what happens in a server, so that what it remembers of it is current
    /// (events/gateway, sharding: the server's id above its lowest 22 bits, by the number of shards).
    pub fn hears(&self, server: ServerId) -> bool {
        let shard = (server.0 >> 22) % i64::from(self.shards.max(1));
        u32::try_from(shard).is_ok_and(|shard| self.listening.hears(shard))
    }

    /// What the reader of a card about `other` is told: whether the bot belongs to `other`.
    pub fn owners_among(&self, other: PersonId) -> Vec<PersonId> {
        self.owners.iter().copied().filter(|owner| *owner == other).collect()
    }
}
