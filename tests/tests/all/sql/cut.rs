use auth_tests::{NEW_PW, PW, Transport};

use crate::faults::row_on;

use super::proxy::Line;
use super::{behind_a_proxy, databases, nobody_holds_a_connection, server_of, world};

/// What only the statement says that writes a password.
const HASH: &str = "$argon2id$";

/// How a request that was cut off can have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Undone,
    Done,
}

#[tokio::test]
async fn a_sign_up_that_was_cut_off_has_made_a_whole_account_or_none() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        for transport in Transport::HTTP {
            let world = world(&store, transport).await;
            for (line, ended) in [(Line::CutBefore(HASH), Ended::Undone), (Line::CutAfter(HASH), Ended::Done)] {
                let name = format!("{} {ended:?}", transport.as_str());
                let mut ben = world.client();
                proxy.set(line);
                ben.signup_username(&name, PW).await.is(503, "unavailable");
                proxy.set(Line::Open);
                let again = ben.signup_username(&name, PW).await;
                match ended {
                    Ended::Undone => again.is_ok(),
                    Ended::Done => again.is(400, "taken"),
                }
                ben.signin(&name, PW).await.is_ok();
                nobody_holds_a_connection(&store).await;
                let again = if ended == Ended::Undone { "200" } else { "400 taken" };
                let seen = format!("sign-up 503, again {again}, sign-in 200");
                row_on(transport, &line.as_fault(), server_of(&database.url()), &seen, "one whole account");
            }
        }
    }
}

#[tokio::test]
async fn a_restore_that_was_cut_off_has_changed_the_password_and_used_the_link_or_neither() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        // On MariaDB it is a transaction, which the server undoes before its COMMIT.
        let is_one_statement = database.url().starts_with("postgres");
        let after = if is_one_statement { Ended::Done } else { Ended::Undone };
        let mut cuts = vec![(Line::CutBefore(HASH), Ended::Undone), (Line::CutAfter(HASH), after)];
        if !is_one_statement {
            cuts.extend([(Line::CutBefore("COMMIT"), Ended::Undone), (Line::CutAfter("COMMIT"), Ended::Done)]);
        }
        for transport in Transport::HTTP {
            let world = world(&store, transport).await;
            for (number, (line, ended)) in cuts.iter().enumerate() {
                let email = format!("{}{number}@example.org", transport.as_str());
                let mut ann = world.client();
                ann.joins_with_email(&email, PW).await;
                let link = ann.gets_a_link(&email).await;
                proxy.set(*line);
                ann.restores(&link, NEW_PW).await.is(503, "unavailable");
                proxy.set(Line::Open);
                let again = ann.restores(&link, NEW_PW).await;
                match ended {
                    Ended::Undone => again.is_ok(),
                    Ended::Done => again.is(400, "restore_token"),
                }
                ann.get_user().await.is(401, "token_revoked");
                ann.signin(&email, PW).await.is(401, "credentials");
                ann.signin(&email, NEW_PW).await.is_ok();
                let _the_notice = world.mails().await;
                nobody_holds_a_connection(&store).await;
                let again = if *ended == Ended::Undone { "200" } else { "400 restore_token" };
                let seen =
                    format!("restore 503, again {again}, sign-in with the new password 200, with the old one 401");
                let kept = "one new password; sessions of before ended";
                row_on(transport, &line.as_fault(), server_of(&database.url()), &seen, kept);
            }
        }
    }
}
