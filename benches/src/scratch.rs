//! Databases that are gone afterwards.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::Result;

/// An SQLite file in memory, where there is a file system in memory: what a disk does would drown
/// what the library does.
#[derive(Debug)]
pub struct Sqlite(TempDir);

impl Sqlite {
    /// A folder for the file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Ok(Self(folder?))
    }

    /// The URL of the database.
    #[must_use]
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.0.path().join("benches.db").display())
    }
}

/// A database on the PostgreSQL server of the environment, or of this machine.
#[derive(Debug)]
pub struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    /// Makes one.
    ///
    /// # Errors
    /// When there is no server.
    pub async fn new(name: &str) -> Result<Self> {
        let server =
            std::env::var("AUTH_TESTS_POSTGRES").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432".to_owned());
        let database = Self { server, name: format!("auth_benches_{name}_{}", std::process::id()) };
        database.tell(&format!("CREATE DATABASE {}", database.name)).await?;
        Ok(database)
    }

    /// The URL of the database.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    /// Drops it.
    ///
    /// # Errors
    /// When the server has gone.
    pub async fn drop(self) -> Result<()> {
        self.tell(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await
    }

    async fn tell(&self, sql: &str) -> Result<()> {
        let mut server = PgConnection::connect(&format!("{}/postgres", self.server)).await?;
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut server).await?;
        Ok(server.close().await?)
    }
}
