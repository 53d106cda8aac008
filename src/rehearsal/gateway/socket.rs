//! One gateway connection: HELLO, heartbeats, IDENTIFY or RESUME, then events out (events/gateway, "Connection Lifecycle").
//! Real time rules here: heartbeats that stay out close the connection.

use super::{GUILDS, KNOWN_INTENTS, PRIVILEGED, Wire, owns};
use crate::rehearsal::line::Line;
use crate::rehearsal::world::World;
use crate::rehearsal::{Shared, payloads};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What Discord sends in HELLO.
const HEARTBEAT_MS: u64 = 41_250;
/// 120 sends a minute (events/gateway, "Rate Limiting").
const SENDS_A_MINUTE: usize = 120;

enum Next {
    Stay,
    Close(u16, &'static str),
}

pub async fn serve(shared: Arc<Shared>, socket: WebSocket, line: Line) {
    let (mut out, mut inbound) = socket.split();
    let (sender, mut outbox) = mpsc::unbounded_channel();
    let connection = shared.world().gateway.connect(sender.clone());
    let hello = json!({ "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": HEARTBEAT_MS, "_trace": [] } });
    let _ = sender.send(Wire::Text(hello.to_string()));
    drop(sender);
    let mut stopped = shared.stopped.subscribe();
    let mut last_beat = Instant::now();
    let mut sends: Vec<Instant> = Vec::new();
    let mut said_goodbye = false;
    loop {
        let silence = last_beat + Duration::from_millis(HEARTBEAT_MS + HEARTBEAT_MS / 2);
        tokio::select! {
            () = async { let _ = stopped.wait_for(|stopped| *stopped).await; } => { line.cut(); break }
            () = tokio::time::sleep_until(silence) => {
                // Missed heartbeats: Discord closes, and the session can be resumed.
                let _ = out.send(close(Some(4009), "Session timed out.")).await;
                break;
            }
            wire = outbox.recv() => match wire {
                Some(Wire::Text(text)) => if out.send(Message::Text(text.into())).await.is_err() { break },
                Some(Wire::Close(code, reason)) => { let _ = out.send(close(code, reason)).await; break }
                Some(Wire::Cut) => { line.cut(); break }
                None => break,
            },
            frame = inbound.next() => {
                let text = match frame {
                    Some(Ok(Message::Text(text))) => text.to_string(),
                    Some(Ok(Message::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
                    Some(Ok(Message::Close(frame))) => {
                        said_goodbye = frame.is_none_or(|frame| matches!(frame.code, 1000 | 1001));
                        break;
                    }
                    Some(Ok(_)) => continue,
                    Some(Err(_)) | None => break,
                };
                sends.retain(|at| at.elapsed() < Duration::from_mins(1));
                sends.push(Instant::now());
                let next = if sends.len() > SENDS_A_MINUTE {
                    Next::Close(4008, "You are being rate limited.")
                } else {
                    receive(&shared, connection, &text, &mut last_beat)
                };
                shared.tick();
                if let Next::Close(code, reason) = next {
                    let _ = out.send(close(Some(code), reason)).await;
                    break;
                }
            }
        }
    }
    let mut world = shared.world();
    if said_goodbye {
        // A client that closes with 1000 or 1001 ends its session.
        world.gateway.sessions.retain(|_, session| session.connection != Some(connection));
    }
    world.gateway.disconnect(connection);
    drop(world);
    shared.tick();
}

fn close(code: Option<u16>, reason: &'static str) -> Message {
    Message::Close(code.map(|code| CloseFrame { code, reason: reason.into() }))
}

fn receive(shared: &Shared, connection: u64, text: &str, last_beat: &mut Instant) -> Next {
    let Ok(frame) = serde_json::from_str::<Value>(text) else { return Next::Close(4002, "Error while decoding payload.") };
    let mut world = shared.world();
    let reply = |world: &World, frame: Value| {
        if let Some(sender) = world.gateway.connections.get(&connection) {
            let _ = sender.send(Wire::Text(frame.to_string()));
        }
    };
    let in_session = world.gateway.sessions.values().any(|session| session.connection == Some(connection));
    match frame["op"].as_u64() {
        Some(1) => {
            *last_beat = Instant::now();
            if !shared.faults.mutes_acks() {
                reply(&world, json!({ "op": 11, "d": null, "s": null, "t": null }));
            }
            Next::Stay
        }
        Some(2) if in_session => Next::Close(4005, "Already authenticated."),
        Some(2) => identify(shared, &mut world, connection, &frame["d"]),
        Some(6) => {
            let data = &frame["d"];
            if !is_token(shared, &world, &data["token"]) {
                return Next::Close(4004, "Authentication failed.");
            }
            let (session, after) = (data["session_id"].as_str().unwrap_or_default(), data["seq"].as_u64());
            let resumed = after.and_then(|after| world.gateway.resume(session, after, connection));
            if resumed.is_none() {
                world.gateway.sessions.remove(session);
                reply(&world, json!({ "op": 9, "d": false, "s": null, "t": null }));
            }
            Next::Stay
        }
        // Presence, voice state, members, soundboard sounds: accepted, and nothing comes of them here.
        Some(3 | 4 | 8 | 31) if in_session => Next::Stay,
        Some(3 | 4 | 8 | 31) => Next::Close(4003, "Not authenticated."),
        _ => Next::Close(4001, "Unknown opcode."),
    }
}

fn is_token(shared: &Shared, world: &World, given: &Value) -> bool {
    let given = given.as_str().unwrap_or_default();
    !shared.faults.is_revoked() && given.strip_prefix("Bot ").unwrap_or(given) == world.token
}

fn identify(shared: &Shared, world: &mut World, connection: u64, data: &Value) -> Next {
    if !is_token(shared, world, &data["token"]) {
        return Next::Close(4004, "Authentication failed.");
    }
    if !data["properties"].is_object() {
        return Next::Close(4002, "Error while decoding payload.");
    }
    let Some(intents) = data["intents"].as_u64().filter(|intents| intents & !KNOWN_INTENTS == 0) else {
        return Next::Close(4013, "Invalid intent(s).");
    };
    if intents & PRIVILEGED != 0 {
        return Next::Close(4014, "Disallowed intent(s).");
    }
    let part = match &data["shard"] {
        Value::Null => (0, 1),
        given => match (given[0].as_u64(), given[1].as_u64()) {
            (Some(id), Some(of)) if id < of => (id, of),
            _ => return Next::Close(4010, "Invalid shard."),
        },
    };
    // An identify in a bucket that rests gets an invalid session, as Discord answers it.
    if !world.gateway.may_identify(part.0, shared.setup.identify_every) {
        if let Some(sender) = world.gateway.connections.get(&connection) {
            let _ = sender.send(Wire::Text(json!({ "op": 9, "d": false, "s": null, "t": null }).to_string()));
        }
        return Next::Stay;
    }
    world.gateway.identifies += 1;
    let session = world.letters(32).to_lowercase();
    world.gateway.add_session(session.clone(), part, intents, connection);
    let guilds: Vec<u64> = world.guilds.keys().copied().filter(|id| world.bot_is_member(*id) && owns(part, Some(*id))).collect();
    let address = format!("ws://{}", shared.address);
    let ready = payloads::ready(world, &session, &address, part, &guilds);
    world.gateway.send(&session, "READY", &ready);
    if intents & GUILDS != 0 {
        for guild in guilds {
            let payload = payloads::guild_create(world, guild);
            world.gateway.send(&session, "GUILD_CREATE", &payload);
        }
    }
    Next::Stay
}
