//! PostgreSQL.

mod error;
mod migrations;
mod open;
#[cfg(test)]
mod plans;

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use auth_core::store::StoreError;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgConnection, PgPool, PgRow, PgTypeInfo, PgValueRef};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Decode, Executor as _, Postgres as Db, SqlSafeStr as _, Type, TypeInfo as _, raw_sql};
use tokio::time::timeout;

use crate::connect::ConnectError;
use crate::driver::{ACQUIRE, ANSWER, Dialect, Driver, Statement, Tables, Transaction};
use crate::held::Held;
use crate::row::{ReadCell, Row};
use crate::value::{Value, bind};
use error::{lost_to_another, store_error};

/// The number is the name of our transactions among the advisory locks of the database.
const BEGIN_ALONE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(7023651184650912342)";
const BEGIN_BESIDE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// A pool of connections to one PostgreSQL database.
#[derive(Clone)]
pub(crate) struct Postgres(PgPool);

impl Postgres {
    pub(crate) async fn connect(url: &str) -> Result<Self, ConnectError> {
        open::open(url).await.map(Self)
    }

    pub(crate) async fn from_pool(pool: PgPool) -> Result<Self, ConnectError> {
        open::prepare(&pool, Tables::Accounts).await?;
        Ok(Self(pool))
    }

    async fn acquire(&self) -> Result<Held<Db>, StoreError> {
        within(ACQUIRE, self.0.acquire()).await.map(Held::new)
    }

    async fn begin_with(&self, sql: &'static str) -> Result<Box<dyn Transaction>, StoreError> {
        let mut connection = self.acquire().await?;
        within(ANSWER, connection.fetch_all(raw_sql(sql))).await?;
        Ok(Box::new(Begun(connection)))
    }
}

#[async_trait]
impl Driver for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn migrate(&self, tables: Tables) -> Result<(), ConnectError> {
        open::prepare(&self.0, tables).await
    }

    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let mut connection = self.acquire().await?;
        let rows = within(ANSWER, fetch(&mut connection, statement)).await;
        read(&connection.ended(rows)?)
    }

    async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        let mut connection = self.acquire().await?;
        let changed = within(ANSWER, execute(&mut connection, statement)).await;
        connection.ended(changed)
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.begin_with(BEGIN_ALONE).await
    }

    async fn begin_beside(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.begin_with(BEGIN_BESIDE).await
    }

    fn postgres_pool(&self) -> Option<&PgPool> {
        Some(&self.0)
    }
}

/// Undone with its connection, unless it is committed.
struct Begun(Held<Db>);

#[async_trait]
impl Transaction for Begun {
    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        read(&within(ANSWER, query(statement).fetch_all(&mut *self.0)).await?)
    }

    async fn fetch_locked(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.fetch_for_update(statement, " SKIP LOCKED").await
    }

    async fn find_owned(&mut self, statement: Statement) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch_for_update(statement, "").await?.into_iter().next())
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        Ok(within(ANSWER, query(statement).execute(&mut *self.0)).await?.rows_affected())
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        within(ANSWER, self.0.execute("COMMIT")).await?;
        self.0.ended(Ok(()))
    }
}

impl Begun {
    async fn fetch_for_update(&mut self, statement: Statement, how: &str) -> Result<Vec<Row>, StoreError> {
        let sql = AssertSqlSafe(format!("{} FOR UPDATE{how}", statement.sql.as_str())).into_sql_str();
        let query = bind(sqlx::query(sql), statement.arguments);
        read(&within(ANSWER, query.fetch_all(&mut *self.0)).await?)
    }
}

async fn fetch(connection: &mut PgConnection, statement: Statement) -> Result<Vec<PgRow>, sqlx::Error> {
    match query(statement.clone()).fetch_all(&mut *connection).await {
        Err(error) if lost_to_another(&error) => query(statement).fetch_all(connection).await,
        ended => ended,
    }
}

async fn execute(connection: &mut PgConnection, statement: Statement) -> Result<u64, sqlx::Error> {
    let done = match query(statement.clone()).execute(&mut *connection).await {
        Err(error) if lost_to_another(&error) => query(statement).execute(connection).await,
        ended => ended,
    };
    Ok(done?.rows_affected())
}

async fn within<T>(limit: Duration, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    timeout(limit, answer).await.map_err(StoreError::unavailable)?.map_err(store_error)
}

fn query(statement: Statement) -> Query<'static, Db, PgArguments> {
    bind(sqlx::query(statement.sql), statement.arguments)
}

fn read(rows: &[PgRow]) -> Result<Vec<Row>, StoreError> {
    rows.iter().map(Row::read).collect::<Result<_, _>>().map_err(store_error)
}

impl ReadCell for Db {
    fn cell(value: PgValueRef<'_>, kind: &PgTypeInfo) -> Result<Value, BoxDynError> {
        match kind.name() {
            "BOOL" => <bool as Decode<Db>>::decode(value).map(Value::Bool),
            "INT8" => <i64 as Decode<Db>>::decode(value).map(Value::Integer),
            "INT4" => <i32 as Decode<Db>>::decode(value).map(|number| Value::Integer(number.into())),
            _ if <String as Type<Db>>::compatible(kind) => <String as Decode<Db>>::decode(value).map(Value::Text),
            other => Err(format!("a column of type {other}").into()),
        }
    }
}
