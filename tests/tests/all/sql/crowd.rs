use std::any::Any;
use std::num::NonZeroUsize;

use auth_core::password::{Argon2Params, HashingSettings};
use auth_core::store::IntoStores as _;
use auth_sqlx::SqlStore;
use auth_sqlx::sqlx::mysql::MySqlPoolOptions;
use auth_sqlx::sqlx::postgres::PgPoolOptions;
use auth_tests::{Answer, Database, PW, Request, Scratch, Transport, World, settings};
use futures_util::future::join_all;

use crate::faults::row_on;

use super::{connections, databases, nobody_holds_a_connection, server_of};

const CLIENTS: usize = 200;
const CONNECTIONS: u32 = 2;

/// A store on a pool that is far too small.
async fn crowded(database: &Scratch) -> SqlStore {
    let url = database.url();
    if url.starts_with("postgres") {
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect(&url).await.unwrap();
        SqlStore::from_postgres_pool(pool).await.unwrap()
    } else {
        let pool = MySqlPoolOptions::new().max_connections(CONNECTIONS).connect(&url).await.unwrap();
        SqlStore::from_mysql_pool(pool).await.unwrap()
    }
}

/// Takes a connection away until this is dropped.
async fn taken(store: &SqlStore) -> Box<dyn Any> {
    match (store.postgres_pool(), store.mysql_pool()) {
        (Some(pool), _) => Box::new(pool.acquire().await.unwrap()),
        (_, Some(pool)) => Box::new(pool.acquire().await.unwrap()),
        _ => panic!("a pool"),
    }
}

/// A server whose hashing queue is not what is full, behind one proxy.
async fn world(store: &SqlStore, transport: Transport) -> World {
    let params = Argon2Params::danger_weak(8, 1, 1).unwrap();
    let hashing = HashingSettings { places: NonZeroUsize::new(10_000), params, ..HashingSettings::default() };
    let settings = settings().hashing(hashing).trusted_proxies(1).without_limits();
    World::on(Database::Opened(store.clone().into_stores()), transport, settings).await
}

/// Everybody signs in from an address of their own.
async fn crowd_signs_in(world: &World) -> Vec<Answer> {
    let signs_in = async |number: usize| {
        let body = format!(r#"{{"username":"ann","password":"{PW}"}}"#);
        let from = format!("198.51.100.{}", number % 250);
        world.client().send(Request::post("/auth/signin").json(body).header("x-forwarded-for", from)).await
    };
    join_all((0..CLIENTS).map(signs_in)).await
}

#[tokio::test]
async fn two_connections_serve_two_hundred_clients_because_none_is_held_while_a_hash_is_computed() {
    for database in databases() {
        let store = crowded(&database).await;
        for transport in Transport::HTTP {
            let world = world(&store, transport).await;
            let _ = world.client().signup_username("ann", PW).await;
            for answer in crowd_signs_in(&world).await {
                answer.is_ok();
            }
            nobody_holds_a_connection(&store).await;
            assert_eq!(connections(&store).1, CONNECTIONS as usize);
            let (seen, kept) = (format!("{CLIENTS} of {CLIENTS} sign-ins 200"), "all connections back");
            row_on(transport, "200 clients on 2 connections", server_of(&database.url()), &seen, kept);
        }
    }
}

#[tokio::test]
async fn two_hundred_clients_without_a_connection_are_told_503_and_the_pool_is_as_before() {
    for database in databases() {
        let store = crowded(&database).await;
        for transport in Transport::HTTP {
            let world = world(&store, transport).await;
            let mut ann = world.client();
            let _ = ann.signup_username("ann", PW).await;
            ann.signin("ann", PW).await.is_ok();
            nobody_holds_a_connection(&store).await;
            let before = connections(&store);

            let held = (taken(&store).await, taken(&store).await);
            for answer in crowd_signs_in(&world).await {
                answer.is(503, "unavailable");
            }
            ann.validation().await.is_ok();
            drop(held);
            nobody_holds_a_connection(&store).await;
            assert_eq!(connections(&store), before);
            for answer in crowd_signs_in(&world).await {
                answer.is_ok();
            }
            let seen = format!("{CLIENTS} of {CLIENTS} sign-ins 503, /validation 200, then {CLIENTS} of {CLIENTS} 200");
            row_on(transport, "no connection is free", server_of(&database.url()), &seen, "the pool is as before");
        }
    }
}
