use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Where accounts and notes are kept (`DATABASE_URL`).
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// `memory:`: gone when the server stops.
    Memory,
    /// The `sqlite:` URL of a file.
    Sqlite(String),
    /// The `postgres:` URL of a database.
    Postgres(String),
    /// The `mysql:` or `mariadb:` URL of a database.
    MySql(String),
}

impl Database {
    /// Where it is, for people to look at: no user and no password.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Memory => "memory".to_owned(),
            Self::Sqlite(url) => url.clone(),
            Self::Postgres(url) | Self::MySql(url) => without_user(url),
        }
    }

    /// What to do when it cannot be opened.
    #[must_use]
    pub const fn mend(&self) -> &'static str {
        match self {
            Self::Memory | Self::Sqlite(_) => "Name a file that this process may write to",
            Self::Postgres(_) | Self::MySql(_) => {
                "Start its server, or name a database that is there and whose user may make tables"
            }
        }
    }
}

impl FromStr for Database {
    type Err = DatabaseFault;

    fn from_str(url: &str) -> Result<Self, DatabaseFault> {
        let (scheme, rest) = url.split_once(':').ok_or(DatabaseFault::Unknown)?;
        match (scheme, rest) {
            ("memory", "") => Ok(Self::Memory),
            ("sqlite", rest) => sqlite(rest).map(|()| Self::Sqlite(url.to_owned())),
            ("postgres" | "postgresql", rest) => on_a_server(rest).map(|()| Self::Postgres(url.to_owned())),
            ("mysql" | "mariadb", rest) => on_a_server(rest).map(|()| Self::MySql(url.to_owned())),
            _ => Err(DatabaseFault::Unknown),
        }
    }
}

fn sqlite(rest: &str) -> Result<(), DatabaseFault> {
    let (file, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let file = file.strip_prefix("//").unwrap_or(file);
    if file == ":memory:" || parameters.split('&').any(|parameter| parameter == "mode=memory") {
        return Err(DatabaseFault::SqliteInMemory);
    }
    if file.is_empty() || file.starts_with("file:") || !matches!(parameters, "" | "mode=rw" | "mode=rwc") {
        return Err(DatabaseFault::Unknown);
    }
    Ok(())
}

fn on_a_server(rest: &str) -> Result<(), DatabaseFault> {
    let (_, name) = rest.strip_prefix("//").and_then(|rest| rest.split_once('/')).ok_or(DatabaseFault::NoName)?;
    if name.is_empty() || name.starts_with('?') { Err(DatabaseFault::NoName) } else { Ok(()) }
}

fn without_user(url: &str) -> String {
    let (address, _) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let (_, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    format!("{scheme}://{place}")
}

/// Never the URL: it may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Sqlite(_) => "Sqlite(..)",
            Self::Postgres(_) => "Postgres(..)",
            Self::MySql(_) => "MySql(..)",
        })
    }
}

/// Why a text names no database of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DatabaseFault {
    /// Each connection of the pool would see a database of its own.
    #[error("every connection would see an SQLite database in memory of its own")]
    SqliteInMemory,
    /// A server, and not which of its databases.
    #[error("it names no database of the server")]
    NoName,
    /// Not a URL of any known kind.
    #[error("it is not the URL of a database")]
    Unknown,
}

impl DatabaseFault {
    /// What to do about it.
    #[must_use]
    pub const fn mend(self) -> &'static str {
        match self {
            Self::SqliteInMemory => "Use memory:",
            Self::NoName => "Use postgres://user:password@host/database or mysql://user:password@host/database",
            Self::Unknown => {
                "Use sqlite://app.db, postgres://user@host/database, mysql://user@host/database or memory:"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_memory_are_taken() {
        assert_eq!("memory:".parse(), Ok(Database::Memory));
        for url in ["sqlite://app.db", "sqlite:app.db", "sqlite:///var/lib/app.db", "sqlite://app.db?mode=rwc"] {
            assert_eq!(url.parse(), Ok(Database::Sqlite(url.to_owned())), "{url}");
        }
    }

    #[test]
    fn sqlite_in_memory_is_refused_and_the_mend_is_named() {
        for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://a?mode=memory"] {
            let fault = url.parse::<Database>().unwrap_err();
            assert_eq!(fault.mend(), "Use memory:", "{url}");
        }
    }

    #[test]
    fn databases_on_a_server_are_taken_and_their_password_is_not_shown() {
        let secret = "postgres://ann:hunter2@h:5432/app?sslmode=verify-full";
        assert_eq!(secret.parse(), Ok(Database::Postgres(secret.to_owned())));
        for (url, place) in [
            (secret, "postgres://h:5432/app"),
            ("postgresql://h/app", "postgresql://h/app"),
            ("mysql://ann:p%40ss@h/app", "mysql://h/app"),
            ("mariadb://h/app", "mariadb://h/app"),
        ] {
            let database: Database = url.parse().unwrap();
            assert_eq!(database.place(), place);
            assert!(!format!("{database:?}").contains('h'), "{database:?}");
        }
    }

    #[test]
    fn a_server_without_the_name_of_a_database_is_refused() {
        for url in ["postgres://h", "postgres://h/", "mysql://h/?ssl-mode=REQUIRED", "mariadb:h/app"] {
            assert_eq!(url.parse::<Database>(), Err(DatabaseFault::NoName), "{url}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for url in ["app.db", "memory", "memory:x", "sqlite:", "sqlite://?mode=rw", "sqlite://a?mode=ro", "redis://h"] {
            assert_eq!(url.parse::<Database>(), Err(DatabaseFault::Unknown), "{url}");
        }
    }
}
