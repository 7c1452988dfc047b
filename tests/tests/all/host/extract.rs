//! `CurrentUser`, `MaybeUser`, `AuthClaims` and `ClientInfo`.

use std::time::Duration;

use auth_tests::{Case, Fault, PW, Request, Transport};

#[tokio::test]
async fn current_user_is_the_one_who_signed_in() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            assert_eq!(ann.visits("/me").await.json()["username"], "ann@example.org");
            assert_eq!(ann.visits("/member").await.text(), "member ann@example.org");
        })
        .await;
}

#[tokio::test]
async fn current_user_rejects_with_the_codes_of_the_contract() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.visits("/me").await.is(401, "token_missing");
            ann.holds("x.y.z");
            ann.visits("/me").await.is(401, "token_invalid");
            ann.joins_as("ann", PW).await;
            let twice = Request::get("/me").bearer(ann.token()).bearer(ann.token());
            ann.send(twice).await.is(401, "token_invalid");
            world.wait(Duration::from_mins(15));
            ann.visits("/me").await.is(401, "token_expired");
            ann.signin("ann", PW).await.is_ok();
            ann.signout().await.is_ok();
            ann.visits("/me").await.is(401, "token_revoked");
            ann.signin("ann", PW).await.is_ok();
            world.auth().set_active(&world.user("ann").await.id, false).await.unwrap();
            ann.visits("/me").await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn a_rejection_has_the_headers_of_the_contract() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            let missing = ann.visits("/me").await;
            assert_eq!(missing.header("www-authenticate"), Some("Bearer"));
            ann.holds("x.y.z");
            let invalid = ann.visits("/me").await;
            assert_eq!(invalid.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
            assert_eq!(invalid.header("cache-control"), Some("no-store"));
        })
        .await;
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_503_and_one_that_panics_500() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for page in ["/me", "/maybe", "/club", "/admin"] {
                for (fault, status, code) in [
                    (Fault::Unavailable, 503, "unavailable"),
                    (Fault::Backend, 500, "internal"),
                    (Fault::Panic, 500, "internal"),
                ] {
                    world.store().break_verb("by_id", fault);
                    ann.visits(page).await.is(status, code);
                    world.store().mend();
                }
            }
            ann.visits("/me").await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_user_that_the_hosts_own_type_refuses_is_an_internal_fault() {
    Case::over_http()
        .run(async |world| {
            let mut mallory = world.client();
            mallory.joins_as("mallory", PW).await;
            let answer = mallory.visits("/member").await;
            answer.is(500, "internal");
            assert!(!answer.text().contains("no member"));
            mallory.visits("/me").await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn maybe_user_is_nobody_only_when_no_bearer_token_was_sent() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            assert_eq!(ann.visits("/maybe").await.text(), "nobody");
            for other in ["Basic YTpi", "Bearer", ""] {
                let request = Request::get("/maybe").header("authorization", other);
                assert_eq!(ann.send(request).await.text(), "nobody");
            }
            ann.holds("x.y.z");
            ann.visits("/maybe").await.is(401, "token_invalid");
            ann.joins_as("ann", PW).await;
            assert_eq!(ann.visits("/maybe").await.text(), "ann");
            ann.signout().await.is_ok();
            ann.visits("/maybe").await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn an_optional_current_user_of_axum_means_the_same() {
    Case::on(&[Transport::Axum])
        .run(async |world| {
            let mut ann = world.client();
            assert_eq!(ann.visits("/option").await.text(), "nobody");
            let basic = Request::get("/option").header("authorization", "Basic YTpi");
            assert_eq!(ann.send(basic).await.text(), "nobody");
            ann.holds("x.y.z");
            ann.visits("/option").await.is(401, "token_invalid");
            ann.joins_as("ann", PW).await;
            assert_eq!(ann.visits("/option").await.text(), "ann");
            world.store().break_verb("by_id", Fault::Unavailable);
            ann.visits("/option").await.is(503, "unavailable");
        })
        .await;
}

#[tokio::test]
async fn claims_come_from_the_token_alone() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.visits("/claims").await.is(401, "token_missing");
            ann.holds("x.y.z");
            ann.visits("/claims").await.is(401, "token_invalid");
            ann.joins_as("ann", PW).await;
            ann.signout().await.is_ok();
            let id = world.user("ann").await.id;
            world.store().forget_calls();
            assert_eq!(ann.visits("/claims").await.text(), id.as_str());
            assert!(world.store().calls().is_empty());
            world.wait(Duration::from_mins(15));
            ann.visits("/claims").await.is(401, "token_expired");
        })
        .await;
}

#[tokio::test]
async fn client_info_is_the_peer_and_no_header_that_anybody_can_write() {
    Case::over_http()
        .run(async |world| {
            let request = Request::get("/client").header("x-forwarded-for", "6.6.6.6").header("user-agent", "browser");
            let answer = world.client().send(request).await;
            assert_eq!(answer.text(), r#"Some(127.0.0.1) Some("browser")"#);
        })
        .await;
}

#[tokio::test]
async fn behind_one_proxy_the_client_is_the_last_hop_that_it_saw() {
    Case::over_http()
        .settings(|settings| settings.trusted_proxies(1))
        .run(async |world| {
            let request = || Request::get("/client").header("x-forwarded-for", "6.6.6.6, 1.2.3.4");
            assert_eq!(world.client().send(request()).await.text(), "Some(1.2.3.4) None");
            let more = request().header("x-forwarded-for", "2001:db8::1").header("user-agent", "b".repeat(300));
            let answer = world.client().send(more).await;
            assert_eq!(answer.text(), format!("Some(2001:db8::1) Some(\"{}\")", "b".repeat(256)));
        })
        .await;
}
