//! Step 1: asking for a mail.

use std::time::Duration;

use auth_tests::{Case, Fault, PW};

#[tokio::test]
async fn known_unknown_and_inactive_addresses_have_one_answer_and_the_same_work() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            ann.signup_email("inactive@example.org", PW).await.is_ok();
            world.auth().set_active(&world.user("inactive@example.org").await.id, false).await.unwrap();
            let mut seen = Vec::new();
            for address in ["ann@example.org", "nobody@example.org", "inactive@example.org"] {
                world.store().forget_calls();
                let answer = ann.asks_to_restore(address).await;
                answer.is_ok();
                seen.push((answer.text().to_owned(), world.store().calls()));
            }
            assert!(seen.iter().all(|(text, calls)| *text == seen[0].0 && *calls == ["reserve", "put"]), "{seen:?}");
            assert_eq!(world.mail().await.to(), "ann@example.org");
        })
        .await;
}

#[tokio::test]
async fn an_address_in_another_form_is_the_same_and_the_mail_goes_to_the_stored_one() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("Ann@Bücher.example", PW).await.is_ok();
            for form in ["Ann@Bücher.example", "ann@bücher.example", "ANN@XN--BCHER-KVA.EXAMPLE"] {
                ann.asks_to_restore(form).await.is_ok();
                assert_eq!(world.mail().await.to(), "Ann@Bücher.example");
                world.wait(Duration::from_mins(1));
            }
        })
        .await;
}

#[tokio::test]
async fn an_address_that_only_looks_like_one_sends_no_mail_anywhere() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("mike@example.org", PW).await.is_ok();
            ann.signup_email("fish@example.org", PW).await.is_ok();
            for address in [
                "m\u{131}ke@example.org",
                "mi\u{212a}e@example.org",
                "\u{fb01}sh@example.org",
                "ｍike@example.org",
                "mike\u{ff20}example.org",
                "mike@example\u{3002}org",
            ] {
                ann.asks_to_restore(address).await.is_about("invalid_field", "email");
            }
            for address in ["mike+x@example.org", "mike@example.com", "m.ike@example.org"] {
                ann.asks_to_restore(address).await.is_ok();
            }
            assert!(world.mails().await.is_empty());
        })
        .await;
}

#[tokio::test]
async fn a_malformed_address_is_the_fault_of_the_field() {
    Case::everywhere()
        .run(async |world| {
            for address in [
                "",
                "ann",
                "Ann <ann@example.org>",
                "ann@example.org,eve@example.org",
                "ann@example.org eve@example.org",
                "ann@example.org\r\nBcc: eve@example.org",
                "ann@example.org\n",
                "ann\0@example.org",
                "\u{1b}[31m@example.org",
            ] {
                world.client().asks_to_restore(address).await.is_about("invalid_field", "email");
            }
        })
        .await;
}

#[tokio::test]
async fn a_list_of_addresses_or_another_type_sends_no_mail() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            for value in
                [r#"["ann@example.org","eve@example.org"]"#, r#"{"0":"ann@example.org"}"#, "987654321987654", "true"]
            {
                let answer = ann.post("/restore", &format!(r#"{{"email":{value}}}"#)).await;
                answer.is_about("invalid_field", "email");
                assert!(!answer.text().contains("eve@example.org") && !answer.text().contains("987654321987654"));
            }
            assert!(world.mails().await.is_empty());
        })
        .await;
}

#[tokio::test]
async fn one_step_or_the_other_and_never_a_mix() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            for body in [
                r#"{"email":"ann@example.org","token":"x"}"#,
                r#"{"email":"ann@example.org","new_password":"the rain stopped at noon"}"#,
                r#"{"email":"ann@example.org","token":"x","new_password":"the rain stopped at noon"}"#,
            ] {
                ann.post("/restore", body).await.is(400, "invalid_field");
            }
            for body in ["{}", r#"{"email":null}"#, r#"{"email":null,"token":null,"new_password":null}"#] {
                ann.post("/restore", body).await.is_about("invalid_field", "email");
            }
            ann.post("/restore", r#"{"token":"x"}"#).await.is_about("invalid_field", "new_password");
            let no_token = r#"{"new_password":"the rain stopped at noon"}"#;
            ann.post("/restore", no_token).await.is_about("token_missing", "token");
        })
        .await;
}

#[tokio::test]
async fn a_null_member_counts_as_absent_and_one_over_its_length_is_refused() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let first = r#"{"email":"ann@example.org","token":null,"new_password":null}"#;
            ann.post("/restore", first).await.is_ok();
            let long = "x".repeat(1025);
            ann.post("/restore", &format!(r#"{{"email":"{long}@example.org"}}"#))
                .await
                .is_about("invalid_field", "email");
            let password = format!(r#"{{"email":null,"token":"x","new_password":"{long}"}}"#);
            ann.post("/restore", &password).await.is_about("invalid_field", "new_password");
            let token = format!(r#"{{"token":"{long}","new_password":"the rain stopped at noon"}}"#);
            ann.post("/restore", &token).await.is(400, "restore_token");
            assert_eq!(world.mails().await.len(), 1);
        })
        .await;
}

#[tokio::test]
async fn a_username_account_has_no_address_to_write_to() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            ann.asks_to_restore("ann@example.org").await.is_ok();
            ann.asks_to_restore("ann").await.is_about("invalid_field", "email");
            assert!(world.mails().await.is_empty());
        })
        .await;
}

#[tokio::test]
async fn an_account_with_both_names_restores_by_its_address() {
    Case::everywhere()
        .settings(|settings| settings.signup_identity(auth_core::config::SignupIdentity::UsernameAndEmail))
        .run(async |world| {
            let mut ann = world.client();
            let both = r#"{"username":"ann","email":"ann@example.org","password":"a tree house in the rain"}"#;
            ann.post("/signup", both).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, "ann-ann-ann").await.is_about("weak_password", "new_password");
            ann.restores(&link, "the rain stopped at noon").await.is_ok();
            ann.signin("ann", "the rain stopped at noon").await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn asking_does_nothing_to_the_password_or_the_sessions() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            world.client().gets_a_link("ann@example.org").await;
            ann.refresh().await.is_ok();
            ann.signin("ann@example.org", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn requests_that_wait_together_become_one_mail() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            for _ in 0..3 {
                ann.asks_to_restore("ann@example.org").await.is_ok();
            }
            let link = world.mail().await.restoring_token();
            ann.restores(&link, "the rain stopped at noon").await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_mail_that_waits_is_sent_after_a_restart() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            ann.asks_to_restore("ann@example.org").await.is_ok();
            world.restart(auth_tests::settings()).await;
            let link = world.mail().await.restoring_token();
            ann.restores(&link, "the rain stopped at noon").await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_mail_that_could_not_be_written_is_tried_again_with_the_same_link() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            ann.asks_to_restore("ann@example.org").await.is_ok();
            world.store().break_verb("by_email", Fault::Unavailable);
            assert!(world.mails().await.is_empty());
            world.store().mend();
            world.wait(Duration::from_secs(15));
            let link = world.mail().await.restoring_token();
            ann.restores(&link, "the rain stopped at noon").await.is_ok();
        })
        .await;
}
