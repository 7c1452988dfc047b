use sqlx::Connection as _;
use sqlx::migrate::Migration;
use sqlx::sqlite::SqliteConnection;

use super::error::store_error;
use crate::connect::ConnectError;
use crate::driver::Tables;
use crate::migrations::{file, migrate};

fn files(tables: Tables) -> Vec<Migration> {
    match tables {
        Tables::Accounts => vec![
            file(1, "accounts", include_str!("../../migrations/sqlite/0001_accounts.sql")),
            file(2, "attempts", include_str!("../../migrations/sqlite/0002_attempts.sql")),
            file(3, "dead jobs", include_str!("../../migrations/sqlite/0003_dead_jobs.sql")),
        ],
        Tables::Takeover => {
            vec![file(1, "takeover", include_str!("../../migrations/sqlite/takeover/0001_takeover.sql"))]
        }
    }
}

/// Brings the tables up to date, under SQLite's own write lock.
pub(super) async fn run(connection: &mut SqliteConnection, tables: Tables) -> Result<(), ConnectError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
    migrate(&mut *transaction, tables, &files(tables), store_error).await?;
    Ok(transaction.commit().await.map_err(store_error)?)
}
