//! Every statement that the suite makes a store run is explained by its database first.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use auth_core::store::{IntoStores as _, StoreError};
use auth_core::testing::store::{attempts, joint, outbox, sessions, users};

use crate::driver::{Dialect, Driver, Statement, Tables, Transaction};
use crate::row::Row;
use crate::{ConnectError, SqlStore};

/// A database that says how it would run a statement.
#[async_trait]
pub(crate) trait Explains: Clone + Send + Sync + 'static {
    /// `None` where the database refuses the arguments: the suite also tries what does not fit.
    async fn explain(&self, statement: &Statement) -> Option<String>;
}

/// What the suite runs, and how the database would run it. Fails where the suite misses a
/// statement of the source.
pub(crate) async fn plans(store: SqlStore, database: impl Explains) -> BTreeMap<String, String> {
    let plans = Plans { database, known: Arc::default() };
    let known = plans.known.clone();
    let driver = Arc::new(Explaining { inner: store.driver, plans });
    let stores = SqlStore { driver }.into_stores();
    // Ten thousand accounts make no other statements than two do.
    for property in users::PROPERTIES.iter().filter(|property| !property.name().starts_with("ten_thousand")) {
        property.hold(std::slice::from_ref(&stores.users), 1).await;
    }
    sessions::run_all(&*stores.sessions).await;
    joint::run_all(&stores).await;
    outbox::run_all(&*stores.outbox).await;
    attempts::run_all(&*stores.attempts).await;
    let known = known.lock().unwrap().clone();
    assert_eq!(known.len(), written(), "statements that the suite does not reach: {known:#?}");
    known
}

/// How many statements there are in the source.
fn written() -> usize {
    let sources = [
        include_str!("user.rs"),
        include_str!("session.rs"),
        include_str!("joint.rs"),
        include_str!("outbox.rs"),
        include_str!("attempt.rs"),
    ];
    sources.iter().map(|source| source.matches(": &str =").count()).sum()
}

#[derive(Clone)]
struct Plans<E> {
    database: E,
    known: Arc<Mutex<BTreeMap<String, String>>>,
}

impl<E: Explains> Plans<E> {
    async fn note(&self, statement: &Statement) {
        let sql = statement.sql.as_str();
        if !self.known.lock().unwrap().contains_key(sql) {
            let Some(plan) = self.database.explain(statement).await else { return };
            self.known.lock().unwrap().insert(sql.to_owned(), plan);
        }
    }
}

struct Explaining<E> {
    inner: Arc<dyn Driver>,
    plans: Plans<E>,
}

#[async_trait]
impl<E: Explains> Driver for Explaining<E> {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    async fn migrate(&self, tables: Tables) -> Result<(), ConnectError> {
        self.inner.migrate(tables).await
    }

    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&statement).await;
        self.inner.fetch(statement).await
    }

    async fn find(&self, statement: Statement) -> Result<Option<Row>, StoreError> {
        self.plans.note(&statement).await;
        self.inner.find(statement).await
    }

    async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        self.plans.note(&statement).await;
        self.inner.execute(statement).await
    }

    async fn update(&self, statement: Statement, read: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&statement).await;
        self.inner.update(statement, read).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(ExplainingTransaction { inner: self.inner.begin().await?, plans: self.plans.clone() }))
    }

    async fn begin_beside(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let inner = self.inner.begin_beside().await?;
        Ok(Box::new(ExplainingTransaction { inner, plans: self.plans.clone() }))
    }
}

struct ExplainingTransaction<E> {
    inner: Box<dyn Transaction>,
    plans: Plans<E>,
}

#[async_trait]
impl<E: Explains> Transaction for ExplainingTransaction<E> {
    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&statement).await;
        self.inner.fetch(statement).await
    }

    async fn fetch_locked(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.plans.note(&statement).await;
        self.inner.fetch_locked(statement).await
    }

    async fn find_owned(&mut self, statement: Statement) -> Result<Option<Row>, StoreError> {
        self.plans.note(&statement).await;
        self.inner.find_owned(statement).await
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        self.plans.note(&statement).await;
        self.inner.execute(statement).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.inner.commit().await
    }
}
