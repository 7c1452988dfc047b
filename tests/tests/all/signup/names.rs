//! Which names and addresses are taken, and which are the same.

use auth_core::account::NameRule;
use auth_core::config::SignupIdentity;
use auth_tests::{Case, PW};

#[tokio::test]
async fn case_and_normal_form_do_not_make_a_second_account() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            for (first, same) in [
                ("Straße", "STRASSE"),
                ("\u{fb01}n", "FIN"),
                ("e\u{301}lise", "Élise"),
                ("\u{212a}im", "kim"),
                ("ＡＮＮ", "ann"),
                ("ΌΣΟΣ", "όσος"),
            ] {
                assert_eq!(ann.signup_username(first, PW).await.user()["username"], first, "shown as first given");
                ann.signup_username(same, PW).await.is_about("taken", "username");
            }
        })
        .await;
}

#[tokio::test]
async fn case_and_the_form_of_the_domain_do_not_make_a_second_address() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            for (first, same) in [
                ("A@x.example", "a@X.EXAMPLE"),
                ("b@Bücher.example", "B@xn--bcher-kva.example"),
                ("c@ＢÜCHER.example", "c@bücher.example"),
            ] {
                assert_eq!(ann.signup_email(first, PW).await.user()["email"], first, "shown as first given");
                ann.signup_email(same, PW).await.is_about("taken", "email");
            }
        })
        .await;
}

#[tokio::test]
async fn sub_addresses_are_addresses_of_their_own() {
    Case::everywhere()
        .run(async |world| {
            world.client().signup_email("ann@example.org", PW).await.is_ok();
            world.client().signup_email("ann+notes@example.org", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn an_address_cannot_be_squatted_as_a_username() {
    Case::everywhere()
        .run(async |world| {
            for name in ["ann@example.org", "@", "ann\u{ff20}example.org", "ann\u{fe6b}example.org"] {
                world.client().signup_username(name, PW).await.is_about("invalid_field", "username");
            }
        })
        .await;
}

#[tokio::test]
async fn a_username_has_1_to_150_characters_after_nfkc() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("x", PW).await.is_ok();
            ann.signup_username(&"é".repeat(150), PW).await.is_ok();
            ann.signup_username(&"o\u{308}".repeat(150), PW).await.is_ok();
            for name in ["x".repeat(151), "\u{fdfa}".repeat(9)] {
                ann.signup_username(&name, PW).await.is_about("invalid_field", "username");
            }
        })
        .await;
}

#[tokio::test]
async fn control_characters_are_refused_in_names() {
    Case::everywhere()
        .run(async |world| {
            for name in ["ann\0", "ann\nbob", "\u{1b}[31mann", "ann\u{85}", "\t"] {
                world.client().signup_username(name, PW).await.is_about("invalid_field", "username");
            }
        })
        .await;
}

#[tokio::test]
async fn spaces_emoji_and_every_script_may_be_a_name() {
    Case::everywhere()
        .run(async |world| {
            for name in ["Ann Lee", "😀", "Ольга", "李小龍", "عمر"] {
                let mut client = world.client();
                client.signup_username(name, PW).await.is_ok();
                client.signin(name, PW).await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn an_address_has_at_most_254_bytes_and_64_before_the_at() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            let domain = format!("{}.{}.{}.com", "d".repeat(63), "d".repeat(63), "d".repeat(57));
            ann.signup_email(&format!("{}@{domain}", "l".repeat(64)), PW).await.is_ok();
            for address in [
                format!("{}@example.org", "l".repeat(65)),
                format!("{}@d{domain}", "l".repeat(64)),
                format!("a@{}.com", "d".repeat(64)),
            ] {
                ann.signup_email(&address, PW).await.is_about("invalid_field", "email");
            }
        })
        .await;
}

#[tokio::test]
async fn whatever_could_reach_a_second_mailbox_is_no_address() {
    Case::everywhere()
        .run(async |world| {
            for address in [
                "ann",
                "@example.org",
                "ann@",
                "ann@localhost",
                "ann@example.org ",
                " ann@example.org",
                "ann@example.org\n",
                "ann@example.org\r\nBcc: eve@example.org",
                "ann\t@example.org",
                "ann\0@example.org",
                "Ann <ann@example.org>",
                "<ann@example.org>",
                "ann@example.org,eve@example.org",
                "ann@example.org;eve@example.org",
                "ann@example.org eve@example.org",
                "ann@eve@example.org",
                "\"ann,eve@example.com\"@example.org",
                "ann..lee@example.org",
                "ann@example..org",
                "ann@example.org.",
                "ann@[127.0.0.1]",
                "ann@127.0.0.1",
                "ann@example.123",
                "ann@exa_mple.org",
                "m\u{131}ke@example.org",
                "mi\u{212a}e@example.org",
                "\u{fb01}@example.org",
                "ann@example\u{3002}org",
                "ann\u{ff20}example.org",
            ] {
                world.client().signup_email(address, PW).await.is_about("invalid_field", "email");
            }
            world.mails().await;
        })
        .await;
}

#[tokio::test]
async fn under_djangos_rule_a_username_may_be_an_address_of_somebody_else() {
    Case::everywhere()
        .settings(|settings| settings.names(NameRule::Django).signup_identity(SignupIdentity::UsernameAndEmail))
        .run(async |world| {
            let mut eve = world.client();
            for (username, email) in
                [("ann", "ann@example.org"), ("ann@example.org", "eve@localhost"), ("@", "a@x.org")]
            {
                let body = format!(r#"{{"username":"{username}","email":"{email}","password":"{PW}"}}"#);
                assert_eq!(eve.post("/signup", &body).await.user()["username"], username);
                assert_eq!(eve.signin(username, PW).await.status(), 200);
                assert_eq!(eve.get_user().await.user()["email"], email);
            }
            for email in ["b@example.c", "b@host", r#"\"b\"@example.org"#, "b@[127.0.0.1]"] {
                let body = format!(r#"{{"username":"bob","email":"{email}","password":"{PW}"}}"#);
                eve.post("/signup", &body).await.is_about("invalid_field", "email");
            }
        })
        .await;
}
