//! The stores on a database server, each test on every one that is there.

mod crowd;
mod cut;
mod faults;
mod latency;
mod locked;
mod outage;
mod promises;
mod proxy;
mod slow;
mod starts;
mod tls;

use std::time::Duration;

use auth_core::store::IntoStores as _;
use auth_sqlx::SqlStore;
use auth_tests::services::Service;
use auth_tests::{Answer, Client, Database, NEW_PW, PW, Scratch, Transport, World, settings};
use futures_util::future::{FutureExt as _, LocalBoxFuture, join_all};
use tokio::time::timeout;

use proxy::Proxy;

/// So that a connection that never comes back is a failure and not a hanging test.
const PATIENCE: Duration = Duration::from_mins(1);
const SERVERS: [Service; 2] = [Service::Postgres, Service::MariaDb];

/// An empty database on each server; says which server is not there.
fn databases() -> impl Iterator<Item = Scratch> {
    SERVERS.into_iter().filter(|server| server.is_found_or_say_so()).map(Scratch::new)
}

async fn open(database: &Scratch) -> SqlStore {
    SqlStore::connect(&database.url()).await.unwrap()
}

/// What its server is called in a report.
fn server_of(url: &str) -> &'static str {
    if url.starts_with("postgres") { Service::Postgres.name() } else { Service::MariaDb.name() }
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

/// A store behind a proxy, which sees what is said.
async fn behind_a_proxy(database: &Scratch) -> (Proxy, SqlStore) {
    let url = database.url();
    let (before, rest) = url.rsplit_once('@').unwrap();
    let (server, name) = rest.split_once('/').unwrap();
    let proxy = Proxy::to(server.to_owned()).await;
    let plain = if before.starts_with("postgres") { "&sslmode=disable" } else { "?ssl-mode=DISABLED" };
    let url = format!("{before}@127.0.0.1:{}/{name}{plain}", proxy.port);
    let store = SqlStore::connect(&url).await.unwrap();
    (proxy, store)
}

/// A server of accounts on a store.
async fn world(store: &SqlStore, transport: Transport) -> World {
    World::on(Database::Opened(store.clone().into_stores()), transport, settings()).await
}

/// How many connections the pool has, and how many of them nobody uses.
fn connections(store: &SqlStore) -> (usize, usize) {
    match (store.postgres_pool(), store.mysql_pool()) {
        (Some(pool), _) => (pool.size() as usize, pool.num_idle()),
        (_, Some(pool)) => (pool.size() as usize, pool.num_idle()),
        _ => panic!("a pool"),
    }
}

/// Waits until every connection has gone back to the pool.
async fn nobody_holds_a_connection(store: &SqlStore) {
    let gone_back = async {
        while connections(store).0 != connections(store).1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, gone_back).await.unwrap();
}

/// One request of each kind that needs the store, all at once, from somebody who is signed in and
/// holds a link.
async fn everything(client: &Client, email: &str, link: &str, newcomer: &str) -> Vec<Answer> {
    let [mut signs_in, mut refreshes] = [client.clone(), client.clone()];
    let requests: [LocalBoxFuture<'_, Answer>; 8] = [
        client.signup_username(newcomer, PW).boxed_local(),
        signs_in.signin(email, PW).boxed_local(),
        refreshes.refresh().boxed_local(),
        client.asks_to_restore(email).boxed_local(),
        client.restores(link, NEW_PW).boxed_local(),
        client.get_user().boxed_local(),
        client.visits("/me").boxed_local(),
        client.signout().boxed_local(),
    ];
    join_all(requests).await
}
