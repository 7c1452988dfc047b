//! Attempts that are counted in Redis.

use auth_core::store::{IntoStores as _, MemoryStore};
use auth_redis::RedisStore;
use auth_tests::services::{OwnServer, Service};
use auth_tests::{Database, PW, Transport, World, settings};

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
