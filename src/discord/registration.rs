//! Registers the commands, only when they changed: a digest of what was sent is kept per address and application.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::commands;
use super::failure::Failure;
use super::payloads::ApplicationId;
use super::rest::Rest;
use crate::app::App;
use crate::flows::Trouble;
use crate::flows::registration::{self, Registration};

#[derive(Deserialize)]
struct Registered {
    id: String,
    name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    #[error("the commands could not be registered: {0}")]
    Discord(#[from] Failure),
    #[error(transparent)]
    Flow(#[from] Trouble),
}

/// Returns the ids that Discord gave, by command name.
pub async fn register(
    app: &App,
    rest: &Rest,
    api: &str,
    application: ApplicationId,
) -> Result<BTreeMap<String, i64>, RegistrationError> {
    let all = commands::all();
    let body = serde_json::to_string(&all).map_err(|_| Failure::Unreadable)?;
    let digest = digest(&body);
    if let Some(known) = registration::known(app, api, application.0).await?
        && known.digest == digest
        && let Ok(ids) = serde_json::from_str(&known.commands)
    {
        return Ok(ids);
    }
    rest.put_commands(&all).await?;
    let registered: Vec<Registered> = rest.commands().await?;
    let ids: BTreeMap<String, i64> =
        registered.into_iter().filter_map(|command| Some((command.name, command.id.parse().ok()?))).collect();
    let commands = serde_json::to_string(&ids).map_err(|_| Failure::Unreadable)?;
    registration::keep(app, api, application.0, &Registration { digest, commands }).await?;
    tracing::info!(commands = ids.len(), "commands registered");
    Ok(ids)
}

/// FNV-1a, 64 bits: tells a changed body from the same one; nobody is to be kept out by it.
fn digest(body: &str) -> String {
    let hash = body.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
