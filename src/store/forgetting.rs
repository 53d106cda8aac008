//! What was deleted leaves the disk. A deleted row is not gone by itself: SQLite keeps older pages in its log, PostgreSQL keeps
//! the row until a vacuum, and its bytes in the page after it.
//!
//! Owns how long that may hold up others. It must never call something gone that a reader kept alive.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};

use super::row::Columns;
use super::{Engine, Store, StoreError};

/// Where words or keys were deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    Entries,
    Answers,
    Taps,
    Passages,
    /// What was written in conversations.
    Said,
    /// Retired from the board.
    Items,
    /// Questions in own words.
    Rounds,
    Keys,
}

impl Forgotten {
    pub const ALL: [Self; 8] =
        [Self::Entries, Self::Answers, Self::Taps, Self::Passages, Self::Said, Self::Items, Self::Rounds, Self::Keys];

    fn table(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Answers => "answers",
            Self::Taps => "taps",
            Self::Passages => "passages",
            Self::Said => "said",
            Self::Items => "items",
            Self::Rounds => "rounds",
            Self::Keys => "keys",
        }
    }

    /// In bytes. Up to here a table is rewritten whole, in well under a second; a bigger one is vacuumed, and the sealed remains
    /// of a row lie in the free space of its page until another row is written there. Keys are always rewritten: without its
    /// key, a sealed text says nothing.
    fn rewritten_up_to(self) -> i64 {
        match self {
            Self::Entries | Self::Answers | Self::Taps | Self::Passages | Self::Said | Self::Items | Self::Rounds => 64 << 20,
            Self::Keys => i64::MAX,
        }
    }
}

/// How long a reader may be waited for; meanwhile nobody writes there. Somebody waits for the reply, too.
const SQLITE: &str = "pragma busy_timeout = 1000";
const POSTGRES: &str = "set lock_timeout = '1s'";
/// A transaction that runs at this very moment hides the row for as long as it lasts: a few milliseconds.
const TRIES: usize = 3;

impl Store {
    /// After a commit that deleted something: it leaves the disk. `false`: somebody reads an older state of the database (a backup
    /// being made, for example), which keeps it there; call again later.
    ///
    /// On SQLite what was deleted is overwritten (`secure_delete`) and the log folded into the file. On PostgreSQL the tables are
    /// rewritten without it; the write-ahead log keeps what was written until it is recycled.
    pub async fn forget(&self, deleted: &[Forgotten]) -> Result<bool, StoreError> {
        if self.engine == Engine::Sqlite {
            return self.checkpoint().await;
        }
        let mut connection = self.aside(POSTGRES).await?;
        let mut gone = true;
        for what in deleted {
            gone &= match vacuumed(&mut connection, *what).await {
                Err(error) if error.may_pass() => false,
                done => done?,
            };
        }
        connection.close().await?;
        Ok(gone)
    }

    /// Folds SQLite's write-ahead log into the file and empties it, so that nothing deleted stays in it. `false`: a reader was in
    /// the way, try again. On PostgreSQL there is nothing to do here.
    pub async fn checkpoint(&self) -> Result<bool, StoreError> {
        if self.engine == Engine::Postgres {
            return Ok(true);
        }
        let mut connection = self.aside(SQLITE).await?;
        let row = sqlx::query("pragma wal_checkpoint(truncate)").fetch_one(&mut connection).await?;
        let busy = Columns::of("wal_checkpoint", "1", &row).number("busy")?;
        connection.close().await?;
        Ok(busy == 0)
    }

    /// A connection beside the pools: its patience is its own, and ends with it even when whoever waits goes away.
    async fn aside(&self, patience: &'static str) -> Result<AnyConnection, StoreError> {
        let mut connection = AnyConnection::connect_with(&self.writers.connect_options()).await?;
        sqlx::raw_sql(patience).execute(&mut connection).await?;
        Ok(connection)
    }
}

/// Whether what was deleted before the call is out of the table.
async fn vacuumed(connection: &mut AnyConnection, what: Forgotten) -> Result<bool, StoreError> {
    let table = what.table();
    if !pruned(connection, table).await? {
        return Ok(false);
    }
    let size =
        sqlx::query("select pg_total_relation_size($1::text::regclass) as size").bind(table).fetch_one(&mut *connection).await?;
    if size.try_get::<i64, _>("size")? <= what.rewritten_up_to() {
        vacuum(connection, "full", table).await?;
    }
    Ok(true)
}

/// Whether the rows are dead for everybody, and taken out of their pages. Their bytes may still lie there.
async fn pruned(connection: &mut AnyConnection, table: &'static str) -> Result<bool, StoreError> {
    for _ in 0..TRIES {
        // Newer than whatever was committed before.
        let mark = sqlx::query("select (txid_current() % 4294967296)::text as mark").fetch_one(&mut *connection).await?;
        vacuum(connection, "freeze", table).await?;
        // A vacuum says nothing of rows that an older snapshot may still see: it keeps them. In `relfrozenxid` it leaves the
        // oldest transaction that it had to keep rows for.
        let row = sqlx::query(
            "select (age(relfrozenxid) < age($1::text::xid))::int::bigint as gone from pg_class where oid = $2::text::regclass",
        )
        .bind(mark.try_get::<String, _>("mark")?)
        .bind(table)
        .fetch_one(&mut *connection)
        .await?;
        if row.try_get::<i64, _>("gone")? == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Not in a transaction: PostgreSQL refuses that.
async fn vacuum(connection: &mut AnyConnection, form: &str, table: &'static str) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(format!("vacuum ({form}) {table}"))).execute(connection).await?;
    Ok(())
}
