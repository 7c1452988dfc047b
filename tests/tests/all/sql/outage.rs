use auth_sqlx::SqlStore;
use auth_tests::services::OwnServer;
use auth_tests::{NEW_PW, PW, Transport};

use crate::faults::{row, row_on};

use super::{SERVERS, everything, nobody_holds_a_connection, world};

#[tokio::test]
async fn a_stopped_server_is_503_where_it_is_needed_and_nothing_is_lost() {
    for service in SERVERS {
        let Some(mut server) = OwnServer::start(service) else { continue };
        for transport in Transport::HTTP {
            let store = SqlStore::connect(&server.url()).await.unwrap();
            let world = world(&store, transport).await;
            let [name, email] = ["ben on {}", "ann@{}.example"].map(|text| text.replace("{}", transport.as_str()));
            let mut ann = world.client();
            ann.joins_with_email(&email, PW).await;
            let link = ann.gets_a_link(&email).await;

            server.stop();
            let refused = everything(&ann, &email, &link, &name).await;
            for answer in &refused {
                answer.is(503, "unavailable");
            }
            ann.visits("/club").await.is(503, "unavailable");
            // What only looks at the token goes on, and so does what needs none.
            ann.validation().await.is_ok();
            ann.visits("/gate").await.is_ok();
            assert_eq!(world.client().visits("/club").await.status(), 401);

            server.start_again();
            ann.get_user().await.is_ok();
            ann.refresh().await.is_ok();
            ann.signup_username(&name, PW).await.is_ok();
            ann.restores(&link, NEW_PW).await.is_ok();
            ann.signin(&email, PW).await.is(401, "credentials");
            ann.signin(&email, NEW_PW).await.is_ok();
            let _the_notice = world.mails().await;
            nobody_holds_a_connection(&store).await;
            let seen =
                format!("{} of {0} requests 503, /validation 200, then all 200 without a restart", refused.len());
            let kept = "account, session and link of before kept; what was refused succeeds again";
            row_on(transport, "the server is stopped", service.name(), &seen, kept);
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_outlives_a_server_that_crashes() {
    for service in SERVERS {
        let Some(mut server) = OwnServer::start(service) else { continue };
        let store = SqlStore::connect(&server.url()).await.unwrap();
        let world = world(&store, Transport::Axum).await;
        let mut people = Vec::new();
        for number in 0..20 {
            let mut person = world.client();
            person.joins_as(&format!("person {number}"), PW).await;
            person.refresh().await.is_ok();
            people.push(person);
        }
        server.stop();
        server.start_again();
        for (number, person) in people.iter_mut().enumerate() {
            person.get_user().await.is_ok();
            person.refresh().await.is_ok();
            person.signup_username(&format!("Person {number}"), PW).await.is(400, "taken");
        }
        let (seen, kept) = ("200 before and after", format!("{} of {0} accounts and sessions kept", people.len()));
        row("the server is killed", "axum", service.name(), seen, &kept);
    }
}
