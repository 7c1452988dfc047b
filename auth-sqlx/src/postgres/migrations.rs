use sqlx::Connection as _;
use sqlx::migrate::Migration;
use sqlx::postgres::PgConnection;

use super::error::store_error;
use crate::connect::ConnectError;
use crate::driver::Tables;
use crate::migrations::{file, migrate};

/// Held by the start that migrates. Given back with the transaction, however it ends.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7023651184650912341)";
/// The other starts wait until they are given up as a whole.
const PATIENCE: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
    SET LOCAL idle_in_transaction_session_timeout = '60s'";

fn files(tables: Tables) -> Vec<Migration> {
    match tables {
        Tables::Accounts => vec![
            file(1, "accounts", include_str!("../../migrations/postgres/0001_accounts.sql")),
            file(2, "attempts", include_str!("../../migrations/postgres/0002_attempts.sql")),
            file(3, "dead jobs", include_str!("../../migrations/postgres/0003_dead_jobs.sql")),
        ],
        Tables::Takeover => {
            vec![file(1, "takeover", include_str!("../../migrations/postgres/takeover/0001_takeover.sql"))]
        }
    }
}

/// Brings the tables up to date in one transaction.
pub(super) async fn run(connection: &mut PgConnection, tables: Tables) -> Result<(), ConnectError> {
    let mut transaction = connection.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await.map_err(store_error)?;
    for sql in [PATIENCE, LOCK] {
        sqlx::raw_sql(sql).execute(&mut *transaction).await.map_err(store_error)?;
    }
    migrate(&mut *transaction, tables, &files(tables), store_error).await?;
    Ok(transaction.commit().await.map_err(store_error)?)
}
