//! What belongs to one person alone, in whichever table it lies.
//!
//! Owns the list of those tables. A table with words or habits of one person that is not on it outlives `Delete my data`:
//! `tests/it/privacy.rs` names it.

use sqlx::AssertSqlSafe;

use super::{StoreError, Tx};
use crate::domain::ids::PersonId;

/// Each with the column that says whose a row is. The keys come first: whoever is writing under one is waited for, and then
/// what they wrote goes, too.
pub const OWN: &[(&str, &str)] = &[
    ("keys", "owner"),
    ("answers", "author"),
    ("taps", "author"),
    ("passages", "author"),
    ("said", "author"),
    ("items", "author"),
    ("entries", "author"),
    // After the entries it hangs on, as whoever deletes one does.
    ("typed", "author"),
    ("sittings", "person"),
    ("reflection_plans", "person"),
    ("kept", "person"),
    ("dms", "person"),
    ("unreached", "person"),
    ("proposals", "proposer"),
    ("people", "id"),
];

/// Whether a table tells what somebody does for themselves alone.
pub fn is_private(table: &str) -> bool {
    matches!(table, "entries" | "typed" | "dms" | "sittings" | "reflection_plans" | "kept")
}

/// How many rows went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone(Vec<(&'static str, u64)>);

impl Gone {
    pub fn from(&self, table: &str) -> u64 {
        self.0.iter().filter(|(name, _)| *name == table).map(|(_, count)| count).sum()
    }
}

/// Call [`super::Store::forget`] after the commit, so that it leaves the disk.
pub async fn delete(tx: &mut Tx, who: PersonId) -> Result<Gone, StoreError> {
    let mut gone = Vec::with_capacity(OWN.len());
    for (table, column) in OWN {
        let sql = format!("delete from {table} where {column} = $1");
        let done = sqlx::query(AssertSqlSafe(sql)).bind(who.0).execute(tx.conn()).await?;
        gone.push((*table, done.rows_affected()));
    }
    Ok(Gone(gone))
}
