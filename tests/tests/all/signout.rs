//! `POST /signout`.

use std::time::Duration;

use auth_tests::{Case, PW, Request};

#[tokio::test]
async fn it_ends_the_session_once() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            ann.signout().await.is_ok();
            ann.signout().await.is(401, "token_revoked");
            ann.refresh().await.is(401, "token_revoked");
            ann.get_user().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn an_expired_token_signs_out_too() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.wait(Duration::from_hours(24));
            ann.signout().await.is_ok();
            ann.refresh().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn an_older_token_of_the_session_signs_out_too() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let (first, mut tab) = (ann.token().to_owned(), world.client());
            ann.refresh().await.is_ok();
            tab.holds(&first);
            tab.signout().await.is_ok();
            ann.get_user().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn without_a_token_or_with_a_bad_one_nothing_ends() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let signout = || Request::post(&world.path("/signout"));
            ann.send(signout()).await.is(401, "token_missing");
            ann.send(signout().bearer("x.y.z")).await.is(401, "token_invalid");
            ann.send(signout().json(format!(r#"{{"token":"{}"}}"#, ann.token()))).await.is(401, "token_missing");
            ann.get_user().await.is_ok();
        })
        .await;
}
