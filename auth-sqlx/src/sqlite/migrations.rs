use sqlx::Connection as _;
use sqlx::migrate::Migration;
use sqlx::sqlite::SqliteConnection;

use super::error::store_error;
use crate::connect::ConnectError;
use crate::migrations::{file, migrate};

fn files() -> [Migration; 2] {
    [
        file(1, "accounts", include_str!("../../migrations/sqlite/0001_accounts.sql")),
        file(2, "attempts", include_str!("../../migrations/sqlite/0002_attempts.sql")),
    ]
}

/// Brings the tables up to date, under SQLite's own write lock.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<(), ConnectError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
    migrate(&mut *transaction, &files(), store_error).await?;
    Ok(transaction.commit().await.map_err(store_error)?)
}
