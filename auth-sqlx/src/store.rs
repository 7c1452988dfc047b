use std::fmt;
use std::sync::Arc;

use crate::connect::{ConnectError, Database};
use crate::driver::Driver;

/// Accounts, sessions, mail jobs and counts of attempts in the tables `auth_users`, `auth_sessions`,
/// `auth_outbox` and `auth_attempts`. Clones share one pool of connections.
///
/// Each verb is one statement or one transaction. It waits at most 3 seconds for a connection and
/// 5 for an answer; after that it is [`StoreError::Unavailable`](auth_core::store::StoreError), as
/// are a locked, full or missing database.
#[derive(Clone)]
pub struct SqlStore {
    pub(crate) driver: Arc<dyn Driver>,
}

impl SqlStore {
    /// Opens the database of this URL and brings its tables up to date.
    ///
    /// `sqlite://app.db` is a file beside the program, `sqlite:///var/lib/app.db` one by its full
    /// path. A file that is missing is made. One that this makes is readable by its owner only, and so are the files that
    /// SQLite keeps beside it. The file is in WAL mode, and a write is on the disk when its verb
    /// returns (`synchronous=FULL`).
    ///
    /// `postgres://user:password@host:5432/app` and `mysql://user:password@host:3306/app`, which
    /// `mariadb://` is another name of, are databases of a server, which must be there and whose
    /// user may make tables. The connection is encrypted where the server offers it; a
    /// certificate is demanded and checked with `?sslmode=verify-full` on the one and
    /// `?ssl-mode=VERIFY_IDENTITY` on the other. An instance takes 10 connections at most.
    ///
    /// # Errors
    /// A [`ConnectError`] that says what is wrong. It never shows the URL, which may hold a
    /// password.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        match Database::of(url)? {
            #[cfg(feature = "sqlite")]
            Database::Sqlite => Ok(Self { driver: Arc::new(crate::sqlite::Sqlite::connect(url).await?) }),
            #[cfg(feature = "postgres")]
            Database::Postgres => Ok(Self { driver: Arc::new(crate::postgres::Postgres::connect(url).await?) }),
            #[cfg(feature = "mysql")]
            Database::MySql | Database::MariaDb => {
                Ok(Self { driver: Arc::new(crate::mysql::MySql::connect(url).await?) })
            }
            #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
            other => Err(ConnectError::NotBuilt(other.scheme())),
        }
    }

    /// Keeps everything in a database that the host has opened already, beside its own tables,
    /// and brings our tables up to date.
    ///
    /// How long a locked database is waited for, the journal and what reaches the log are then
    /// the host's choices.
    ///
    /// # Errors
    /// When the tables are newer than this version knows, or the database does not answer.
    #[cfg(feature = "sqlite")]
    pub async fn from_sqlite_pool(pool: sqlx::SqlitePool) -> Result<Self, ConnectError> {
        Ok(Self { driver: Arc::new(crate::sqlite::Sqlite::from_pool(pool).await?) })
    }

    /// Keeps everything in a PostgreSQL database that the host has opened already, beside its own
    /// tables, and brings our tables up to date.
    ///
    /// How long a statement may take on the server (`statement_timeout`) and what reaches the log
    /// are then the host's choices.
    ///
    /// # Errors
    /// When the tables are newer than this version knows, or the database does not answer.
    #[cfg(feature = "postgres")]
    pub async fn from_postgres_pool(pool: sqlx::PgPool) -> Result<Self, ConnectError> {
        Ok(Self { driver: Arc::new(crate::postgres::Postgres::from_pool(pool).await?) })
    }

    /// Keeps everything in a database of MySQL or MariaDB that the host has opened already, beside
    /// its own tables, and brings our tables up to date.
    ///
    /// The server must be in a strict SQL mode, as it is unless it was set otherwise. How long a
    /// statement may take and wait for a lock there and what reaches the log are then the host's
    /// choices.
    ///
    /// # Errors
    /// When the tables are newer than this version knows, or the database does not answer.
    #[cfg(feature = "mysql")]
    pub async fn from_mysql_pool(pool: sqlx::MySqlPool) -> Result<Self, ConnectError> {
        Ok(Self { driver: Arc::new(crate::mysql::MySql::from_pool(pool).await?) })
    }

    /// The pool, for the host's own tables in the same database; `None` where it is not SQLite.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool> {
        self.driver.sqlite_pool()
    }

    /// The pool, for the host's own tables in the same database; `None` where it is not PostgreSQL.
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn postgres_pool(&self) -> Option<&sqlx::PgPool> {
        self.driver.postgres_pool()
    }

    /// The pool, for the host's own tables in the same database; `None` where it is neither MySQL
    /// nor MariaDB.
    #[cfg(feature = "mysql")]
    #[must_use]
    pub fn mysql_pool(&self) -> Option<&sqlx::MySqlPool> {
        self.driver.mysql_pool()
    }
}

impl fmt::Debug for SqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqlStore(..)")
    }
}
