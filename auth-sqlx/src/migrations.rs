//! What a start does with the tables, once it alone may.

use std::borrow::Cow;

use auth_core::store::StoreError;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType};

use crate::connect::ConnectError;
use crate::driver::Tables;

impl Tables {
    /// Where it is noted which files were applied: ours; `_sqlx_migrations` is the host's.
    pub(crate) const fn noted_in(self) -> &'static str {
        match self {
            Self::Accounts => "_auth_migrations",
            Self::Takeover => "_auth_takeover_migrations",
        }
    }
}

/// One file. Once released, it never changes: its checksum is in the databases that it made.
pub(crate) fn file(version: i64, name: &'static str, sql: &'static str) -> Migration {
    Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
}

/// The same file, with other text in place of a word of it. Its checksum stays that of the file.
#[cfg(feature = "mysql")]
pub(crate) fn with(migration: Migration, word: &str, text: &str) -> Migration {
    let sql = sqlx::AssertSqlSafe(migration.sql.as_str().replace(word, text)).into_sql_str();
    Migration { sql, ..migration }
}

/// Brings the tables up to date. The caller holds a lock: sqlx's `Migrator` takes none on SQLite,
/// and of several first starts all but one would fail.
pub(crate) async fn migrate(
    connection: &mut impl Migrate,
    tables: Tables,
    files: &[Migration],
    told: fn(sqlx::Error) -> StoreError,
) -> Result<(), ConnectError> {
    let table = tables.noted_in();
    let failed = |error| store_error(error, told);
    connection.ensure_migrations_table(table).await.map_err(failed)?;
    let applied = connection.list_applied_migrations(table).await.map_err(failed)?;
    for done in &applied {
        match files.iter().find(|migration| migration.version == done.version) {
            None => return Err(ConnectError::Newer(done.version)),
            Some(migration) if migration.checksum != done.checksum => return Err(ConnectError::Changed(done.version)),
            Some(_) => {}
        }
    }
    for migration in files.iter().filter(|migration| applied.iter().all(|done| done.version != migration.version)) {
        connection.apply(table, migration).await.map_err(failed)?;
    }
    Ok(())
}

fn store_error(error: MigrateError, told: fn(sqlx::Error) -> StoreError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => told(error),
        other => StoreError::backend(other),
    }
}
