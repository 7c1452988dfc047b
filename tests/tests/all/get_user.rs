//! `POST /get_user`.

use std::time::Duration;

use auth_tests::{Case, PW, Request};

#[tokio::test]
async fn a_good_token_gives_its_user_with_exactly_the_public_keys() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            for _twice in 0..2 {
                let user = ann.get_user().await.user();
                let mut keys: Vec<_> = user.as_object().unwrap().keys().cloned().collect();
                keys.sort();
                assert_eq!(keys, ["date_joined", "email", "id", "is_active", "last_login", "username"]);
            }
        })
        .await;
}

#[tokio::test]
async fn the_header_counts_when_the_body_has_no_token_or_is_empty() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let get_user = || Request::post(&world.path("/get_user")).bearer(ann.token());
            ann.send(get_user()).await.is_ok();
            ann.send(get_user().json("{}")).await.is_ok();
            ann.send(get_user().json(r#"{"token":""}"#)).await.is_ok();
            ann.send(get_user().json(r#"{"token":"x.y.z"}"#)).await.is(401, "token_invalid");
        })
        .await;
}

#[tokio::test]
async fn absent_null_and_empty_are_missing_and_other_types_are_wrong() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            for body in ["{}", r#"{"token":null}"#, r#"{"token":""}"#] {
                ann.post("/get_user", body).await.is_about("token_missing", "token");
            }
            for value in ["987654321987654", "[\"s3ntinel\"]"] {
                let answer = ann.post("/get_user", &format!(r#"{{"token":{value}}}"#)).await;
                answer.is_about("invalid_field", "token");
                assert!(!answer.text().contains("s3ntinel") && !answer.text().contains("987654321987654"));
            }
        })
        .await;
}

#[tokio::test]
async fn an_invalid_and_an_expired_token_are_refused() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.wait(Duration::from_mins(15));
            ann.get_user().await.is(401, "token_expired");
            ann.holds("x.y.z");
            ann.get_user().await.is(401, "token_invalid");
        })
        .await;
}

#[tokio::test]
async fn a_token_of_an_ended_session_is_revoked() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            ann.signout().await.is_ok();
            ann.get_user().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn an_inactive_and_a_deleted_user_are_revoked_with_the_same_bytes() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut bob) = (world.client(), world.client());
            ann.joins_as("ann", PW).await;
            bob.joins_as("bob", PW).await;
            world.auth().set_active(&world.user("ann").await.id, false).await.unwrap();
            world.store().delete("bob");
            let (inactive, deleted) = (ann.get_user().await, bob.get_user().await);
            inactive.is(401, "token_revoked");
            assert_eq!(inactive.text(), deleted.text());
        })
        .await;
}

#[tokio::test]
async fn a_token_that_was_refreshed_is_still_good_until_it_expires() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let first = ann.token().to_owned();
            world.wait(Duration::from_mins(1));
            ann.refresh().await.is_ok();
            ann.holds(&first);
            ann.get_user().await.is_ok();
        })
        .await;
}
