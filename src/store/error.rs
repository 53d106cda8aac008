use std::borrow::Cow;
use std::fmt;

use crate::vault::VaultError;

/// What can go wrong in the store. No variant carries a value that was bound or read: the words in a row are not ours to print.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Database(#[from] DatabaseFault),
    #[error("the database address is not usable: {0}")]
    Address(String),
    #[error("the database cannot be opened ({place}): {fault}")]
    Unreachable { place: String, fault: DatabaseFault },
    /// A row that this version of Duet cannot read.
    #[error("table {table}, row {id}, column {column}: {why}")]
    Row { table: &'static str, column: &'static str, id: String, why: String },
    /// Somebody else wrote the row since it was read: load again and try once more.
    #[error("table {table}, row {id}: changed by somebody else meanwhile")]
    Conflict { table: &'static str, id: String },
    /// Discord told an interaction again that was dealt with before.
    #[error("told again")]
    ToldAgain,
    #[error(
        "the master key is not the one that this database was set up with: give the right DUET_MASTER_KEY or key file. \
         Without it, what people wrote cannot be read by anybody"
    )]
    WrongMasterKey,
    #[error("the database was never set up with a master key; run `duet run` once first")]
    NotInstalled,
    #[error(
        "the database was used by a newer Duet (it has migration {found}, this version knows up to {known}): \
         use that version, or a backup from before"
    )]
    NewerDatabase { found: i64, known: i64 },
    #[error("migration {0} is not the one that this database was built with; a released migration must never be edited")]
    AlteredMigration(i64),
    #[error("migration {version} failed, nothing was changed: {fault}")]
    Migration { version: i64, fault: DatabaseFault },
    #[error("a value cannot be written as JSON")]
    Unwritable,
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl StoreError {
    /// Whether the same again may go well: a conflict, a deadlock, a database too busy to answer.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Conflict { .. } => true,
            Self::Database(fault) => fault.may_pass,
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(DatabaseFault::from(error))
    }
}

/// What the database said, without what was said to it.
pub struct DatabaseFault {
    code: Option<String>,
    said: String,
    may_pass: bool,
}

impl DatabaseFault {
    /// `SQLSTATE` on PostgreSQL, the extended result code on SQLite.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

impl std::error::Error for DatabaseFault {}

impl fmt::Display for DatabaseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} ({code})", self.said),
            None => f.write_str(&self.said),
        }
    }
}

impl fmt::Debug for DatabaseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseFault({self})")
    }
}

impl From<sqlx::Error> for DatabaseFault {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(said) = &error else {
            let said = match &error {
                // These two may quote the value they failed on.
                sqlx::Error::Encode(_) => "a value could not be sent".into(),
                sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => "a value could not be read".into(),
                other => other.to_string(),
            };
            return Self { code: None, said, may_pass: matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) };
        };
        let code = said.code().map(Cow::into_owned);
        let code_is = |codes: &[&str]| code.as_deref().is_some_and(|code| codes.contains(&code));
        Self {
            // PostgreSQL's serialization failure, deadlock, lock timeout; SQLite's BUSY in its four kinds.
            may_pass: code_is(&["40001", "40P01", "55P03", "5", "261", "517", "773"]),
            // PostgreSQL's class 22 is about data, and its messages quote them.
            said: if code.as_deref().is_some_and(|code| code.len() == 5 && code.starts_with("22")) {
                "a value was refused".into()
            } else {
                said.message().to_owned()
            },
            code,
        }
    }
}
