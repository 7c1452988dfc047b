use auth_core::store::StoreError;
use sqlx::AssertSqlSafe;
use sqlx::migrate::{Migrate as _, Migration};
use sqlx::mysql::MySqlConnection;

use super::error::store_error;
use crate::connect::ConnectError;
use crate::driver::Tables;
use crate::migrations::{file, migrate, with};

/// Held by the start that migrates until its connection ends. The name is the server's, not the
/// database's.
const LOCK: &str = "SELECT get_lock(concat('auth_migrations ', md5(database())), 20)";
const VERSION: &str = "SELECT version()";

fn files(tables: Tables, collation: &str) -> Vec<Migration> {
    let files = match tables {
        Tables::Accounts => vec![
            file(1, "accounts", include_str!("../../migrations/mysql/0001_accounts.sql")),
            file(2, "attempts", include_str!("../../migrations/mysql/0002_attempts.sql")),
            file(3, "dead jobs", include_str!("../../migrations/mysql/0003_dead_jobs.sql")),
        ],
        Tables::Takeover => {
            vec![file(1, "takeover", include_str!("../../migrations/mysql/takeover/0001_takeover.sql"))]
        }
    };
    files.into_iter().map(|file| with(file, "$COLLATION", collation)).collect()
}

/// Brings the tables up to date. Takes the connection, because the lock is the connection's.
pub(super) async fn run(mut connection: MySqlConnection, tables: Tables) -> Result<(), ConnectError> {
    let held: Option<i64> = sqlx::query_scalar(LOCK).fetch_one(&mut connection).await.map_err(store_error)?;
    if held != Some(1) {
        return Err(StoreError::unavailable("another start is still making the tables").into());
    }
    let version: String = sqlx::query_scalar(VERSION).fetch_one(&mut connection).await.map_err(store_error)?;
    let files = files(tables, collation(&version));
    again_from_where_it_broke_off(&mut connection, tables, &files).await.map_err(store_error)?;
    migrate(&mut connection, tables, &files, store_error).await
}

/// Byte by byte, without PAD SPACE. The two have no such collation in common.
fn collation(version: &str) -> &'static str {
    if version.contains("MariaDB") { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" }
}

/// A file commits statement by statement, so that a start that was killed leaves a part of it. It
/// is marked as begun, and each of its statements can be run again.
async fn again_from_where_it_broke_off(
    connection: &mut MySqlConnection,
    tables: Tables,
    files: &[Migration],
) -> Result<(), sqlx::Error> {
    let table = tables.noted_in();
    let begun = format!("DELETE FROM {table} WHERE NOT success AND version = ?");
    if connection.ensure_migrations_table(table).await.is_err() {
        return Ok(()); // `migrate` meets the same failure, and tells it
    }
    for file in files {
        sqlx::query(AssertSqlSafe(begun.clone())).bind(file.version).execute(&mut *connection).await?;
    }
    Ok(())
}
