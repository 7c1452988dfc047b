//! `POST /signup`.

mod attributes;
mod identity;
mod names;
mod passwords;
mod safely;

use auth_tests::{Case, PW};

#[tokio::test]
async fn an_address_makes_an_account_that_has_it_as_name() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            let user = ann.signup_email("Ann@Example.org", PW).await.user();
            assert_eq!((&user["username"], &user["email"]), (&"Ann@Example.org".into(), &"Ann@Example.org".into()));
        })
        .await;
}

#[tokio::test]
async fn a_username_makes_an_account_without_an_address() {
    Case::everywhere()
        .run(async |world| {
            let user = world.client().signup_username("ann", PW).await.user();
            assert_eq!((&user["username"], &user["email"]), (&"ann".into(), &serde_json::Value::Null));
        })
        .await;
}

#[tokio::test]
async fn a_sign_up_signs_nobody_in() {
    Case::everywhere()
        .run(async |world| {
            let answer = world.client().signup_username("ann", PW).await;
            assert!(answer.user()["last_login"].is_null());
            assert!(answer.json().get("token").is_none());
        })
        .await;
}

#[tokio::test]
async fn a_name_twice_is_taken() {
    Case::everywhere()
        .run(async |world| {
            let (ann, other) = (world.client(), world.client());
            ann.signup_username("ann", PW).await.is_ok();
            other.signup_username("ann", PW).await.is_about("taken", "username");
        })
        .await;
}

#[tokio::test]
async fn an_address_twice_is_taken() {
    Case::everywhere()
        .run(async |world| {
            let (ann, other) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            other.signup_email("ann@example.org", PW).await.is_about("taken", "email");
        })
        .await;
}

#[tokio::test]
async fn a_taken_name_is_told_only_to_whoever_brings_a_good_password() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            ann.signup_username("ann", "short").await.is(400, "weak_password");
        })
        .await;
}

#[tokio::test]
async fn ids_are_random_and_not_the_name() {
    Case::everywhere()
        .run(async |world| {
            let mut ids = Vec::new();
            for name in ["ann", "bob", "cyd"] {
                ids.push(world.client().signup_username(name, PW).await.user()["id"].to_string());
            }
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), 3);
            assert!(ids.iter().all(|id| id.len() == 38), "{ids:?}");
        })
        .await;
}

#[tokio::test]
async fn the_hash_that_is_stored_is_argon2id_with_a_salt_of_its_own() {
    Case::everywhere()
        .run(async |world| {
            for name in ["ann", "bob"] {
                world.client().signup_username(name, PW).await.is_ok();
            }
            let (ann, bob) = (world.user("ann").await, world.user("bob").await);
            assert!(ann.password.expose().starts_with("$argon2id$v=19$"));
            assert_ne!(ann.password, bob.password);
        })
        .await;
}
