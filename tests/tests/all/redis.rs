//! Attempts that are counted in Redis.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use auth_core::store::{IntoStores as _, MemoryStore};
use auth_redis::RedisStore;
use auth_tests::services::{OwnServer, Service};
use auth_tests::{Database, Log, PW, Transport, World, settings};
use tracing::dispatcher;

#[tokio::test]
async fn without_redis_nobody_is_let_in_and_whoever_is_in_goes_on() {
    let Some(mut server) = OwnServer::start(Service::Redis) else { return };
    for transport in Transport::HTTP {
        let attempts = RedisStore::connect(&server.url()).await.unwrap();
        let stores = MemoryStore::default().into_stores().with_attempts(attempts);
        let world = World::on(Database::Opened(stores), transport, settings()).await;
        let mut ann = world.client();
        ann.joins_with_email("ann@example.org", PW).await;
        server.stop();
        ann.signin("ann@example.org", PW).await.is(503, "unavailable");
        ann.signin("ann@example.org", "wrong").await.is(503, "unavailable");
        ann.signup_username("ben", PW).await.is(503, "unavailable");
        ann.asks_to_restore("ann@example.org").await.is(503, "unavailable");
        ann.get_user().await.is_ok();
        ann.refresh().await.is_ok();
        server.start_again();
        ann.signin("ann@example.org", PW).await.is_ok();
        ann.signup_username("ben", PW).await.is_ok();
        ann.asks_to_restore("ann@example.org").await.is_ok();
    }
}

#[tokio::test]
async fn a_client_has_as_many_tries_as_its_limit_says_at_both_servers_together() {
    let Some(server) = OwnServer::start(Service::Redis) else { return };
    let database = MemoryStore::default();
    let mut worlds = Vec::new();
    for transport in Transport::HTTP {
        let attempts = RedisStore::connect(&server.url()).await.unwrap();
        let stores = database.clone().into_stores().with_attempts(attempts);
        worlds.push(World::on(Database::Opened(stores), transport, settings()).await);
    }
    for number in 0..30 {
        let mut stranger = worlds[number % 2].client();
        stranger.signin(&format!("nobody {number}"), PW).await.is(401, "credentials");
    }
    for world in &worlds {
        world.client().signin("nobody", PW).await.is(429, "throttled");
    }
}

/// Has an administrator say this to the server.
fn administer(server: &OwnServer, command: &str) {
    let mut connection = TcpStream::connect(server.url().trim_start_matches("redis://")).unwrap();
    connection.write_all(format!("{command}\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    BufReader::new(connection).read_line(&mut answer).unwrap();
    assert_eq!(answer, "+OK\r\n", "{command}");
}

/// What is logged by a program that connects to it.
async fn logged(server: &OwnServer) -> String {
    let log = Log::default();
    let _logged = dispatcher::set_default(&log.dispatch());
    RedisStore::connect(&server.url()).await.unwrap();
    log.text().lines().filter(|line| line.contains(" WARN ")).collect()
}

#[tokio::test]
async fn a_redis_that_may_evict_counts_is_warned_of() {
    let Some(server) = OwnServer::start(Service::Redis) else { return };
    for policy in ["allkeys-lru", "allkeys-random", "volatile-lru", "volatile-ttl"] {
        administer(&server, &format!("CONFIG SET maxmemory-policy {policy}"));
        let logged = logged(&server).await;
        assert!(logged.contains(policy) && logged.contains("noeviction"), "{logged}");
    }
    administer(&server, "CONFIG SET maxmemory-policy noeviction");
    assert_eq!(logged(&server).await, "");
}

#[tokio::test]
async fn a_redis_that_may_not_be_asked_for_its_policy_is_used_without_a_word() {
    let Some(server) = OwnServer::start(Service::Redis) else { return };
    administer(&server, "CONFIG SET maxmemory-policy allkeys-lru");
    administer(&server, "ACL SETUSER default -config");
    assert_eq!(logged(&server).await, "");
}
