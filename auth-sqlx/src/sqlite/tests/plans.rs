//! Every statement that the suite makes a store run is explained by SQLite first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use auth_core::store::{StoreError, UserStore};
use auth_core::testing::store::{attempts, outbox, sessions, users};
use sqlx::{AssertSqlSafe, Row as _, SqlitePool};

use super::File;
use crate::SqlStore;
use crate::driver::{Driver, Statement, Transaction};
use crate::row::Row;

#[tokio::test]
async fn no_statement_scans_a_table() {
    let file = File::new();
    let (store, plans) = explained(&file).await;
    let users: [Arc<dyn UserStore>; 1] = [Arc::new(store.clone())];
    // Ten thousand accounts make no other statements than two do.
    for property in users::PROPERTIES.iter().filter(|property| !property.name().starts_with("ten_thousand")) {
        property.hold(&users, 1).await;
    }
    sessions::run_all(&store).await;
    outbox::run_all(&store).await;
    attempts::run_all(&store).await;
    let plans = plans.0.lock().unwrap();
    assert_eq!(plans.len(), written(), "statements that the suite does not reach: {plans:#?}");
    let scans: Vec<_> = plans.iter().filter(|(_, plan)| plan.contains("SCAN")).collect();
    assert!(scans.is_empty(), "{scans:#?}");
}

/// How many statements there are in the source.
fn written() -> usize {
    let sources = [
        include_str!("../../user.rs"),
        include_str!("../../session.rs"),
        include_str!("../../outbox.rs"),
        include_str!("../../attempt.rs"),
    ];
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
struct Plans(Mutex<BTreeSet<(&'static str, String)>>);

impl Plans {
    async fn note(&self, pool: &SqlitePool, sql: &'static str) {
        if self.0.lock().unwrap().iter().any(|(known, _)| *known == sql) {
            return;
        }
        let steps = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(pool).await.unwrap();
        let plan = steps.iter().map(|step| step.get::<String, _>("detail")).collect::<Vec<_>>().join("; ");
        self.0.lock().unwrap().insert((sql, plan));
    }
}

struct Explaining {
    inner: Arc<dyn Driver>,
    plans: Arc<Plans>,
}

#[async_trait]
impl Driver for Explaining {
    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(self.inner.sqlite_pool().unwrap(), statement.sql).await;
        self.inner.fetch(statement).await
    }

    async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        self.plans.note(self.inner.sqlite_pool().unwrap(), statement.sql).await;
        self.inner.execute(statement).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(self.explaining(self.inner.begin().await?))
    }

    async fn begin_beside(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(self.explaining(self.inner.begin_beside().await?))
    }

    fn sqlite_pool(&self) -> Option<&SqlitePool> {
        self.inner.sqlite_pool()
    }
}

impl Explaining {
    fn explaining(&self, inner: Box<dyn Transaction>) -> Box<dyn Transaction> {
        let pool = self.inner.sqlite_pool().unwrap().clone();
        Box::new(ExplainingTransaction { inner, plans: self.plans.clone(), pool })
    }
}

struct ExplainingTransaction {
    inner: Box<dyn Transaction>,
    plans: Arc<Plans>,
    pool: SqlitePool,
}

#[async_trait]
impl Transaction for ExplainingTransaction {
    async fn fetch_locked(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&self.pool, statement.sql).await;
        self.inner.fetch_locked(statement).await
    }

    async fn fetch_owned(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&self.pool, statement.sql).await;
        self.inner.fetch_owned(statement).await
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        self.plans.note(&self.pool, statement.sql).await;
        self.inner.execute(statement).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.inner.commit().await
    }
}
