//! The port to a database: what the verbs need of it, in its smallest form.
//!
//! The verbs are written once; their SQL has `$1`, `$2`, … as parameters.

use std::time::Duration;

use async_trait::async_trait;
use auth_core::store::StoreError;
use sqlx::{SqlSafeStr, SqlStr};

use crate::connect::ConnectError;
use crate::row::Row;
use crate::value::Value;

/// How long a verb waits for a connection.
pub(crate) const ACQUIRE: Duration = Duration::from_secs(3);
/// How long a verb waits for an answer.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);

/// The words that databases do not have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "what is left is one of the others"))]
    Sqlite,
    Postgres,
    MySql,
}

/// Tables that are made and changed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tables {
    /// Accounts, sessions, mail jobs and attempts.
    Accounts,
    /// What stands beside the user table of a Django project.
    Takeover,
}

/// One database.
#[async_trait]
pub(crate) trait Driver: Send + Sync + 'static {
    /// What it speaks.
    fn dialect(&self) -> Dialect;

    /// Brings tables of ours up to date, under the lock of a start.
    async fn migrate(&self, tables: Tables) -> Result<(), ConnectError>;

    /// Runs one statement by itself and reads its rows to the end: only then has it happened.
    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError>;

    /// Reads one row at most, by a statement that changes nothing.
    async fn find(&self, statement: Statement) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch(statement).await?.into_iter().next())
    }

    /// Runs one statement by itself; how many rows it changed.
    async fn execute(&self, statement: Statement) -> Result<u64, StoreError>;

    /// Runs one UPDATE with RETURNING by itself and reads its rows. `read` reads the row that it
    /// is about, for a database whose UPDATE has no RETURNING.
    async fn update(&self, statement: Statement, _read: Statement) -> Result<Vec<Row>, StoreError> {
        self.fetch(statement).await
    }

    /// Begins a transaction that no other one of these runs beside, in whatever process. Dropping
    /// it undoes it.
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError>;

    /// Begins a transaction that others may run beside: it has what it owns, and no more. Dropping
    /// it undoes it.
    async fn begin_beside(&self) -> Result<Box<dyn Transaction>, StoreError>;

    /// The pool, where this is SQLite.
    #[cfg(feature = "sqlite")]
    fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool> {
        None
    }

    /// The pool, where this is PostgreSQL.
    #[cfg(feature = "postgres")]
    fn postgres_pool(&self) -> Option<&sqlx::PgPool> {
        None
    }

    /// The pool, where this is MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    fn mysql_pool(&self) -> Option<&sqlx::MySqlPool> {
        None
    }
}

/// Statements that happen together or not at all.
#[async_trait]
pub(crate) trait Transaction: Send {
    /// Reads rows as this transaction has left them.
    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError>;

    /// Reads rows, which then stay as they are until this ends. Rows that another is writing are
    /// passed over.
    async fn fetch_locked(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError>;

    /// Reads one row at most, by a SELECT, and owns it until this ends: no other transaction reads it so, or writes
    /// it, until then. Waits for whoever owns it.
    async fn find_owned(&mut self, statement: Statement) -> Result<Option<Row>, StoreError>;

    /// Runs one statement; how many rows it changed.
    async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError>;

    /// Makes it happen.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// SQL and its arguments, in the order of their numbers.
#[derive(Clone)]
pub(crate) struct Statement {
    pub(crate) sql: SqlStr,
    pub(crate) arguments: Vec<Value>,
}

impl Statement {
    pub(crate) fn new(sql: impl SqlSafeStr) -> Self {
        Self { sql: sql.into_sql_str(), arguments: Vec::new() }
    }

    pub(crate) fn bind(mut self, argument: impl Into<Value>) -> Self {
        self.arguments.push(argument.into());
        self
    }
}
