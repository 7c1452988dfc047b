//! The stores on a database server, each test on every one that is there.

mod faults;
mod promises;
mod proxy;
mod starts;

use auth_sqlx::SqlStore;
use auth_tests::Scratch;
use auth_tests::services::Service;

/// An empty database on each server; says which server is not there.
fn databases() -> impl Iterator<Item = Scratch> {
    [Service::Postgres, Service::MariaDb].into_iter().filter(|server| server.is_found_or_say_so()).map(Scratch::new)
}

async fn open(database: &Scratch) -> SqlStore {
    SqlStore::connect(&database.url()).await.unwrap()
}

/// Runs SQL as the host would, over a connection of its own.
async fn run(database: &Scratch, sql: &'static str) {
    use auth_sqlx::sqlx::{Connection as _, MySqlConnection, PgConnection, raw_sql};
    if database.url().starts_with("postgres") {
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        raw_sql(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = MySqlConnection::connect(&database.url()).await.unwrap();
        raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}
