//! `RequireAuth`, `RequireToken` and `RequireRole`.

use auth_tests::{Case, PW, Request};

#[tokio::test]
async fn a_guard_lets_through_whom_it_is_for() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.store().grant("ann", "admin");
            for page in ["/club", "/gate", "/admin"] {
                let answer = ann.visits(page).await;
                assert_eq!((answer.status(), answer.text()), (200, page));
            }
        })
        .await;
}

#[tokio::test]
async fn without_a_good_token_every_guard_is_shut() {
    Case::over_http()
        .run(async |world| {
            for page in ["/club", "/gate", "/admin", "/everything"] {
                let mut ann = world.client();
                ann.visits(page).await.is(401, "token_missing");
                ann.holds("x.y.z");
                ann.visits(page).await.is(401, "token_invalid");
                let two = Request::get(page).bearer("x").bearer("y");
                ann.send(two).await.is(401, "token_invalid");
            }
        })
        .await;
}

#[tokio::test]
async fn who_is_known_but_has_not_the_role_is_forbidden() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            ann.visits("/admin").await.is(403, "forbidden");
            world.store().grant("ann", "Admin");
            ann.visits("/admin").await.is(403, "forbidden");
            world.store().grant("ann", "admin");
            assert_eq!(ann.visits("/admin").await.text(), "/admin");
        })
        .await;
}

#[tokio::test]
async fn a_role_claim_opens_nothing() {
    Case::over_http()
        .settings(|settings| settings.jwt_role("admin"))
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            ann.visits("/admin").await.is(403, "forbidden");
        })
        .await;
}

#[tokio::test]
async fn a_token_guard_asks_no_store_and_the_others_see_a_sign_out() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            ann.signout().await.is_ok();
            world.store().forget_calls();
            assert_eq!(ann.visits("/gate").await.text(), "/gate");
            assert!(world.store().calls().is_empty());
            ann.visits("/club").await.is(401, "token_revoked");
            ann.visits("/admin").await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn one_request_loads_the_user_once_however_many_ask() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.store().forget_calls();
            assert_eq!(ann.visits("/everything").await.text(), "ann ann true");
            assert_eq!(world.store().calls(), ["get", "by_id"]);
        })
        .await;
}
