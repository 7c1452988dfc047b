use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use sqlx::{AssertSqlSafe, Connection as _, Error, MySqlConnection, PgConnection, raw_sql};
use tokio::runtime;

use crate::Service;

/// A test that outlives its server proves nothing, so that nothing need be waited for.
const NOT_ON_DISK: &str = "-csynchronous_commit%3Doff";

/// An empty place for tables on a server, which goes when this does: on `MariaDB` a database, on
/// `PostgreSQL`, whose databases take long to make, a schema.
#[derive(Debug)]
pub struct Scratch {
    server: Service,
    address: String,
    name: String,
}

impl Scratch {
    /// One with a name of its own.
    #[must_use]
    pub fn new(server: Service) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let address = server.url().expect("the address of a database server");
        let name = format!("auth_tests_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let scratch = Self { server, address, name };
        scratch.remove(); // what a killed run has left behind
        scratch.run(format!("CREATE SCHEMA {}", scratch.name));
        scratch
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        let Self { address, name, .. } = self;
        match self.server {
            Service::MariaDb => format!("{address}/{name}"),
            _ => format!("{address}/postgres?options={NOT_ON_DISK}%20-csearch_path%3D{name}"),
        }
    }

    /// Takes everything out of our tables.
    pub fn empty(&self) {
        let deletions = ["auth_users", "auth_sessions", "auth_outbox", "auth_attempts"];
        self.run(deletions.map(|table| format!("DELETE FROM {}.{table};", self.name)).concat());
    }

    fn remove(&self) {
        let cascade = if self.server == Service::MariaDb { "" } else { "CASCADE" };
        self.run(format!("DROP SCHEMA IF EXISTS {} {cascade}", self.name));
    }

    /// On a thread with a runtime of its own: the one of the test is not waited in.
    fn run(&self, sql: String) {
        let run = || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(run(self.server, &self.address, sql))
        };
        let ended = thread::scope(|scope| scope.spawn(run).join()).expect("a thread that ends");
        ended.expect("a server that makes and drops schemas");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}

async fn run(server: Service, address: &str, sql: String) -> Result<(), Error> {
    let sql = raw_sql(AssertSqlSafe(sql));
    if server == Service::MariaDb {
        sql.execute(&mut MySqlConnection::connect(address).await?).await.map(drop)
    } else {
        let address = format!("{address}/postgres?options={NOT_ON_DISK}");
        sql.execute(&mut PgConnection::connect(&address).await?).await.map(drop)
    }
}
