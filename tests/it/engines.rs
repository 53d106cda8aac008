//! The two databases for stories: a fresh SQLite file, a fresh PostgreSQL database.
//!
//! PostgreSQL comes from `DUET_TEST_POSTGRES` (an address with the right to create databases), or else from a throw-away
//! cluster of this test process, when PostgreSQL's programs are installed. With neither, its stories are not run and
//! standard error says so once; `DUET_REQUIRE_POSTGRES=1` makes that a failure.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use duet::store::Store;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions as _, Connection as _};
use tempfile::TempDir;

/// A database of one story.
#[derive(Debug)]
pub struct Database {
    pub url: String,
    /// The file, on SQLite: for stories that look at every byte of it.
    pub file: Option<PathBuf>,
    folder: Option<TempDir>,
    /// On a PostgreSQL server that outlives us, where to drop it: address and name.
    drop_at: Option<(String, String)>,
}

impl Database {
    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Runs SQL that no part of Duet would.
    pub async fn run(&self, sql: &str) {
        run_on(&self.url, sql).await;
    }

    /// How many rows this table has.
    pub async fn count(&self, table: &str) -> i64 {
        sqlx::any::install_default_drivers();
        let mut connection = connection(&self.url).await;
        let sql = AssertSqlSafe(format!("select count(*) from {table}"));
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }

    /// The last column that this query gives, a text a row.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        use sqlx::Row as _;
        sqlx::any::install_default_drivers();
        let mut connection = connection(&self.url).await;
        let found = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        found.iter().map(|row| row.get(row.len() - 1)).collect()
    }

    /// Tidies up after a story that went well. After one that did not, a database on somebody's server stays to be looked at.
    pub async fn finish(self) {
        if let Some((server, name)) = self.drop_at {
            run_on(&server, &format!("drop database {name} with (force)")).await;
        }
        drop(self.folder);
    }
}

/// Tells one story on every engine there is.
pub async fn each(tell: impl AsyncFn(Store)) {
    each_database(async |_, store| tell(store).await).await;
}

/// As [`each`], for a story that also goes behind the store's back.
pub async fn each_database(tell: impl AsyncFn(&Database, Store)) {
    for database in all().await {
        // Shown only when the story fails: cargo keeps it otherwise.
        println!("on {}", database.url);
        let store = database.open().await;
        tell(&database, store.clone()).await;
        store.close().await;
        database.finish().await;
    }
}

/// A fresh database on every engine there is.
pub async fn all() -> Vec<Database> {
    let mut all = vec![sqlite()];
    all.extend(postgres().await);
    all
}

pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("duet.db");
    Database { url: format!("sqlite://{}", file.display()), file: Some(file), folder: Some(folder), drop_at: None }
}

pub async fn postgres() -> Option<Database> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    // The first to come starts the cluster, which takes a second or two; the others wait for it.
    let server = tokio::task::spawn_blocking(server).await.unwrap()?;
    let name = format!("duet_story_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    run_on(server, &format!("create database {name}")).await;
    Some(Database {
        url: at_database(server, &name),
        file: None,
        folder: None,
        // In our own cluster it goes with the cluster; dropping it costs a checkpoint.
        drop_at: env::var_os("DUET_TEST_POSTGRES").map(|_| (server.to_owned(), name)),
    })
}

/// A connection of the tests' own: what it asks is no part of the log that stories look at.
pub async fn connection(url: &str) -> AnyConnection {
    let options: AnyConnectOptions = url.parse().unwrap();
    options.disable_statement_logging().connect().await.unwrap()
}

/// The server's address, with a database to connect to. `None` when there is none.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let found = env::var("DUET_TEST_POSTGRES").ok().or_else(|| Some(start(&programs()?)));
        if found.is_none() {
            eprintln!("PostgreSQL stories not run: no programs found and DUET_TEST_POSTGRES unset");
        }
        found
    });
    assert!(
        server.is_some() || env::var("DUET_REQUIRE_POSTGRES").as_deref() != Ok("1"),
        "DUET_REQUIRE_POSTGRES=1, but there are no PostgreSQL programs and DUET_TEST_POSTGRES is unset"
    );
    server.as_deref()
}

/// Puts another database into an address: `scheme://login@host/database?parameters`.
fn at_database(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').unwrap_or((server, ""));
    let (scheme, rest) = address.split_once("://").expect("an address of PostgreSQL");
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}/{name}?{parameters}")
}

async fn run_on(server: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = connection(server).await;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Where `initdb` and its siblings are. Debian keeps them off the PATH, one folder a version; the newest is taken.
fn programs() -> Option<PathBuf> {
    let on_path = env::var_os("PATH").into_iter().flat_map(|path| env::split_paths(&path).collect::<Vec<_>>());
    let mut versions: Vec<_> =
        Path::new("/usr/lib/postgresql").read_dir().into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    versions
        .into_iter()
        .rev()
        .map(|version| version.join("bin"))
        .chain(on_path)
        .find(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file()))
}

/// Starts a throw-away cluster on a socket in a folder of its own. A shell keeps watch on it: it reads from a pipe that this
/// process holds, and when the process ends, however it ends, the pipe closes, and the shell stops and deletes the cluster.
fn start(programs: &Path) -> String {
    // Never waited for: it outlives us on purpose, by a moment.
    static WATCH: OnceLock<Child> = OnceLock::new();
    const SCRIPT: &str = r#"
        export PATH="$1:$PATH"
        finish() { pg_ctl -D "$2/data" -m immediate stop >/dev/null 2>&1; rm -rf "$2"; }
        initdb -D "$2/data" -U duet -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 &&
        pg_ctl -D "$2/data" -l "$2/log" -w -o "-c listen_addresses='' -c unix_socket_directories='$2' -c fsync=off \
            -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB" \
            start </dev/null >>"$2/log" 2>&1 || { tail -5 "$2/log"; rm -rf "$2"; exit 1; }
        echo ready
        cat >/dev/null
        finish "$@"
    "#;
    let folder = tempfile::Builder::new().prefix("duet-pg-").tempdir().unwrap().keep();
    let mut shell = match unprivileged(&folder) {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", &user, "--regid", &user, "--clear-groups", "sh"]);
            command
        }
        None => Command::new("sh"),
    };
    let mut child = shell
        .args(["-c", SCRIPT, "sh"])
        .args([programs, &folder])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // A Ctrl-C that ends the tests must not end the watch.
        .process_group(0)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    match said.next() {
        Some(Ok(line)) if line == "ready" => {}
        first => {
            let said: Vec<_> = first.into_iter().chain(said).map_while(Result::ok).collect();
            panic!("PostgreSQL did not start:\n{}", said.join("\n"));
        }
    }
    WATCH.set(child).unwrap();
    format!("postgres://duet@localhost/postgres?host={}", folder.display())
}

/// PostgreSQL refuses to run as root: then it runs as the user `postgres` (or `nobody`), to whom the folder is given.
fn unprivileged(folder: &Path) -> Option<String> {
    let asked = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        text.trim().parse::<u32>().ok()
    };
    if asked(&["-u"]) != Some(0) {
        return None;
    }
    let user = asked(&["-u", "postgres"]).or_else(|| asked(&["-u", "nobody"])).unwrap_or(65534);
    chown(folder, Some(user), Some(user)).unwrap();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    Some(user.to_string())
}

/// Every byte that the database keeps: the file and its log on SQLite; on PostgreSQL, every row as text.
pub async fn bytes(database: &Database) -> Vec<u8> {
    let Some(file) = &database.file else {
        return postgres_rows(database).await;
    };
    let mut bytes = std::fs::read(file).unwrap();
    for suffix in ["-wal", "-shm"] {
        let beside = PathBuf::from(format!("{}{suffix}", file.display()));
        bytes.extend(std::fs::read(beside).unwrap_or_default());
    }
    bytes
}

async fn postgres_rows(database: &Database) -> Vec<u8> {
    use sqlx::Row as _;
    sqlx::any::install_default_drivers();
    let mut connection = connection(&database.url).await;
    let tables = sqlx::query("select table_name::text as name from information_schema.tables where table_schema = 'public'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut bytes = Vec::new();
    for table in tables {
        let name: String = table.get("name");
        let rows = sqlx::query(AssertSqlSafe(format!("select t::text as row from \"{name}\" t")))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        for row in rows {
            bytes.extend(row.get::<String, _>("row").into_bytes());
            bytes.push(b'\n');
        }
    }
    connection.close().await.unwrap();
    bytes
}

/// Every byte on the disk of a database, or on PostgreSQL of these tables with what belongs to them, whether a query would still
/// find it or not. `None`: a server that runs elsewhere.
pub async fn disk(database: &Database, tables: &[&str]) -> Option<Vec<u8>> {
    if database.file.is_some() {
        return Some(bytes(database).await);
    }
    let [folder] = database.texts("select setting from pg_settings where name = 'data_directory'").await.try_into().unwrap();
    if !Path::new(&folder).is_dir() {
        eprintln!("no look at PostgreSQL's files: {folder} is elsewhere");
        return None;
    }
    // What is changed in memory only reaches the files with this.
    database.run("checkpoint").await;
    let mut bytes = Vec::new();
    for table in tables {
        let files = format!(
            "select pg_relation_filepath(oid)::text from pg_class
             where '{table}'::regclass in (oid, (select indrelid from pg_index where indexrelid = pg_class.oid))
                or oid = (select reltoastrelid from pg_class where oid = '{table}'::regclass)"
        );
        for file in database.texts(&files).await {
            bytes.extend(std::fs::read(Path::new(&folder).join(file)).unwrap());
        }
    }
    Some(bytes)
}

/// How often a piece of one of these texts stands in `bytes`: pages keep long ones in parts.
pub fn remains(bytes: &[u8], texts: &[String]) -> usize {
    const PIECE: usize = 24;
    let pieces = texts.iter().flat_map(|text| text.as_bytes().chunks_exact(PIECE));
    let pieces: std::collections::HashSet<&[u8]> = pieces.collect();
    bytes.windows(PIECE).filter(|window| pieces.contains(window)).count()
}

/// What of a sealed text is its own: without its version and the id of its key.
pub fn own_part(sealed: &str) -> String {
    sealed.rsplit('.').next().unwrap_or_default().to_owned()
}
