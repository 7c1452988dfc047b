//! SQLite.

mod error;
mod migrations;
mod open;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use auth_core::store::StoreError;
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, TypeInfo as _, raw_sql};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

use crate::connect::ConnectError;
use crate::driver::{ACQUIRE, ANSWER, Dialect, Driver, Statement, Tables, Transaction};
use crate::held::Held;
use crate::row::{ReadCell, Row};
use crate::value::{Value, bind};
use error::store_error;

/// A pool of connections to one SQLite file.
#[derive(Clone)]
pub(crate) struct Sqlite {
    pool: SqlitePool,
    /// Transactions take turns here: those that wait for SQLite itself are let in by chance, and of
    /// many some would wait until they are refused.
    turns: Arc<Mutex<()>>,
}

impl Sqlite {
    pub(crate) async fn connect(url: &str) -> Result<Self, ConnectError> {
        open::open(url).await.map(Self::on)
    }

    pub(crate) async fn from_pool(pool: SqlitePool) -> Result<Self, ConnectError> {
        open::prepare(&pool, None, Tables::Accounts).await?;
        Ok(Self::on(pool))
    }

    fn on(pool: SqlitePool) -> Self {
        Self { pool, turns: Arc::default() }
    }

    async fn acquire(&self) -> Result<PoolConnection<sqlx::Sqlite>, StoreError> {
        within(ACQUIRE, self.pool.acquire()).await
    }
}

#[async_trait]
impl Driver for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn migrate(&self, tables: Tables) -> Result<(), ConnectError> {
        open::prepare(&self.pool, None, tables).await
    }

    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let mut connection = self.acquire().await?;
        fetch(&mut connection, statement).await
    }

    async fn find(&self, statement: Statement) -> Result<Option<Row>, StoreError> {
        let mut connection = self.acquire().await?;
        find(&mut connection, statement).await
    }

    async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        let mut connection = self.acquire().await?;
        execute(&mut connection, statement).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        // A deferred transaction would lose to another writer between its first read and its
        // first write, and SQLite does not let it wait then.
        let turn = timeout(ACQUIRE, self.turns.clone().lock_owned()).await.map_err(StoreError::unavailable)?;
        let mut connection = Held::new(self.acquire().await?);
        within(ANSWER, raw_sql("BEGIN IMMEDIATE").execute(&mut *connection)).await?;
        Ok(Box::new(Immediate(connection, turn)))
    }

    /// SQLite has one writer at a time in any case.
    async fn begin_beside(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.begin().await
    }

    fn sqlite_pool(&self) -> Option<&SqlitePool> {
        Some(&self.pool)
    }
}

/// Undone with its connection, unless it is committed. Not sqlx's own: SQLite undoes a transaction
/// by itself when the disk is full, and sqlx then counts it as open for ever.
struct Immediate(Held<sqlx::Sqlite>, #[expect(dead_code, reason = "the turn ends with it")] OwnedMutexGuard<()>);

#[async_trait]
impl Transaction for Immediate {
    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        fetch(&mut self.0, statement).await
    }

    async fn fetch_locked(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        fetch(&mut self.0, statement).await
    }

    async fn find_owned(&mut self, statement: Statement) -> Result<Option<Row>, StoreError> {
        find(&mut self.0, statement).await
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        execute(&mut self.0, statement).await
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        within(ANSWER, raw_sql("COMMIT").execute(&mut *self.0)).await?;
        self.0.ended(Ok(()))
    }
}

async fn fetch(connection: &mut SqliteConnection, statement: Statement) -> Result<Vec<Row>, StoreError> {
    // Not `fetch_optional`: it stops after the row that RETURNING gives, before the commit that
    // can still fail.
    let rows = within(ANSWER, query(statement).fetch_all(connection)).await?;
    rows.iter().map(Row::read).collect::<Result<_, _>>().map_err(store_error)
}

/// SQLite runs on a thread of its own: told that one row is wanted, it is waited for once instead of
/// twice.
async fn find(connection: &mut SqliteConnection, statement: Statement) -> Result<Option<Row>, StoreError> {
    let row = within(ANSWER, query(statement).fetch_optional(connection)).await?;
    row.map(|row| Row::read(&row)).transpose().map_err(store_error)
}

async fn execute(connection: &mut SqliteConnection, statement: Statement) -> Result<u64, StoreError> {
    Ok(within(ANSWER, query(statement).execute(connection)).await?.rows_affected())
}

async fn within<T>(limit: Duration, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    timeout(limit, answer).await.map_err(StoreError::unavailable)?.map_err(store_error)
}

fn query(statement: Statement) -> Query<'static, sqlx::Sqlite, SqliteArguments> {
    bind(sqlx::query(statement.sql), statement.arguments)
}

impl ReadCell for sqlx::Sqlite {
    fn cell(value: SqliteValueRef<'_>, kind: &SqliteTypeInfo) -> Result<Value, BoxDynError> {
        match kind.name() {
            "INTEGER" => <i64 as Decode<sqlx::Sqlite>>::decode(value).map(Value::Integer),
            _ => <String as Decode<sqlx::Sqlite>>::decode(value).map(Value::Text),
        }
    }
}
