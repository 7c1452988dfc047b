//! What a client reads when it is our fault.

use std::num::NonZeroUsize;

use auth_core::Settings;
use auth_core::password::{Argon2Params, HashingSettings};
use auth_tests::{Answer, Case, Fault, PW, World};

/// Somebody tries everything that asks a store.
async fn everything(world: &World, token: &str) -> Vec<Answer> {
    let mut ann = world.client();
    ann.holds(token);
    vec![
        ann.signup_username("bob", PW).await,
        ann.signin("ann", PW).await,
        ann.refresh().await,
        ann.asks_to_restore("ann@example.org").await,
        ann.get_user().await,
        ann.signout().await,
    ]
}

const EVERY_VERB: [&str; 7] = ["insert", "by_login", "by_id", "get", "put", "revoke", "open"];

/// Every verb fails in this way, and then works again.
async fn breaks(world: &World, fault: Fault, status: u16, code: &str) {
    let mut ann = world.client();
    ann.joins_as("ann", PW).await;
    for verb in EVERY_VERB {
        world.store().break_verb(verb, fault);
    }
    for answer in everything(world, ann.token()).await {
        answer.is(status, code);
        assert!(!answer.text().contains("10.0.0.7"), "the store's own words");
    }
    world.store().mend();
    ann.get_user().await.is_ok();
    ann.signin("ann", PW).await.is_ok();
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_unavailable_until_it_does() {
    Case::everywhere().run(async |world| breaks(&world, Fault::Unavailable, 503, "unavailable").await).await;
}

#[tokio::test]
async fn a_store_that_answers_nonsense_is_an_internal_fault() {
    Case::everywhere().run(async |world| breaks(&world, Fault::Backend, 500, "internal").await).await;
}

#[tokio::test]
async fn a_store_that_panics_is_an_internal_fault_and_the_next_request_is_served() {
    Case::everywhere().run(async |world| breaks(&world, Fault::Panic, 500, "internal").await).await;
}

#[tokio::test]
async fn validation_answers_without_a_store() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for verb in EVERY_VERB {
                world.store().break_verb(verb, Fault::Unavailable);
            }
            ann.validation().await.is_ok();
        })
        .await;
}

fn one_place(settings: Settings) -> Settings {
    let params = Argon2Params::danger_weak(8, 1, 1).unwrap();
    settings.hashing(HashingSettings { places: NonZeroUsize::new(1), params, ..HashingSettings::default() })
}

#[tokio::test]
async fn a_full_queue_is_busy_for_known_and_unknown_alike() {
    Case::everywhere()
        .settings(one_place)
        .run(async |world| {
            let (mut ann, mut bob) = (world.client(), world.client());
            ann.signup_username("ann", PW).await.is_ok();
            world.store().hold("by_login");
            let waiting = ann.signin("ann", PW);
            let meanwhile = async {
                world.store().someone_waits_at("by_login").await;
                let known = bob.signin("ann", PW).await;
                let unknown = bob.signin("nobody", PW).await;
                let signup = bob.signup_username("bob", PW).await;
                for answer in [known, unknown, signup] {
                    answer.is(503, "busy");
                    assert_eq!(answer.header("retry-after"), Some("1"));
                }
                world.store().release("by_login");
            };
            let (waited, ()) = tokio::join!(waiting, meanwhile);
            waited.is_ok();
            bob.signin("ann", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_queue_whose_last_place_somebody_is_on_the_way_to_is_busy_before_the_store_is_asked() {
    Case::everywhere()
        .settings(one_place)
        .run(async |world| {
            let (mut ann, mut bob) = (world.client(), world.client());
            ann.signup_username("ann", PW).await.is_ok();
            world.store().hold("reserve");
            let waiting = ann.signin("ann", PW);
            let meanwhile = async {
                world.store().someone_waits_at("reserve").await;
                world.store().forget_calls();
                bob.signin("ann", PW).await.is(503, "busy");
                bob.signup_username("bob", PW).await.is(503, "busy");
                assert_eq!(world.store().calls(), [""; 0]);
                world.store().release("reserve");
            };
            let (waited, ()) = tokio::join!(waiting, meanwhile);
            waited.is_ok();
            bob.signin("ann", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_server_that_stops_is_busy() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let _ = world.auth().shutdown(std::time::Duration::from_secs(5)).await.unwrap();
            ann.signin("ann", PW).await.is(503, "busy");
            ann.refresh().await.is(503, "busy");
        })
        .await;
}
