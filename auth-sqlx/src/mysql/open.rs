use std::time::Duration;

use auth_core::store::StoreError;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlPool, MySqlPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use tokio::time::timeout;

use super::{migrations, within};
use crate::connect::ConnectError;
use crate::driver::{ACQUIRE, Tables};

/// What one instance takes of the server's 151.
const CONNECTIONS: u32 = 10;
/// How long a start waits for the tables, which another start may be making.
const START: Duration = Duration::from_secs(20);
/// The server gives up before we do, so that an answer of ours that says "not now" is also true.
/// Without a strict mode it would cut what is too long.
const SESSION: &str = "SET SESSION innodb_lock_wait_timeout = 4, sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')";
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
/// The comment is what only MariaDB runs: MySQL limits the time of reads alone, in other words. A
/// transaction whose client is gone does not hold up the others.
const MARIADB: &str = "/*M! SET SESSION max_statement_time = 4, idle_transaction_timeout = 10 */";

/// Opens the database of a `mysql:` or `mariadb:` URL.
pub(super) async fn open(url: &str) -> Result<MySqlPool, ConnectError> {
    let options: MySqlConnectOptions = url.parse().map_err(StoreError::backend)?;
    let options = options.disable_statement_logging();
    // By itself, because a pool that gives up does not tell why.
    prepare(within(ACQUIRE, MySqlConnection::connect_with(&options)).await?, Tables::Accounts).await?;
    Ok(MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .after_connect(|connection, _| Box::pin(set_up(connection)))
        .connect_lazy_with(options))
}

/// Makes our tables over a connection that is used for nothing else.
pub(super) async fn prepare(connection: MySqlConnection, tables: Tables) -> Result<(), ConnectError> {
    timeout(START, migrations::run(connection, tables)).await.map_err(StoreError::unavailable)?
}

async fn set_up(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    for sql in [SESSION, ISOLATION, MARIADB] {
        connection.execute(sql).await?;
    }
    Ok(())
}
