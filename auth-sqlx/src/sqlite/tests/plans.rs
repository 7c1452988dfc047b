//! Every statement that the suite makes a store run is explained by SQLite first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use auth_core::store::{IntoStores, StoreError};
use auth_core::testing::store;
use sqlx::{AssertSqlSafe, Row as _, SqlStr, SqlitePool};

use super::File;
use crate::driver::{Dialect, Driver, Statement, Tables, Transaction};
use crate::row::Row;
use crate::{ConnectError, SqlStore};

#[tokio::test]
async fn no_statement_scans_a_table() {
    let file = File::new();
    let (store, plans) = explained(&file).await;
    store::run_all(&store.into_stores()).await;
    let plans = plans.0.lock().unwrap();
    assert_eq!(plans.len(), written(), "statements that the suite does not reach: {plans:#?}");
    let scans: Vec<_> = plans.iter().filter(|(_, plan)| plan.contains("SCAN")).collect();
    assert!(scans.is_empty(), "{scans:#?}");
}

/// How many statements there are in the source.
fn written() -> usize {
    let sources = [include_str!("../../user.rs"), include_str!("../../session.rs"), include_str!("../../outbox.rs")];
    sources.iter().map(|source| source.matches(": &str =").count()).sum()
}

async fn explained(file: &File) -> (SqlStore, Arc<Plans>) {
    let store = file.store().await;
    let plans = Arc::new(Plans::default());
    let driver = Explaining { inner: store.driver, plans: plans.clone() };
    (SqlStore { driver: Arc::new(driver) }, plans)
}

/// SQL and how SQLite would run it.
#[derive(Default)]
struct Plans(Mutex<BTreeSet<(String, String)>>);

impl Plans {
    async fn note(&self, pool: &SqlitePool, sql: &SqlStr) {
        let sql = sql.as_str();
        if self.0.lock().unwrap().iter().any(|(known, _)| known == sql) {
            return;
        }
        let steps = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(pool).await.unwrap();
        let plan = steps.iter().map(|step| step.get::<String, _>("detail")).collect::<Vec<_>>().join("; ");
        self.0.lock().unwrap().insert((sql.to_owned(), plan));
    }
}

struct Explaining {
    inner: Arc<dyn Driver>,
    plans: Arc<Plans>,
}

#[async_trait]
impl Driver for Explaining {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    async fn migrate(&self, tables: Tables) -> Result<(), ConnectError> {
        self.inner.migrate(tables).await
    }

    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(self.inner.sqlite_pool().unwrap(), &statement.sql).await;
        self.inner.fetch(statement).await
    }

    async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        self.plans.note(self.inner.sqlite_pool().unwrap(), &statement.sql).await;
        self.inner.execute(statement).await
    }

    async fn begin_beside_others(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.begin().await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let (inner, plans) = (self.inner.begin().await?, self.plans.clone());
        Ok(Box::new(ExplainingTransaction { inner, plans, pool: self.inner.sqlite_pool().unwrap().clone() }))
    }

    fn sqlite_pool(&self) -> Option<&SqlitePool> {
        self.inner.sqlite_pool()
    }
}

struct ExplainingTransaction {
    inner: Box<dyn Transaction>,
    plans: Arc<Plans>,
    pool: SqlitePool,
}

#[async_trait]
impl Transaction for ExplainingTransaction {
    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&self.pool, &statement.sql).await;
        self.inner.fetch(statement).await
    }

    async fn fetch_locked(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&self.pool, &statement.sql).await;
        self.inner.fetch_locked(statement).await
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        self.plans.note(&self.pool, &statement.sql).await;
        self.inner.execute(statement).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.inner.commit().await
    }
}
