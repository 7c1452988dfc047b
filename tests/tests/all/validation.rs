//! `POST /validation`.

use std::time::Duration;

use auth_core::token::KeyMaterial;
use auth_tests::{Case, NEW_PW, PW, Request, settings};

#[tokio::test]
async fn a_good_token_tells_when_it_expires() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for _twice in 0..2 {
                assert_eq!(ann.validation().await.json()["message"], "Token will expire 2023-11-14T22:28:20Z");
            }
        })
        .await;
}

#[tokio::test]
async fn a_token_is_good_to_its_last_second_and_expired_at_the_next() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.wait(Duration::from_secs(899));
            ann.validation().await.is_ok();
            world.wait(Duration::from_millis(999));
            ann.validation().await.is_ok();
            world.wait(Duration::from_millis(1));
            ann.validation().await.is(401, "token_expired");
        })
        .await;
}

#[tokio::test]
async fn a_leeway_is_added_where_the_host_wants_one() {
    Case::everywhere()
        .settings(|settings| settings.leeway(Duration::from_secs(30)))
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.wait(Duration::from_secs(929));
            ann.validation().await.is_ok();
            world.wait(Duration::from_secs(1));
            ann.validation().await.is(401, "token_expired");
        })
        .await;
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_invalid_and_not_repeated() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            for token in ["s3ntinel", "a.b.c", "..", "s3ntinel.s3ntinel.s3ntinel", " ", "é", "\0", "null"] {
                ann.holds(token);
                let body = format!(r#"{{"token":{}}}"#, serde_json::Value::from(token));
                let answer = ann.post("/validation", &body).await;
                answer.is(401, "token_invalid");
                assert!(!answer.text().contains("s3ntinel"));
            }
            ann.post("/validation", &format!(r#"{{"token":"{}"}}"#, "a".repeat(8_193))).await.is(401, "token_invalid");
        })
        .await;
}

#[tokio::test]
async fn a_token_that_was_touched_is_invalid() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut eve) = (world.client(), world.client());
            ann.joins_as("ann", PW).await;
            eve.joins_as("eve", PW).await;
            let (good, other) = (ann.token().to_owned(), eve.token().to_owned());
            let [header, payload, signature]: [&str; 3] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
            let foreign = other.split('.').nth(1).unwrap();
            // {"typ":"JWT","alg":"none"}
            let none = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0";
            for forged in [
                format!("{header}.{foreign}.{signature}"),
                format!("{header}.{payload}."),
                format!("{header}.{payload}"),
                format!("{none}.{payload}."),
                format!("{none}.{payload}.{signature}"),
                format!("{header}.{payload}.{signature}="),
                format!("{header}.{payload}.{signature}."),
                format!(" {good}"),
                format!("Bearer {good}"),
            ] {
                ann.post("/validation", &format!(r#"{{"token":"{forged}"}}"#)).await.is(401, "token_invalid");
            }
        })
        .await;
}

#[tokio::test]
async fn a_token_of_another_key_is_invalid_until_the_key_is_listed() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let (old, new) = ("tq7TzP2vXn4Jc8LkR0sYb6WmGd1HfUe9", "Zx5Kd0Vq8RmT3yWn7BhJ2gPc6LsF9uEa");
            world.restart(settings().jwt_secret(KeyMaterial::secret(new))).await;
            ann.validation().await.is(401, "token_invalid");
            let rotated = settings().jwt_secret(KeyMaterial::secret(new));
            world.restart(rotated.jwt_verifying_keys(vec![KeyMaterial::secret(old)])).await;
            ann.validation().await.is_ok();
            ann.refresh().await.is_ok();
            ann.validation().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn issuer_and_audience_are_required_exactly_when_they_are_configured() {
    Case::everywhere()
        .run(async |world| {
            let (mut bare, mut full) = (world.client(), world.client());
            bare.joins_as("ann", PW).await;
            let configured = || settings().issuer("https://auth.example.org").audience("notes");
            world.restart(configured()).await;
            bare.validation().await.is(401, "token_invalid");
            full.signin("ann", PW).await.is_ok();
            full.validation().await.is_ok();
            world.restart(configured().audience("others")).await;
            full.validation().await.is(401, "token_invalid");
            world.restart(configured().issuer("https://eve.example.org")).await;
            full.validation().await.is(401, "token_invalid");
        })
        .await;
}

#[tokio::test]
async fn absent_null_and_empty_are_missing_and_other_types_are_wrong() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            for body in ["{}", r#"{"token":null}"#, r#"{"token":""}"#] {
                ann.post("/validation", body).await.is_about("token_missing", "token");
            }
            for value in ["987654321987654", "true", "[\"s3ntinel\"]", "{}"] {
                let answer = ann.post("/validation", &format!(r#"{{"token":{value}}}"#)).await;
                answer.is_about("invalid_field", "token");
                assert!(!answer.text().contains("s3ntinel") && !answer.text().contains("987654321987654"));
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
            let validation = || Request::post(&world.path("/validation")).bearer(ann.token());
            ann.send(validation()).await.is_ok();
            for body in ["{}", r#"{"token":null}"#, r#"{"token":""}"#] {
                ann.send(validation().json(body)).await.is_ok();
            }
            ann.send(validation().json(r#"{"token":"x.y.z"}"#)).await.is(401, "token_invalid");
            ann.send(validation().json("[]")).await.is(400, "invalid_body");
            ann.send(validation().json(r#"{"token":1}"#)).await.is_about("invalid_field", "token");
        })
        .await;
}

#[tokio::test]
async fn it_asks_no_database_and_so_does_not_see_a_sign_out() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            ann.signout().await.is_ok();
            world.store().forget_calls();
            ann.validation().await.is_ok();
            assert!(world.store().calls().is_empty());
        })
        .await;
}

#[tokio::test]
async fn with_the_setting_it_checks_session_epoch_and_user() {
    Case::everywhere()
        .settings(|settings| settings.validation_checks_session(true))
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            phone.signin("ann", PW).await.is_ok();
            laptop.validation().await.is_ok();
            laptop.signout().await.is_ok();
            laptop.validation().await.is(401, "token_revoked");
            phone.validation().await.is_ok();
            let id = world.user("ann").await.id;
            assert!(world.auth().set_password(&id, auth_core::password::Password::new(NEW_PW)).await.unwrap());
            phone.validation().await.is(401, "token_revoked");
            phone.signin("ann", NEW_PW).await.is_ok();
            world.store().delete("ann");
            phone.validation().await.is(401, "token_revoked");
        })
        .await;
}
