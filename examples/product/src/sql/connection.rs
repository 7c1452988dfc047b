use std::fs::OpenOptions;
use std::future::Future;
use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Error};
use tokio::time::timeout;

use super::{Dialect, on_each};
use crate::settings::Database;

/// How long a start waits for a server to take a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// One connection, for what happens before there is a pool.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    MySql(MySqlConnection),
}

impl Connection {
    /// `None` where there is no database: the one in memory, and a file that is missing.
    pub(crate) async fn existing(database: &Database) -> Result<Option<Self>, Error> {
        match database {
            Database::Memory => Ok(None),
            Database::Sqlite(url) => {
                let options = sqlite(url)?;
                if !options.get_filename().exists() {
                    return Ok(None);
                }
                options.connect().await.map(|connection| Some(Self::Sqlite(connection)))
            }
            Database::Postgres(url) => {
                let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
                within(options.connect()).await.map(|connection| Some(Self::Postgres(connection)))
            }
            Database::MySql(url) => {
                let options = url.parse::<MySqlConnectOptions>()?.disable_statement_logging();
                within(options.connect()).await.map(|connection| Some(Self::MySql(connection)))
            }
        }
    }

    /// The same, after a file that is missing was made.
    pub(crate) async fn open(database: &Database) -> Result<Option<Self>, Error> {
        if let Database::Sqlite(url) = database {
            create(sqlite(url)?.get_filename())?;
        }
        Self::existing(database).await
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
        }
    }

    pub(crate) async fn close(self) -> Result<(), Error> {
        on_each!(Self, self, connection => connection.close().await)
    }
}

fn sqlite(url: &str) -> Result<SqliteConnectOptions, Error> {
    Ok(url.parse::<SqliteConnectOptions>()?.create_if_missing(false).disable_statement_logging())
}

/// Keys may come to lie in it, so only its owner may read it.
fn create(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(Error::Io)
}

async fn within<T>(connecting: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(PATIENCE, connecting).await.map_err(|late| Error::Io(io::Error::new(io::ErrorKind::TimedOut, late)))?
}
