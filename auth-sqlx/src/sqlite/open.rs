use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use auth_core::store::StoreError;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tokio::time::timeout;

use super::{migrations, within};
use crate::connect::ConnectError;
use crate::driver::{ACQUIRE, ANSWER, Tables};

/// How long SQLite itself waits for another writer: shorter than we wait for SQLite, so that an
/// answer of ours that says "not now" is also true.
const BUSY: Duration = Duration::from_secs(4);
/// Readers and one writer; each has a thread of its own.
const CONNECTIONS: u32 = 8;
/// Turning on the WAL takes a lock that SQLite does not wait for.
const WAL: &str = "PRAGMA journal_mode = WAL";
/// How long a start gives way to others in all, how often it tries again, and how soon.
const START: Duration = Duration::from_secs(20);
const RETRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Opens the file of an `sqlite:` URL.
pub(super) async fn open(url: &str) -> Result<SqlitePool, ConnectError> {
    let options = options(url)?;
    create(options.get_filename())?;
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .connect_lazy_with(options);
    prepare(&pool, Some(WAL), Tables::Accounts).await?;
    Ok(pool)
}

/// Runs the statement and the migrations, again while another start is in the way.
pub(super) async fn prepare(
    pool: &SqlitePool,
    first: Option<&'static str>,
    tables: Tables,
) -> Result<(), ConnectError> {
    let prepared = timeout(START, async {
        for _ in 0..RETRIES {
            match try_to_prepare(pool, first, tables).await {
                Err(ConnectError::Store(StoreError::Unavailable(_))) => tokio::time::sleep(PAUSE).await,
                ended => return ended,
            }
        }
        try_to_prepare(pool, first, tables).await
    });
    prepared.await.map_err(StoreError::unavailable)?
}

async fn try_to_prepare(pool: &SqlitePool, first: Option<&'static str>, tables: Tables) -> Result<(), ConnectError> {
    let mut connection = within(ACQUIRE, pool.acquire()).await?;
    if let Some(sql) = first {
        within(ANSWER, sqlx::query(sql).fetch_all(&mut *connection)).await?;
    }
    migrations::run(&mut connection, tables).await
}

fn options(url: &str) -> Result<SqliteConnectOptions, ConnectError> {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    if parameters.split('&').any(|parameter| parameter == "mode=memory") {
        return Err(ConnectError::InMemory);
    }
    if !matches!(parameters, "" | "mode=rw" | "mode=rwc") {
        return Err(ConnectError::Parameter);
    }
    let options: SqliteConnectOptions = url.parse().map_err(StoreError::backend)?;
    // SQLite reads an empty name as a temporary file and `file:` as a URL with rules of its own.
    let name = options.get_filename().to_string_lossy();
    if name.is_empty() || name == ":memory:" || name.starts_with("file:") {
        return Err(ConnectError::InMemory);
    }
    Ok(options
        .create_if_missing(false)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging())
}

/// Makes the file where there is none. SQLite gives its side files the mode of the database.
fn create(path: &Path) -> Result<(), ConnectError> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|source| ConnectError::File { path: path.to_owned(), source })?;
    #[cfg(unix)]
    warn_about_readers(path, &file);
    Ok(())
}

/// An older file keeps the mode that its owner gave it.
#[cfg(unix)]
fn warn_about_readers(path: &Path, file: &std::fs::File) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        tracing::warn!(
            target: "auth",
            path = %path.display(),
            "other users of this machine can read the database, which holds password hashes: `chmod 600` it"
        );
    }
}
