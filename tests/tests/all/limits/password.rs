//! Tries at one password.

use std::num::NonZeroU32;
use std::time::Duration;

use auth_core::password::Password;
use auth_core::throttle::Limits;
use auth_core::{AuthError, ClientInfo};
use auth_tests::{Case, Client, Guesses, NEW_PW, PW, World, settings};

use super::behind_a_proxy;

const WRONG: &str = "an entirely wrong one";

#[tokio::test]
async fn five_failures_are_free_and_then_each_pause_is_twice_the_last() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            for _ in 0..5 {
                ann.signin("ann", WRONG).await.is(401, "credentials");
            }
            for pause in [1, 2, 4, 8] {
                let refused = ann.signin("ann", WRONG).await;
                refused.is(429, "throttled");
                assert_eq!(refused.header("retry-after"), Some(&*pause.to_string()));
                world.wait(Duration::from_secs(pause));
                ann.signin("ann", WRONG).await.is(401, "credentials");
            }
            ann.signin("ann", PW).await.is(429, "throttled");
            world.wait(Duration::from_secs(16));
            ann.signin("ann", PW).await.is_ok();
            assert_eq!(ann.guesses("ann", 6).await, Guesses { judged: 5, put_off: 1, longest_wait: 1 });
        })
        .await;
}

#[tokio::test]
async fn known_unknown_and_inactive_accounts_are_put_off_with_the_same_bytes() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| {
            for name in ["ann", "inactive"] {
                world.client().signup_username(name, PW).await.is_ok();
            }
            world.auth().set_active(&world.user("inactive").await.id, false).await.unwrap();
            let mut seen = Vec::new();
            for (number, name) in ["ann", "nobody", "inactive", "no\0body"].into_iter().enumerate() {
                let mut client = world.client().at(format!("192.0.2.{number}"));
                let mut answers = Vec::new();
                for _ in 0..7 {
                    let answer = client.signin(name, WRONG).await;
                    let wait = answer.header("retry-after").map(str::to_owned);
                    answers.push((answer.status(), wait, answer.text().to_owned()));
                }
                seen.push(answers);
            }
            assert!(seen.iter().all(|answers| *answers == seen[0]), "{seen:?}");
        })
        .await;
}

#[tokio::test]
async fn a_refused_try_hashes_nothing_and_looks_nobody_up() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            for name in ["ann", "nobody"] {
                ann.guesses(name, 5).await;
                let computed = world.auth().hashing().computed;
                world.store().forget_calls();
                ann.signin(name, PW).await.is(429, "throttled");
                assert_eq!(world.store().calls(), ["reserve"]);
                assert_eq!(world.auth().hashing().computed, computed);
            }
        })
        .await;
}

#[tokio::test]
async fn every_refusal_is_an_event_that_names_the_limit() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.guesses("ann", 5).await;
            ann.signin("ann", WRONG).await.is(429, "throttled");
            assert!(world.log().contains(r#"limit="login_and_client""#), "{}", world.log());
            for number in 0..25 {
                ann.guesses(&format!("user{number}"), 1).await;
            }
            ann.signin("somebody", WRONG).await.is(429, "throttled");
            assert!(world.log().contains(r#"limit="client""#), "{}", world.log());
        })
        .await;
}

#[tokio::test]
async fn counters_outlive_the_server_where_the_store_does() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            ann.guesses("ann", 5).await;
            world.restart(settings()).await;
            ann.signin("ann", PW).await.is(429, "throttled");
            world.wait(Duration::from_secs(1));
            ann.signin("ann", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_restored_password_ends_every_pause() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| {
            let mut ann = world.client().at("192.0.2.1");
            ann.signup_email("ann@example.org", PW).await.is_ok();
            for number in 0..6 {
                world.client().at(format!("198.51.100.{number}")).guesses("ann@example.org", 5).await;
            }
            ann.guesses("ann@example.org", 1).await;
            ann.signin("ann@example.org", PW).await.is(429, "throttled");
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, NEW_PW).await.is_ok();
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

/// 25 failures, so that a test need not wait for the hundredth.
fn locked(settings: auth_core::Settings) -> auth_core::Settings {
    let mut limits = Limits::default();
    limits.lock_after = NonZeroU32::new(25);
    settings.limits(limits)
}

#[tokio::test]
async fn a_login_that_is_locked_stays_so_until_its_password_is_set() {
    Case::everywhere()
        .settings(|settings| behind_a_proxy(locked(settings)))
        .run(async |world| {
            let mut ann = world.client().at("192.0.2.1");
            ann.joins_as("ann", PW).await;
            let mut judged = 0;
            for minute in 0..10 {
                judged += world.client().at(format!("198.51.100.{minute}")).guesses("ann", 5).await.judged;
                world.wait(Duration::from_mins(1));
            }
            assert_eq!(judged, 25);
            world.wait(Duration::from_hours(24 * 30));
            ann.signin("ann", PW).await.is(429, "throttled");
            assert!(world.auth().set_password(&world.user("ann").await.id, Password::new(NEW_PW)).await.unwrap());
            ann.signin("ann", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_wrong_present_password_counts_like_a_sign_in() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for _ in 0..5 {
                assert!(matches!(change(&world, &ann, WRONG).await, Err(AuthError::Credentials(_))));
            }
            assert!(matches!(change(&world, &ann, PW).await, Err(AuthError::Throttled { .. })));
            world.wait(Duration::from_secs(1));
            assert!(change(&world, &ann, PW).await.is_ok());
            ann.signin("ann", NEW_PW).await.is_ok();
        })
        .await;
}

async fn change(world: &World, by: &Client, current: &str) -> Result<(), AuthError> {
    let (current, new) = (Password::new(current), Password::new(NEW_PW));
    world.auth().change_password(by.token(), current, new, &ClientInfo::default()).await.map(drop)
}

#[tokio::test]
async fn without_limits_nobody_is_put_off_and_the_operator_is_told() {
    Case::everywhere()
        .settings(auth_core::Settings::without_limits)
        .run(async |world| {
            assert!(world.log().contains("LIMITS ARE OFF"), "{}", world.log());
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            assert_eq!(ann.guesses("ann", 101).await.judged, 101);
            assert!(!world.store().calls().contains(&"reserve"));
            ann.signin("ann", PW).await.is_ok();
        })
        .await;
}
