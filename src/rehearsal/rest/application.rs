//! The application itself and the way to the gateway (resources/application; events/gateway, "Get Gateway Bot").

#![expect(clippy::unnecessary_wraps, reason = "every resource has one signature, for the table of routes")]

use super::{Answer, Reply, Request};
use crate::rehearsal::payloads;
use crate::rehearsal::world::World;
use serde_json::json;

pub fn me(world: &mut World, _: &Request) -> Answer {
    Ok(Reply::ok(payloads::application(world)))
}

pub fn gateway(world: &mut World, _: &Request) -> Answer {
    Ok(Reply::ok(json!({ "url": world.gateway.url })))
}

pub fn gateway_bot(world: &mut World, _: &Request) -> Answer {
    let used = world.gateway.identifies;
    Ok(Reply::ok(json!({
        "url": world.gateway.url,
        "shards": world.gateway.shards,
        "session_start_limit": {
            "total": 1000,
            "remaining": 1000_usize.saturating_sub(used),
            "reset_after": 86_400_000,
            "max_concurrency": world.gateway.max_concurrency,
        },
    })))
}
