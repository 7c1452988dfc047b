//! `POST /refresh`.

use std::time::Duration;

use auth_core::Settings;
use auth_core::password::Password;
use auth_tests::{Case, NEW_PW, PW, Request, settings};

const GRACE: Duration = Duration::from_secs(10);
const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_token_is_replaced_by_a_later_one() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let first = ann.token().to_owned();
            world.wait(Duration::from_mins(1));
            ann.refresh().await.is_ok();
            assert_ne!(ann.token(), first);
            assert_eq!(ann.validation().await.json()["message"], "Token will expire 2023-11-14T22:29:20Z");
            ann.get_user().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn an_expired_token_is_replaced_while_its_session_lives() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.wait(DAY);
            ann.get_user().await.is(401, "token_expired");
            ann.refresh().await.is_ok();
            ann.get_user().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn body_and_media_type_are_not_looked_at() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let refresh = || Request::post(&world.path("/refresh")).bearer(ann.token());
            ann.send(refresh().header("content-type", "text/plain").body("}not json{")).await.is_ok();
            ann.send(refresh().json(r#"{"token":"x.y.z"}"#)).await.is_ok();
            ann.send(refresh().body(vec![0xff; 20_000])).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_token_in_the_body_is_not_read() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let body = format!(r#"{{"token":"{}"}}"#, ann.token());
            ann.post("/refresh", &body).await.is(401, "token_missing");
        })
        .await;
}

#[tokio::test]
async fn the_parent_gets_the_same_successor_within_the_grace() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let first = ann.token().to_owned();
            ann.refresh().await.is_ok();
            let successor = ann.token().to_owned();
            world.wait(GRACE.checked_sub(Duration::from_millis(1)).unwrap());
            ann.holds(&first);
            ann.refresh().await.is_ok();
            assert_eq!(ann.token(), successor, "the same bytes");
            ann.refresh().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn the_parent_after_the_grace_ends_the_session() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut thief) = (world.client(), world.client());
            ann.joins_as("ann", PW).await;
            thief.holds(ann.token());
            ann.refresh().await.is_ok();
            world.wait(GRACE);
            thief.refresh().await.is(401, "token_revoked");
            ann.refresh().await.is(401, "token_revoked");
            ann.get_user().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn a_grandparent_ends_the_session_even_within_the_grace() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut thief) = (world.client(), world.client());
            ann.joins_as("ann", PW).await;
            thief.holds(ann.token());
            ann.refresh().await.is_ok();
            ann.refresh().await.is_ok();
            thief.refresh().await.is(401, "token_revoked");
            ann.get_user().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn reuse_ends_that_session_and_no_other() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            phone.signin("ann", PW).await.is_ok();
            let first = laptop.token().to_owned();
            laptop.refresh().await.is_ok();
            laptop.refresh().await.is_ok();
            laptop.holds(&first);
            laptop.refresh().await.is(401, "token_revoked");
            phone.refresh().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn without_grace_the_parent_is_reuse_at_once() {
    Case::everywhere()
        .settings(|settings| settings.refresh_grace(Duration::ZERO))
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let first = ann.token().to_owned();
            ann.refresh().await.is_ok();
            ann.holds(&first);
            ann.refresh().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn a_session_that_rests_for_7_days_has_expired() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut bob) = (world.client(), world.client());
            ann.joins_as("ann", PW).await;
            bob.joins_as("bob", PW).await;
            world.wait((7 * DAY).checked_sub(Duration::from_secs(1)).unwrap());
            bob.refresh().await.is_ok();
            world.wait(Duration::from_secs(1));
            ann.refresh().await.is(401, "token_expired");
            ann.refresh().await.is(401, "token_revoked");
            bob.refresh().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn nothing_moves_the_absolute_end_after_30_days() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for _ in 0..5 {
                world.wait((6 * DAY).checked_sub(Duration::from_mins(1)).unwrap());
                ann.refresh().await.is_ok();
            }
            let message = ann.validation().await.json()["message"].clone();
            assert_eq!(message, "Token will expire 2023-12-14T22:13:20Z", "cut at the end of the session");
            world.wait(Duration::from_mins(5));
            ann.refresh().await.is(401, "token_expired");
            ann.get_user().await.is(401, "token_expired");
        })
        .await;
}

fn short(settings: Settings) -> Settings {
    settings.session_idle(Duration::from_mins(2)).session_absolute(Duration::from_secs(200))
}

#[tokio::test]
async fn a_host_may_set_shorter_lives() {
    Case::everywhere()
        .settings(short)
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            assert_eq!(ann.validation().await.json()["message"], "Token will expire 2023-11-14T22:16:40Z");
            world.wait(Duration::from_secs(119));
            ann.refresh().await.is_ok();
            world.wait(Duration::from_secs(81));
            ann.refresh().await.is(401, "token_expired");
        })
        .await;
}

#[tokio::test]
async fn a_shorter_life_of_tokens_signs_nobody_out() {
    Case::everywhere()
        .settings(|settings| settings.jwt_exp(DAY))
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.restart(settings()).await;
            ann.get_user().await.is_ok();
            ann.refresh().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_restart_signs_nobody_out() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.restart(settings()).await;
            ann.get_user().await.is_ok();
            ann.refresh().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_new_epoch_ends_every_lineage() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut bob, mut cyd) = (world.client(), world.client(), world.client());
            ann.joins_as("ann", PW).await;
            bob.joins_as("bob", PW).await;
            cyd.joins_as("cyd", PW).await;
            let auth = world.auth();
            assert!(auth.set_password(&world.user("ann").await.id, Password::new(NEW_PW)).await.unwrap());
            auth.set_active(&world.user("bob").await.id, false).await.unwrap();
            auth.sign_out_everywhere(&world.user("cyd").await.id).await.unwrap();
            for who in [&mut ann, &mut bob, &mut cyd] {
                who.refresh().await.is(401, "token_revoked");
                who.refresh().await.is(401, "token_revoked");
            }
        })
        .await;
}

#[tokio::test]
async fn the_token_of_a_deleted_user_is_revoked() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.store().delete("ann");
            ann.refresh().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn a_missing_and_an_invalid_token_are_refused() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.send(Request::post(&world.path("/refresh"))).await.is(401, "token_missing");
            for token in ["x", "x.y.z", "..", "eyJ.eyJ.x"] {
                ann.holds(token);
                ann.refresh().await.is(401, "token_invalid");
            }
        })
        .await;
}
