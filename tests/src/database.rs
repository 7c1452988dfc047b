use std::sync::Arc;

use auth_core::Stores;
use auth_core::store::{IntoStores as _, MemoryStore};
use auth_sqlx::SqlStore;
use example_services::{REQUIRE, Scratch, Service};
use tempfile::TempDir;

/// Where a world keeps what it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// The store in memory.
    Memory,
    /// A file of its own.
    Sqlite,
    /// A schema of its own on a server of PostgreSQL.
    Postgres,
    /// A database of its own on a server of MariaDB.
    MariaDb,
}

impl StoreKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Memory, Self::Sqlite, Self::Postgres, Self::MariaDb];

    /// Those that this machine has; says which ones it has not.
    pub fn found() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|store| store.server().is_none_or(Service::is_found_or_say_so))
    }

    /// Those on which the whole table of cases is told: servers take minutes for it, and are in it
    /// where every service is required.
    pub fn of_the_table() -> impl Iterator<Item = Self> {
        let required = std::env::var(REQUIRE).is_ok_and(|value| value == "1");
        Self::found().filter(move |store| required || store.server().is_none())
    }

    /// The name in a report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
        }
    }

    /// The server that it needs.
    #[must_use]
    pub const fn server(self) -> Option<Service> {
        match self {
            Self::Memory | Self::Sqlite => None,
            Self::Postgres => Some(Service::Postgres),
            Self::MariaDb => Some(Service::MariaDb),
        }
    }
}

/// One database, which several instances may open.
#[derive(Debug, Clone)]
pub enum Database {
    /// In memory; instances are clones.
    Memory(MemoryStore),
    /// A file that goes with the last clone.
    Sqlite(Arc<TempDir>),
    /// A database on a server that goes with the last clone.
    Server(Arc<Scratch>),
    /// What somebody else has opened.
    Opened(Stores),
}

impl Database {
    /// An empty one.
    #[must_use]
    pub fn new(kind: StoreKind) -> Self {
        match kind.server() {
            Some(server) => Self::Server(Arc::new(Scratch::new(server))),
            None if kind == StoreKind::Memory => Self::Memory(MemoryStore::default()),
            None => Self::Sqlite(Arc::new(tempfile::tempdir().expect("a folder"))),
        }
    }

    /// An empty one of the same kind, when nobody uses this one any more. A place on a server is
    /// used again, because it takes long to make.
    #[must_use]
    pub fn renewed(self) -> Self {
        match self {
            Self::Memory(_) => Self::new(StoreKind::Memory),
            Self::Sqlite(_) => Self::new(StoreKind::Sqlite),
            Self::Server(scratch) => {
                scratch.empty();
                Self::Server(scratch)
            }
            Self::Opened(stores) => Self::Opened(stores),
        }
    }

    /// One more instance on it, with connections of its own.
    pub async fn open(&self) -> Stores {
        match self {
            Self::Memory(store) => store.clone().into_stores(),
            Self::Sqlite(folder) => sql_store(&format!("sqlite://{}/auth.db", folder.path().display())).await,
            Self::Server(scratch) => sql_store(&scratch.url()).await,
            Self::Opened(stores) => stores.clone(),
        }
    }

    /// What lies on the disk.
    pub(crate) fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        let Self::Sqlite(folder) = self else { return Vec::new() };
        let names = ["auth.db", "auth.db-wal"];
        let read = names.map(|name| Some((name, std::fs::read(folder.path().join(name)).ok()?)));
        read.into_iter().flatten().collect()
    }
}

async fn sql_store(url: &str) -> Stores {
    SqlStore::connect(url).await.expect("a database").into_stores()
}
