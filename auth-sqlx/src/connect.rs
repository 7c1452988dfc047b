use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use auth_core::store::StoreError;

/// Why a database could not be opened. No variant holds the URL.
///
/// `Debug` prints what `Display` prints and the causes after it, so that
/// `fn main() -> Result<(), ConnectError>` is readable.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Not a URL, or of a database that is not known.
    #[error(
        "the database URL begins with no scheme that is known; write for instance \
         sqlite://app.db or postgres://user@host/database"
    )]
    Scheme,
    /// A database for which this program has no driver: a feature of this crate is off.
    #[error("this program is built without a driver for {0}:// databases")]
    NotBuilt(&'static str),
    /// An SQLite database in memory.
    #[error(
        "an SQLite database in memory is refused, as each connection would see one of its own; \
         use a file, or auth_core::store::MemoryStore"
    )]
    InMemory,
    /// A parameter that would change how the file is locked or kept.
    #[error("the SQLite URL has a parameter other than mode=rw and mode=rwc")]
    Parameter,
    /// The file could not be opened or made.
    #[error("the database file {} cannot be opened", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A later version of this crate has changed the tables.
    #[error("the tables are at version {0}, which this program does not know; start the newer program")]
    Newer(i64),
    /// The tables were made by something that is not a released version of this crate.
    #[error("version {0} of the tables is not the one that this program makes")]
    Changed(i64),
    /// The user table of a Django project is not there, or is none.
    #[error("the table `{table}` is not the user table of a Django project with a restoring_token")]
    UserTable {
        /// Its name.
        table: String,
        /// What the database said.
        source: StoreError,
    },
    /// What stands beside one user table belongs to no other.
    #[error("the user table of this database that was taken over is `{0}`, and it can be one only")]
    OtherUserTable(String),
    /// The database did not answer, or not as it should.
    #[error("the database could not be prepared")]
    Store(#[from] StoreError),
}

impl fmt::Debug for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// The database that a URL asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
    MySql,
    MariaDb,
}

impl Database {
    pub(crate) fn of(url: &str) -> Result<Self, ConnectError> {
        let (scheme, _) = url.split_once(':').ok_or(ConnectError::Scheme)?;
        match scheme {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" | "postgresql" => Ok(Self::Postgres),
            "mysql" => Ok(Self::MySql),
            "mariadb" => Ok(Self::MariaDb),
            _ => Err(ConnectError::Scheme),
        }
    }

    #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
    pub(crate) fn scheme(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::SqlStore;

    async fn refusal(url: &str) -> String {
        format!("{:?}", SqlStore::connect(url).await.unwrap_err())
    }

    #[tokio::test]
    async fn a_database_without_a_driver_is_named_and_its_password_is_not() {
        let built = cfg!(feature = "postgres") || cfg!(feature = "mysql");
        for scheme in ["postgres", "mysql", "mariadb"].into_iter().filter(|_| !built) {
            let text = refusal(&format!("{scheme}://user:hunter2@db.example/app")).await;
            assert!(text.contains(&format!("{scheme}://")), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_no_database_url_is_refused_without_being_shown() {
        for url in ["", "app.db", "memory:", "hunter2:secret", "SQLITE"] {
            let text = refusal(url).await;
            assert!(text.contains("no scheme"), "{text}");
            assert!(!text.contains("hunter2") && !text.contains("secret"), "{text}");
        }
    }
}
