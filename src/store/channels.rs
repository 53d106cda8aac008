//! The table `channels_seen`: who may see a home, as gateway events told it. Without a row, ask Discord.

use jiff::Timestamp;

use super::row::{Columns, due_millis, json};
use super::{StoreError, Tx};
use crate::domain::ids::{ChannelId, ServerId};
use crate::domain::visibility::Overwrite;

pub async fn seen(
    tx: &mut Tx,
    channel: ChannelId,
    server: ServerId,
    overwrites: &[Overwrite],
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into channels_seen (channel, server, overwrites, seen_at) values ($1, $2, $3, $4)
         on conflict (channel) do update set overwrites = excluded.overwrites, seen_at = excluded.seen_at",
    )
    .bind(channel.0)
    .bind(server.0)
    .bind(json(&overwrites)?)
    .bind(due_millis(now))
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn load(tx: &mut Tx, channel: ChannelId) -> Result<Option<Vec<Overwrite>>, StoreError> {
    let row =
        sqlx::query("select overwrites from channels_seen where channel = $1").bind(channel.0).fetch_optional(tx.conn()).await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("channels_seen", channel.to_string(), &row);
    serde_json::from_str(&columns.text("overwrites")?)
        .map(Some)
        .map_err(|_| columns.refuse("overwrites", "not a list of overwrites"))
}

pub async fn forget(tx: &mut Tx, channel: ChannelId) -> Result<(), StoreError> {
    sqlx::query("delete from channels_seen where channel = $1").bind(channel.0).execute(tx.conn()).await?;
    Ok(())
}

/// After a gateway session was lost, what happened meanwhile is unknown: forget what was seen.
pub async fn forget_all(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query("delete from channels_seen").execute(tx.conn()).await?;
    Ok(())
}
