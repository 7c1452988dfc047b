use std::borrow::Cow;

use auth_core::store::StoreError;
use sqlx::migrate::{Migrate as _, MigrateError, Migration, MigrationType};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, SqlSafeStr as _};

use super::error::store_error;
use crate::connect::ConnectError;

const TABLE: &str = "_auth_migrations";
/// Once released, a file here never changes: its checksum is in the databases that it made.
const MIGRATIONS: [(i64, &str, &str); 1] = [(1, "accounts", include_str!("../../migrations/sqlite/0001_accounts.sql"))];

/// Brings the tables up to date, under SQLite's own write lock: sqlx's `Migrator` takes none here,
/// and of several first starts all but one would fail.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<(), ConnectError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
    migrate(&mut transaction).await?;
    Ok(transaction.commit().await.map_err(store_error)?)
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), ConnectError> {
    connection.ensure_migrations_table(TABLE).await.map_err(migrate_error)?;
    let applied = connection.list_applied_migrations(TABLE).await.map_err(migrate_error)?;
    let known = MIGRATIONS.map(migration);
    for done in &applied {
        match known.iter().find(|migration| migration.version == done.version) {
            None => return Err(ConnectError::Newer(done.version)),
            Some(migration) if migration.checksum != done.checksum => return Err(ConnectError::Changed(done.version)),
            Some(_) => {}
        }
    }
    for migration in known.iter().filter(|migration| applied.iter().all(|done| done.version != migration.version)) {
        connection.apply(TABLE, migration).await.map_err(migrate_error)?;
    }
    Ok(())
}

fn migration((version, name, sql): (i64, &'static str, &'static str)) -> Migration {
    Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
}

fn migrate_error(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => store_error(error),
        other => StoreError::backend(other),
    }
}
