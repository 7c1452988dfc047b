use std::sync::Arc;

use auth_core::Stores;
use auth_core::store::{IntoStores as _, MemoryStore};
use auth_sqlx::SqlStore;
use tempfile::TempDir;

/// Where a world keeps what it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// The store in memory.
    Memory,
    /// A file of its own.
    Sqlite,
}

impl StoreKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Memory, Self::Sqlite];

    /// The name in a report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "SQLite",
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
}

impl Database {
    /// An empty one.
    #[must_use]
    pub fn new(kind: StoreKind) -> Self {
        match kind {
            StoreKind::Memory => Self::Memory(MemoryStore::default()),
            StoreKind::Sqlite => Self::Sqlite(Arc::new(tempfile::tempdir().expect("a folder"))),
        }
    }

    /// One more instance on it, with connections of its own.
    pub async fn open(&self) -> Stores {
        match self {
            Self::Memory(store) => store.clone().into_stores(),
            Self::Sqlite(folder) => {
                let url = format!("sqlite://{}/auth.db", folder.path().display());
                SqlStore::connect(&url).await.expect("a database").into_stores()
            }
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
