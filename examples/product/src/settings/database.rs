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
}

impl Database {
    /// The file for people to look at, or `memory`.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite(url) => url,
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
            ("postgres" | "postgresql", _) => Err(DatabaseFault::NotBuilt("PostgreSQL")),
            ("mysql" | "mariadb", _) => Err(DatabaseFault::NotBuilt("MySQL/MariaDB")),
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

/// Never the URL: it may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Sqlite(_) => "Sqlite(..)",
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
    /// Not this one.
    #[error("{0} is not built in")]
    NotBuilt(&'static str),
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
            Self::NotBuilt(_) | Self::Unknown => "Use sqlite://app.db, another file, or memory:",
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
    fn what_is_not_built_is_named() {
        for (url, name) in [("postgres://u:p@h/d", "PostgreSQL"), ("mysql://h/d", "MySQL"), ("mariadb://h", "MySQL")] {
            let text = url.parse::<Database>().unwrap_err().to_string();
            assert!(text.contains(name) && text.contains("not built"), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for url in ["app.db", "memory", "memory:x", "sqlite:", "sqlite://?mode=rw", "sqlite://a?mode=ro", "redis://h"] {
            assert_eq!(url.parse::<Database>(), Err(DatabaseFault::Unknown), "{url}");
        }
    }
}
