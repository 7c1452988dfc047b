//! What the operator reads. That no token and no password is in it, every case asserts.

use std::net::{IpAddr, Ipv4Addr};

use auth_core::actions::{Credentials, SignUp};
use auth_core::store::MemoryStore;
use auth_core::{Auth, ClientInfo};
use auth_tests::{Case, Log, NEW_PW, PW, Request, settings};

#[tokio::test]
async fn every_action_is_one_line_that_names_it_and_how_it_ended() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            ann.signin("ann", NEW_PW).await.is(401, "credentials");
            ann.signin("ann", PW).await.is_ok();
            ann.signout().await.is_ok();
            ann.refresh().await.is(401, "token_revoked");
            let log = world.log();
            for (action, outcome) in [
                ("signup", "done"),
                ("signin", "wrong_password"),
                ("signin", "done"),
                ("signout", "done"),
                ("refresh", "token_revoked"),
            ] {
                let line = format!("action=\"{action}\" outcome=\"{outcome}\"");
                assert_eq!(log.matches(&line).count(), 1, "{line} in\n{log}");
            }
        })
        .await;
}

#[tokio::test]
async fn what_a_client_sends_makes_no_line_of_its_own() {
    Case::everywhere()
        .run(async |world| {
            let mut eve = world.client();
            for name in ["eve\nERROR auth: forged", "eve\u{1b}[31mforged", "eve\r\nforged@example.org"] {
                eve.signin(name, PW).await.is(401, "credentials");
                eve.asks_to_restore(name).await.is_about("invalid_field", "email");
                eve.signup_username(name, PW).await.is_about("invalid_field", "username");
            }
            assert!(!world.log().contains("forged"), "{}", world.log());
        })
        .await;
}

#[tokio::test]
async fn the_fault_of_a_store_is_told_with_its_cause_and_to_nobody_else() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            world.store().break_verb("by_login", auth_tests::Fault::Unavailable);
            let answer = ann.signin("ann", PW).await;
            answer.is(503, "unavailable");
            assert!(world.log().contains("connection to 10.0.0.7 refused"));
            assert!(!answer.text().contains("10.0.0.7"));
        })
        .await;
}

#[tokio::test]
async fn the_parent_of_a_token_in_other_hands_within_the_grace_is_suspicious() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for (browser, suspicious) in [("one", false), ("one", false), ("another", true)] {
                let refresh = Request::post(&world.path("/refresh")).bearer(ann.token());
                ann.send(refresh.header("user-agent", browser)).await.is_ok();
                assert_eq!(world.log().contains("outcome=\"refresh_grace_other_client\""), suspicious);
            }
        })
        .await;
}

#[tokio::test]
async fn reuse_of_a_replaced_token_is_suspicious() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let first = ann.token().to_owned();
            ann.refresh().await.is_ok();
            ann.refresh().await.is_ok();
            ann.holds(&first);
            ann.refresh().await.is(401, "token_revoked");
            assert!(
                world.log().contains("WARN auth: suspicious action=\"refresh\" outcome=\"refresh_reuse\""),
                "{}",
                world.log()
            );
        })
        .await;
}

#[tokio::test]
async fn each_action_is_a_span_by_the_conventions_of_opentelemetry() {
    let log = Log::default();
    let _logging = tracing::dispatcher::set_default(&log.dispatch_with_spans());
    let auth = Auth::builder(settings(), MemoryStore::default()).background_worker(false).build().unwrap();
    let client = ClientInfo::new(Some(IpAddr::V4(Ipv4Addr::LOCALHOST)), Some("a browser"));
    auth.signup(SignUp::with_username("ann", PW), &client).await.unwrap();
    assert!(auth.signin(Credentials::new("ann", NEW_PW), &client).await.is_err());
    let signed_in = auth.signin(Credentials::new("ann", PW), &client).await.unwrap();
    let text = log.text();
    let spans: Vec<_> = text.lines().filter(|line| line.contains("otel.name=\"signin\"")).collect();
    let [wrong, right] = *spans.as_slice() else { panic!("{text}") };
    let user = format!("user.id=\"{}\"", signed_in.user.id.as_str());
    for span in [wrong, right] {
        for field in ["otel.kind=\"internal\"", "client.address=127.0.0.1", "user_agent.original=\"a browser\"", &user]
        {
            assert!(span.contains(field), "{field} in {span}");
        }
    }
    assert!(wrong.contains("error.type=\"wrong_password\"") && !wrong.contains("otel.status_code"), "{wrong}");
    let session = format!("session.id=\"{}\"", signed_in.session.as_str());
    assert!(right.contains(&session) && !right.contains("error.type"), "{right}");
    assert!(![PW, NEW_PW, signed_in.token.expose()].iter().any(|secret| text.contains(secret)));
}
