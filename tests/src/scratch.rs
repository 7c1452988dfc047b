use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use auth_sqlx::sqlx::migrate::MigrateDatabase;
use auth_sqlx::sqlx::{MySql, Postgres};
use tokio::runtime;

use crate::services::Service;

/// An empty database on a server, which goes when this does.
#[derive(Debug)]
pub struct Scratch {
    server: Service,
    url: String,
}

impl Scratch {
    /// One with a name of its own.
    #[must_use]
    pub fn new(server: Service) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let (process, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let address = server.url().expect("the address of a database server");
        let scratch = Self { server, url: format!("{address}/auth_tests_{process}_{number}") };
        scratch.remove(); // what a killed run has left behind
        scratch.create();
        scratch
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn create(&self) {
        match self.server {
            Service::MariaDb => wait_for(MySql::create_database(&self.url)),
            _ => wait_for(Postgres::create_database(&self.url)),
        }
        .expect("a new database");
    }

    fn remove(&self) {
        match self.server {
            Service::MariaDb => wait_for(MySql::drop_database(&self.url)),
            _ => wait_for(Postgres::force_drop_database(&self.url)),
        }
        .expect("no database");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}

/// On a thread with a runtime of its own: the one of the test is not waited in.
fn wait_for<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let run = || runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work);
    thread::scope(|scope| scope.spawn(run).join()).expect("a thread that ends")
}
