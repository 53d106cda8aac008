//! The one migration history, compiled in; its rules are in `migrations/README.md`.

use std::fmt::Write as _;

use sqlx::AnyConnection;
use sqlx::migrate::{Migration, MigrationType};
use sqlx::{Row as _, SqlSafeStr as _};

use super::{Engine, StoreError, Tx};

/// Number, name, text. A new file in `migrations/` gets its line here.
const ALL: &[(i64, &str, &str)] = &[
    (1, "house", include_str!("../../migrations/0001_house.sql")),
    (2, "couples", include_str!("../../migrations/0002_couples.sql")),
    (3, "rounds", include_str!("../../migrations/0003_rounds.sql")),
    (4, "acts", include_str!("../../migrations/0004_acts.sql")),
    (5, "checkins", include_str!("../../migrations/0005_checkins.sql")),
    (6, "identifies", include_str!("../../migrations/0006_identifies.sql")),
    (7, "journal", include_str!("../../migrations/0007_journal.sql")),
    (8, "typed", include_str!("../../migrations/0008_typed.sql")),
    (9, "passages", include_str!("../../migrations/0009_passages.sql")),
    (10, "conversations", include_str!("../../migrations/0010_conversations.sql")),
    (11, "pauses", include_str!("../../migrations/0011_pauses.sql")),
    (12, "board", include_str!("../../migrations/0012_board.sql")),
    (13, "kept", include_str!("../../migrations/0013_kept.sql")),
    (14, "shown", include_str!("../../migrations/0014_shown.sql")),
    (15, "opt_ins", include_str!("../../migrations/0015_opt_ins.sql")),
];

/// Any number will do, as long as nobody else in the same PostgreSQL database uses it.
const LOCK: &str = "select pg_advisory_xact_lock(4837221046)";

/// How far a database is, for `duet doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrations {
    /// The newest that has run; 0 for an empty database.
    pub applied: i64,
    /// The newest that this version of Duet knows.
    pub known: i64,
}

/// Runs what is missing: all of it or nothing.
pub(super) async fn run(mut tx: Tx) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        // Others may be migrating for longer than a usual lock may take.
        sqlx::raw_sql("set local lock_timeout = '10min'").execute(tx.conn()).await?;
        sqlx::raw_sql(LOCK).execute(tx.conn()).await?;
    }
    let conn = tx.conn();
    sqlx::raw_sql(
        "create table if not exists migrations (version bigint primary key, name text not null, checksum text not null)",
    )
    .execute(&mut *conn)
    .await?;
    let applied = applied(&mut *conn).await?;
    let known = ALL.last().map_or(0, |(version, ..)| *version);
    if let Some((found, _)) = applied.last().filter(|(version, _)| *version > known) {
        return Err(StoreError::NewerDatabase { found: *found, known });
    }
    for (version, name, text) in ALL {
        let checksum = checksum(text);
        match applied.iter().find(|(applied, _)| applied == version) {
            Some((_, same)) if *same == checksum => continue,
            Some(_) => return Err(StoreError::AlteredMigration(*version)),
            None => {}
        }
        let failed = |error: sqlx::Error| StoreError::Migration { version: *version, fault: error.into() };
        sqlx::raw_sql(*text).execute(&mut *conn).await.map_err(failed)?;
        sqlx::query("insert into migrations (version, name, checksum) values ($1, $2, $3)")
            .bind(*version)
            .bind(*name)
            .bind(checksum)
            .execute(&mut *conn)
            .await?;
        tracing::info!(version, name, "migration applied");
    }
    tx.commit().await
}

pub(super) async fn state(tx: &mut Tx) -> Result<Migrations, StoreError> {
    let tables = match tx.engine() {
        Engine::Sqlite => "select name from sqlite_master where type = 'table' and name = 'migrations'",
        Engine::Postgres => {
            "select table_name::text from information_schema.tables \
             where table_schema = current_schema() and table_name = 'migrations'"
        }
    };
    let known = ALL.last().map_or(0, |(version, ..)| *version);
    let is_empty = sqlx::query(tables).fetch_optional(tx.conn()).await?.is_none();
    let applied = if is_empty { Vec::new() } else { applied(tx.conn()).await? };
    for (version, _, text) in ALL {
        if applied.iter().any(|(applied, sum)| applied == version && *sum != checksum(text)) {
            return Err(StoreError::AlteredMigration(*version));
        }
    }
    Ok(Migrations { applied: applied.last().map_or(0, |(version, _)| *version), known })
}

async fn applied(conn: &mut AnyConnection) -> Result<Vec<(i64, String)>, StoreError> {
    let rows = sqlx::query("select version, checksum from migrations order by version").fetch_all(conn).await?;
    rows.iter().map(|row| Ok((row.try_get("version")?, row.try_get("checksum")?))).collect()
}

fn checksum(text: &'static str) -> String {
    let migration = Migration::new(0, "".into(), MigrationType::Simple, text.into_sql_str(), false);
    migration.checksum.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
