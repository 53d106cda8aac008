//! From an address to open pools, with the settings that make each engine keep what it acknowledged.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, ConnectOptions as _};

use super::{DatabaseFault, Engine, StoreError};

/// As long as a caller of ours may wait for its turn; SQLite's busy timeout and PostgreSQL's lock timeout are the same.
const PATIENCE: Duration = Duration::from_secs(10);

/// `synchronous=full`: an acknowledged answer is on disk. `secure_delete`: a deleted key is overwritten.
/// `busy_timeout` comes first because the change to WAL may have to wait.
const SQLITE_WRITER: &str = "pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = full; \
     pragma foreign_keys = on; pragma secure_delete = on;";
const SQLITE_READER: &str = "pragma busy_timeout = 10000; pragma query_only = on;";

/// A transaction left open by a stuck task must not hold its rows for ever.
const POSTGRES: &str = "set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '60s'; \
     set default_transaction_isolation = 'read committed';";

const POSTGRES_READER: &str = "set lock_timeout = '10s'; set default_transaction_read_only = on;";

#[derive(Debug)]
pub(super) struct Address {
    engine: Engine,
    url: String,
    /// For messages: never holds a password.
    place: String,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let rest = rest.strip_prefix("//").unwrap_or(rest);
            let (path, query) = rest.split_once('?').unwrap_or((rest, "mode=rwc"));
            let reason = match (path, query) {
                ("" | ":memory:", _) => "SQLite needs a file: sqlite://duet.db",
                (_, "mode=rwc" | "mode=rw") => {
                    return Ok(Self {
                        engine: Engine::Sqlite,
                        url: format!("sqlite:{}?{query}", quoted(path)),
                        place: path.to_owned(),
                    });
                }
                _ => "after the `?` of a sqlite address only mode=rwc or mode=rw may stand",
            };
            return Err(StoreError::Address(reason.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let after_login =
                url.rsplit_once('@').map_or_else(|| url.split_once("://").map_or("", |(_, rest)| rest), |(_, rest)| rest);
            let place = after_login.split('?').next().unwrap_or_default();
            return Ok(Self { engine: Engine::Postgres, url: url.to_owned(), place: format!("PostgreSQL at {place}") });
        }
        Err(StoreError::Address("it must begin with sqlite:// or postgres://, for example sqlite://duet.db".into()))
    }

    pub(super) fn engine(&self) -> Engine {
        self.engine
    }

    /// Writers and readers. On PostgreSQL they are the same pool.
    pub(super) async fn pools(&self) -> Result<(AnyPool, AnyPool), StoreError> {
        sqlx::any::install_default_drivers();
        match self.engine {
            Engine::Sqlite => {
                self.refuse_missing_folder()?;
                // A connection is a thread and up to 2 MiB of pages; reads are short.
                let writers = Self::pool(1, SQLITE_WRITER).idle_timeout(None).max_lifetime(None);
                let readers = Self::pool(4, SQLITE_READER).max_lifetime(None);
                let writers = self.connected(writers).await?;
                Ok((writers, readers.connect_lazy_with(self.options(&self.url)?)))
            }
            Engine::Postgres => {
                let pool = Self::pool(10, POSTGRES).test_before_acquire(true);
                let pool = self.connected(pool).await?;
                Ok((pool.clone(), pool))
            }
        }
    }

    /// Readers alone, of a database that is there.
    pub(super) async fn readers(&self) -> Result<AnyPool, StoreError> {
        sqlx::any::install_default_drivers();
        match self.engine {
            Engine::Sqlite => {
                self.refuse_missing_folder()?;
                let url = self.url.replace("?mode=rwc", "?mode=rw");
                let readers = Self::pool(1, SQLITE_READER).connect_with(self.options(&url)?).await;
                readers.map_err(|error| self.unreachable(error))
            }
            Engine::Postgres => self.connected(Self::pool(1, POSTGRES_READER)).await,
        }
    }

    /// Whether this is SQLite without its file. A missing folder is an error of its own.
    pub(super) fn is_missing_file(&self) -> bool {
        self.engine == Engine::Sqlite && self.refuse_missing_folder().is_ok() && !Path::new(&self.place).exists()
    }

    fn pool(size: u32, settings: &'static str) -> AnyPoolOptions {
        AnyPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .after_connect(move |conn, _| Box::pin(async move { sqlx::raw_sql(settings).execute(conn).await.map(|_| ()) }))
    }

    async fn connected(&self, pool: AnyPoolOptions) -> Result<AnyPool, StoreError> {
        pool.connect_with(self.options(&self.url)?).await.map_err(|error| self.unreachable(error))
    }

    /// No statement is logged, not even a slow one: beside whoever is being served it would say what they do in private.
    fn options(&self, url: &str) -> Result<AnyConnectOptions, StoreError> {
        let options: AnyConnectOptions = url.parse().map_err(|error| self.unreachable(error))?;
        Ok(options.disable_statement_logging())
    }

    fn unreachable(&self, error: sqlx::Error) -> StoreError {
        StoreError::Unreachable { place: self.place.clone(), fault: DatabaseFault::from(error) }
    }

    /// SQLite says only "unable to open database file".
    fn refuse_missing_folder(&self) -> Result<(), StoreError> {
        match Path::new(&self.place).parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                Err(StoreError::Address(format!("the folder {} does not exist", folder.display())))
            }
            _ => Ok(()),
        }
    }
}

/// Percent-encodes all that a URL would interpret or tidy up; the driver decodes it again.
fn quoted(path: &str) -> String {
    path.bytes().fold(String::new(), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
        url
    })
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;

    #[test]
    fn a_file_name_survives_whatever_a_url_would_make_of_it() {
        let address = Address::parse("sqlite://a dir/../100%/x#y.db").unwrap();
        assert_eq!(address.url, "sqlite:a%20dir%2F%2E%2E%2F100%25%2Fx%23y%2Edb?mode=rwc");
    }

    #[test]
    fn a_password_is_in_no_message() {
        for url in ["postgres://duet:s3cr3t@db.example/duet", "postgres://du:s3@cr3t@db.example/duet?x=s3cr3t"] {
            assert_eq!(Address::parse(url).unwrap().place, "PostgreSQL at db.example/duet");
        }
    }

    #[test]
    fn other_addresses_are_refused_with_an_example() {
        for url in ["", "duet.db", "mysql://x", "sqlite://", "sqlite::memory:", "sqlite://x?cache=shared"] {
            assert!(matches!(Address::parse(url), Err(StoreError::Address(_))), "{url}");
        }
    }

    #[tokio::test]
    async fn sqlite_is_opened_so_that_it_keeps_and_forgets_what_it_should() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("duet.db").display());
        let (writers, readers) = Address::parse(&url).unwrap().pools().await.unwrap();
        // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
        let wanted = [
            (&writers, "synchronous", 2),
            (&writers, "foreign_keys", 1),
            (&writers, "secure_delete", 1),
            (&writers, "busy_timeout", 10_000),
            (&readers, "query_only", 1),
            (&readers, "busy_timeout", 10_000),
        ];
        for (pool, pragma, value) in wanted {
            let sql = sqlx::AssertSqlSafe(format!("pragma {pragma}"));
            let row = sqlx::query(sql).fetch_one(pool).await.unwrap();
            assert_eq!(row.get::<i64, _>(0), value, "{pragma}");
        }
        let row = sqlx::query("pragma journal_mode").fetch_one(&writers).await.unwrap();
        assert_eq!(row.get::<String, _>(0), "wal");
    }
}
