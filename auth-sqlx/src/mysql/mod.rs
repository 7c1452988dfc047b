//! MySQL and MariaDB.

mod dialect;
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
use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlPool, MySqlRow, MySqlTypeInfo, MySqlValueRef};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Decode, Executor as _, MySql as Db, SqlSafeStr as _, TypeInfo as _, raw_sql};
use tokio::time::timeout;

use crate::connect::ConnectError;
use crate::driver::{ACQUIRE, ANSWER, Dialect, Driver, Statement, Tables, Transaction};
use crate::held::Held;
use crate::row::{ReadCell, Row};
use crate::value::{Value, bind};
use dialect::translated;
use error::{lost_to_another, store_error};

/// Locks a row that is always there: a lock by name would not end with the transaction.
const BEGIN_ALONE: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; \
    SELECT version FROM _auth_migrations WHERE version = 1 FOR UPDATE";
const BEGIN_BESIDE: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";

/// A pool of connections to one database of MySQL or MariaDB.
#[derive(Clone)]
pub(crate) struct MySql(MySqlPool);

impl MySql {
    pub(crate) async fn connect(url: &str) -> Result<Self, ConnectError> {
        open::open(url).await.map(Self)
    }

    pub(crate) async fn from_pool(pool: MySqlPool) -> Result<Self, ConnectError> {
        open::prepare(within(ACQUIRE, pool.acquire()).await?.detach(), Tables::Accounts).await?;
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
impl Driver for MySql {
    fn dialect(&self) -> Dialect {
        Dialect::MySql
    }

    async fn migrate(&self, tables: Tables) -> Result<(), ConnectError> {
        open::prepare(within(ACQUIRE, self.0.acquire()).await?.detach(), tables).await
    }

    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let mut connection = self.acquire().await?;
        let rows = within(ANSWER, fetch(&mut connection, &statement)).await;
        read(&connection.ended(rows)?)
    }

    async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        let mut connection = self.acquire().await?;
        let changed = within(ANSWER, execute(&mut connection, &statement)).await;
        connection.ended(changed)
    }

    async fn update(&self, statement: Statement, row: Statement) -> Result<Vec<Row>, StoreError> {
        let mut connection = self.acquire().await?;
        // Whatever failed, the transaction may still be open.
        let rows = within(ANSWER, update(&mut connection, &statement, &row)).await?;
        read(&connection.ended(Ok(rows))?)
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.begin_with(BEGIN_ALONE).await
    }

    async fn begin_beside(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.begin_with(BEGIN_BESIDE).await
    }

    fn mysql_pool(&self) -> Option<&MySqlPool> {
        Some(&self.0)
    }
}

/// Undone with its connection, unless it is committed.
struct Begun(Held<Db>);

#[async_trait]
impl Transaction for Begun {
    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        read(&within(ANSWER, query(&statement).fetch_all(&mut *self.0)).await?)
    }

    async fn fetch_locked(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.fetch_for_update(&statement, " SKIP LOCKED").await
    }

    async fn find_owned(&mut self, statement: Statement) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch_for_update(&statement, "").await?.into_iter().next())
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        Ok(within(ANSWER, query(&statement).execute(&mut *self.0)).await?.rows_affected())
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        within(ANSWER, self.0.execute("COMMIT")).await?;
        self.0.ended(Ok(()))
    }
}

impl Begun {
    async fn fetch_for_update(&mut self, statement: &Statement, how: &str) -> Result<Vec<Row>, StoreError> {
        let (sql, arguments) = translated(statement);
        let query = query_of(format!("{sql} FOR UPDATE{how}"), arguments);
        read(&within(ANSWER, query.fetch_all(&mut *self.0)).await?)
    }
}

async fn fetch(connection: &mut MySqlConnection, statement: &Statement) -> Result<Vec<MySqlRow>, sqlx::Error> {
    match query(statement).fetch_all(&mut *connection).await {
        Err(error) if lost_to_another(&error) => query(statement).fetch_all(connection).await,
        ended => ended,
    }
}

async fn execute(connection: &mut MySqlConnection, statement: &Statement) -> Result<u64, sqlx::Error> {
    let done = match query(statement).execute(&mut *connection).await {
        Err(error) if lost_to_another(&error) => query(statement).execute(connection).await,
        ended => ended,
    };
    Ok(done?.rows_affected())
}

async fn update(
    connection: &mut MySqlConnection,
    statement: &Statement,
    row: &Statement,
) -> Result<Vec<MySqlRow>, sqlx::Error> {
    match try_to_update(connection, statement, row).await {
        Err(error) if lost_to_another(&error) => try_to_update(connection, statement, row).await,
        ended => ended,
    }
}

/// The row as this write left it: until the commit nobody else can write it.
async fn try_to_update(
    connection: &mut MySqlConnection,
    statement: &Statement,
    row: &Statement,
) -> Result<Vec<MySqlRow>, sqlx::Error> {
    connection.execute("START TRANSACTION").await?;
    let rows = match query(statement).execute(&mut *connection).await?.rows_affected() {
        0 => Vec::new(),
        _ => query(row).fetch_all(&mut *connection).await?,
    };
    connection.execute("COMMIT").await?;
    Ok(rows)
}

async fn within<T>(limit: Duration, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    timeout(limit, answer).await.map_err(StoreError::unavailable)?.map_err(store_error)
}

fn query(statement: &Statement) -> Query<'static, Db, MySqlArguments> {
    let (sql, arguments) = translated(statement);
    query_of(sql, arguments)
}

fn query_of(sql: String, arguments: Vec<Value>) -> Query<'static, Db, MySqlArguments> {
    bind(sqlx::query(AssertSqlSafe(sql).into_sql_str()), arguments)
}

fn read(rows: &[MySqlRow]) -> Result<Vec<Row>, StoreError> {
    rows.iter().map(Row::read).collect::<Result<_, _>>().map_err(store_error)
}

impl ReadCell for Db {
    fn cell(value: MySqlValueRef<'_>, kind: &MySqlTypeInfo) -> Result<Value, BoxDynError> {
        match kind.name() {
            "BOOLEAN" => <bool as Decode<Db>>::decode(value).map(Value::Bool),
            "BIGINT" | "INT" => <i64 as Decode<Db>>::decode(value).map(Value::Integer),
            // Text, whatever the type says: a column whose collation is binary is told to be one of bytes.
            _ => <String as Decode<Db>>::decode(value).map(Value::Text),
        }
    }
}
