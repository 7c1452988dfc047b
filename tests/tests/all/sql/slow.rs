use std::pin::pin;

use auth_tests::{NEW_PW, PW, Scratch, Transport};
use tokio::select;

use crate::faults::row_on;

use super::proxy::Line;
use super::{behind_a_proxy, databases, everything, nobody_holds_a_connection, open, run, server_of, world};

#[tokio::test]
async fn a_server_that_says_nothing_is_503_and_holds_up_no_route_that_needs_it_not() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        for transport in Transport::HTTP {
            let world = world(&store, transport).await;
            let [name, email] = ["ben on {}", "ann@{}.example"].map(|text| text.replace("{}", transport.as_str()));
            let mut ann = world.client();
            ann.joins_with_email(&email, PW).await;
            let link = ann.gets_a_link(&email).await;

            proxy.set(Line::Stalled);
            let refused = {
                let mut hanging = pin!(everything(&ann, &email, &link, &name));
                for _ in 0..50 {
                    select! {
                        biased;
                        answer = ann.validation() => answer.is_ok(),
                        _ = &mut hanging => panic!("a light route waited for the database"),
                    }
                }
                let refused = hanging.await;
                for answer in &refused {
                    answer.is(503, "unavailable");
                }
                refused.len()
            };
            // Now the server hears all of it, and has nobody to answer to.
            proxy.set(Line::Open);
            let _ = ann.get_user().await;
            nobody_holds_a_connection(&store).await;

            // Each of them has happened as a whole or not at all.
            let again = ann.signup_username(&name, PW).await;
            assert!(again.status() == 200 || again.json()["error"]["code"] == "taken", "{}", again.text());
            ann.signin(&name, PW).await.is_ok();
            let restored = ann.restores(&link, NEW_PW).await;
            let (old, new) = (ann.signin(&email, PW).await.status(), ann.signin(&email, NEW_PW).await.status());
            assert!(restored.status() == 200 || restored.json()["error"]["code"] == "restore_token");
            assert!([(401, 200), (200, 401)].contains(&(old, new)), "{} {old} {new}", database.url());
            let _what_was_heard_late = world.mails().await;
            let seen = format!("{refused} of {refused} requests 503, meanwhile 50 of 50 /validation 200");
            let kept = "each happened as a whole or not at all; all connections back";
            row_on(transport, "the server says nothing", server_of(&database.url()), &seen, kept);
        }
    }
}

/// Makes every sign-up take half a minute in the server itself.
async fn slow_down(database: &Scratch) {
    let trigger = if database.url().starts_with("postgres") {
        "CREATE FUNCTION late() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(30); RETURN NEW; END' LANGUAGE plpgsql; \
             CREATE TRIGGER late BEFORE INSERT ON auth_users FOR EACH ROW EXECUTE FUNCTION late()"
    } else {
        "CREATE TRIGGER late BEFORE INSERT ON auth_users FOR EACH ROW SET @late = sleep(30)"
    };
    run(database, trigger).await;
}

async fn speed_up(database: &Scratch) {
    let trigger = if database.url().starts_with("postgres") {
        "DROP TRIGGER late ON auth_users; DROP FUNCTION late"
    } else {
        "DROP TRIGGER late"
    };
    run(database, trigger).await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_503_and_undone_in_the_server() {
    for database in databases() {
        let store = open(&database).await;
        for transport in Transport::HTTP {
            let world = world(&store, transport).await;
            let (name, mut ben) = (format!("ben on {}", transport.as_str()), world.client());
            slow_down(&database).await;
            ben.signup_username(&name, PW).await.is(503, "unavailable");
            // Would wait if the server were still at it.
            speed_up(&database).await;
            ben.signin(&name, PW).await.is(401, "credentials");
            ben.signup_username(&name, PW).await.is_ok();
            ben.signin(&name, PW).await.is_ok();
            nobody_holds_a_connection(&store).await;
            let (seen, kept) = ("sign-up 503, then 200", "the statement is undone; all connections back");
            row_on(transport, "a statement takes 30 s", server_of(&database.url()), seen, kept);
        }
    }
}
