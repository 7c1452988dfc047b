use std::future::Future;
use std::time::Duration;

use auth_core::store::StoreError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::time::timeout;

use super::{migrations, within};
use crate::connect::ConnectError;
use crate::driver::{ACQUIRE, Tables};

/// What one instance takes of the server's 100.
const CONNECTIONS: u32 = 10;
/// How long a start waits for the tables, which another start may be making.
const START: Duration = Duration::from_secs(20);
/// The server gives up before we do, so that an answer of ours that says "not now" is also true.
/// A transaction whose client is gone does not hold up the others.
const SESSION: &str = "SET statement_timeout = '4s'; SET lock_timeout = '4s'; \
    SET idle_in_transaction_session_timeout = '10s'; \
    SET default_transaction_isolation = 'read committed'";

/// Opens the database of a `postgres:` URL.
pub(super) async fn open(url: &str) -> Result<PgPool, ConnectError> {
    let options: PgConnectOptions = url.parse().map_err(StoreError::backend)?;
    let options = options.disable_statement_logging();
    // By itself, because a pool that gives up does not tell why.
    let mut first = within(ACQUIRE, PgConnection::connect_with(&options)).await?;
    started(migrations::run(&mut first, Tables::Accounts)).await?;
    let _ = first.close().await;
    Ok(PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .after_connect(|connection, _| Box::pin(set_up(connection)))
        .connect_lazy_with(options))
}

/// Makes our tables beside those of the host.
pub(super) async fn prepare(pool: &PgPool, tables: Tables) -> Result<(), ConnectError> {
    let mut connection = within(ACQUIRE, pool.acquire()).await?;
    started(migrations::run(&mut connection, tables)).await
}

async fn started(run: impl Future<Output = Result<(), ConnectError>>) -> Result<(), ConnectError> {
    timeout(START, run).await.map_err(StoreError::unavailable)?
}

async fn set_up(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(SESSION).execute(connection).await.map(drop)
}
