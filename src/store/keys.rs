//! The data keys, one per author and couple, each under the master key; and the proof that the master key is the right one.
//!
//! Owns their rows. It must never hold an unwrapped key longer than the call, nor leave two keys for one author in one couple.

use jiff::Timestamp;
use uuid::Uuid;

use super::row::Columns;
use super::{Engine, Forgotten, Store, StoreError, Tx};
use crate::domain::ids::PersonId;
use crate::vault::{self, DataKey, Vault, Wrapped};

const TABLE: &str = "keys";

macro_rules! key_check {
    ($lock:literal) => {
        concat!("select key_check from install where id = 1", $lock)
    };
}

macro_rules! key {
    ($lock:literal) => {
        concat!("select id, wrapped from keys where owner = $1 and couple = $2", $lock)
    };
}

/// The author's key in this couple, made when there is none. Of two makers at the same time, one row stays and both get it.
pub async fn data_key(tx: &mut Tx, vault: &Vault, owner: PersonId, couple: &str, now: Timestamp) -> Result<DataKey, StoreError> {
    if let Some(key) = find_to_write(tx, vault, owner, couple).await? {
        return Ok(key);
    }
    refuse_wrong_master_key(tx, vault).await?;
    let key_id = new_id(now)?;
    let (key, wrapped) = vault.new_data_key(&key_id)?;
    let made = sqlx::query(
        "insert into keys (id, owner, couple, wrapped, made_at) values ($1, $2, $3, $4, $5) \
         on conflict (owner, couple) do nothing",
    )
    .bind(key_id)
    .bind(owner.0)
    .bind(couple)
    .bind(wrapped.0)
    .bind(now.as_millisecond())
    .execute(tx.conn())
    .await?;
    if made.rows_affected() == 1 {
        return Ok(key);
    }
    find_to_write(tx, vault, owner, couple)
        .await?
        .ok_or_else(|| StoreError::Conflict { table: TABLE, id: format!("{owner} in {couple}") })
}

/// The author's key in this couple. `None`: nothing was ever written, or it was deleted and the words with it.
pub async fn find(tx: &mut Tx, vault: &Vault, owner: PersonId, couple: &str) -> Result<Option<DataKey>, StoreError> {
    read(tx, key!(""), vault, owner, couple).await
}

/// As [`find`], for a transaction that seals with it. On PostgreSQL whoever deletes the key waits for its end: words that were
/// sealed under a key already gone could never be read, nor be counted as deleted.
pub async fn find_to_write(tx: &mut Tx, vault: &Vault, owner: PersonId, couple: &str) -> Result<Option<DataKey>, StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => key!(""),
        Engine::Postgres => key!(" for key share"),
    };
    read(tx, sql, vault, owner, couple).await
}

async fn read(
    tx: &mut Tx,
    sql: &'static str,
    vault: &Vault,
    owner: PersonId,
    couple: &str,
) -> Result<Option<DataKey>, StoreError> {
    let row = sqlx::query(sql).bind(owner.0).bind(couple).fetch_optional(tx.conn()).await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::by(TABLE, "id", &row)?;
    let wrapped = Wrapped(columns.text("wrapped")?);
    let key = vault.unwrap_key(&columns.text("id")?, &wrapped).map_err(|why| columns.refuse("wrapped", why.to_string()))?;
    Ok(Some(key))
}

/// Deletes what the author wrote in this couple, by deleting the key. Call [`Store::forget`] after the commit.
pub async fn delete(tx: &mut Tx, owner: PersonId, couple: &str) -> Result<bool, StoreError> {
    let done =
        sqlx::query("delete from keys where owner = $1 and couple = $2").bind(owner.0).bind(couple).execute(tx.conn()).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes what both wrote. As for [`delete`].
pub async fn delete_couple(tx: &mut Tx, couple: &str) -> Result<u64, StoreError> {
    let done = sqlx::query("delete from keys where couple = $1").bind(couple).execute(tx.conn()).await?;
    Ok(done.rows_affected())
}

/// Puts every data key under another master key: all or none. Returns how many. A process that still runs with the old one
/// can read and make no key from then on; stop it first.
pub async fn rotate(store: &Store, old: &Vault, new: &Vault) -> Result<u64, StoreError> {
    let mut tx = store.begin().await?;
    // The key check first: on PostgreSQL its row lock waits for makers under way, and makers wait for it.
    let lock = match tx.engine() {
        Engine::Sqlite => key_check!(""),
        Engine::Postgres => key_check!(" for update"),
    };
    let check = key_check(&mut tx, lock).await?.ok_or(StoreError::NotInstalled)?;
    if !old.verify(&check) {
        return Err(StoreError::WrongMasterKey);
    }
    sqlx::query("update install set key_check = $1 where id = 1").bind(new.check_value()?).execute(tx.conn()).await?;
    let rows = sqlx::query("select id, wrapped from keys order by id").fetch_all(tx.conn()).await?;
    let mut count = 0;
    for row in &rows {
        let columns = Columns::by(TABLE, "id", row)?;
        let id = columns.text("id")?;
        let wrapped =
            old.rewrap(new, &id, &Wrapped(columns.text("wrapped")?)).map_err(|why| columns.refuse("wrapped", why.to_string()))?;
        let done = sqlx::query("update keys set wrapped = $1 where id = $2").bind(wrapped.0).bind(id).execute(tx.conn()).await?;
        // One that was deleted meanwhile stays deleted.
        count += done.rows_affected();
    }
    tx.commit().await?;
    if !store.forget(&[Forgotten::Keys]).await? {
        tracing::warn!("the keys as they were before are still on the disk: somebody reads the database");
    }
    Ok(count)
}

/// At every start: the first run leaves the key check, each later one must pass it.
pub async fn check_install(store: &Store, vault: &Vault, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    sqlx::query("insert into install (id, key_check, made_at) values (1, $1, $2) on conflict (id) do nothing")
        .bind(vault.check_value()?)
        .bind(now.as_millisecond())
        .execute(tx.conn())
        .await?;
    refuse_wrong_master_key(&mut tx, vault).await?;
    tx.commit().await
}

/// Whether a master key was ever used with this database. Where one was, a missing key file must not be made anew.
pub async fn is_installed(store: &Store) -> Result<bool, StoreError> {
    Ok(key_check(&mut store.read().await?, key_check!("")).await?.is_some())
}

/// Whether this master key is the database's; `None` where none was ever used. Only looks.
pub async fn is_right(store: &Store, vault: &Vault) -> Result<Option<bool>, StoreError> {
    let check = key_check(&mut store.read().await?, key_check!("")).await?;
    Ok(check.map(|check| vault.verify(&check)))
}

async fn refuse_wrong_master_key(tx: &mut Tx, vault: &Vault) -> Result<(), StoreError> {
    // PostgreSQL: shared by makers, in the way of a rotation only. A key made under the old master key would be lost.
    let sql = match tx.engine() {
        Engine::Sqlite => key_check!(""),
        Engine::Postgres => key_check!(" for share"),
    };
    match key_check(tx, sql).await? {
        Some(check) if vault.verify(&check) => Ok(()),
        Some(_) => Err(StoreError::WrongMasterKey),
        None => Err(StoreError::NotInstalled),
    }
}

async fn key_check(tx: &mut Tx, sql: &'static str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(sql).fetch_optional(tx.conn()).await?;
    row.map(|row| Columns::of("install", "1", &row).text("key_check")).transpose()
}

/// Random where it counts, not from a seed: a key's id must never come twice.
fn new_id(now: Timestamp) -> Result<String, StoreError> {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &vault::randomness()?).into_uuid();
    Ok(Uuid::as_simple(&id).to_string())
}
