//! The table `registrations`: which commands an application has on Discord, by a digest of what was sent.

use super::row::Columns;
use super::{StoreError, Tx};

/// What was registered last: the digest of the body, and the ids Discord gave, as JSON from name to id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub digest: String,
    pub commands: String,
}

pub async fn load(tx: &mut Tx, api: &str, application: i64) -> Result<Option<Registration>, StoreError> {
    let row = sqlx::query("select digest, commands from registrations where api = $1 and application = $2")
        .bind(api.to_owned())
        .bind(application)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("registrations", application.to_string(), &row);
    Ok(Some(Registration { digest: columns.text("digest")?, commands: columns.text("commands")? }))
}

pub async fn save(tx: &mut Tx, api: &str, application: i64, registration: &Registration) -> Result<(), StoreError> {
    sqlx::query(
        "insert into registrations (api, application, digest, commands) values ($1, $2, $3, $4)
         on conflict (api, application) do update set digest = excluded.digest, commands = excluded.commands",
    )
    .bind(api.to_owned())
    .bind(application)
    .bind(registration.digest.clone())
    .bind(registration.commands.clone())
    .execute(tx.conn())
    .await?;
    Ok(())
}
