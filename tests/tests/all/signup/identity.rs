//! Exactly one of e-mail address and username, unless the host wants both.

use auth_core::config::SignupIdentity;
use auth_tests::Case;

#[tokio::test]
async fn an_address_alone_counts_as_the_name() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            let body = r#"{"email":"ann@example.org","password":"a tree house in the rain"}"#;
            assert_eq!(ann.post("/signup", body).await.user()["username"], "ann@example.org");
            let body = r#"{"email":"bob@example.org","email_as_name":null,"password":"a tree house in the rain"}"#;
            assert_eq!(ann.post("/signup", body).await.user()["username"], "bob@example.org");
        })
        .await;
}

#[tokio::test]
async fn both_neither_or_an_address_that_is_no_name_are_refused() {
    Case::everywhere()
        .run(async |world| {
            for body in [
                r#"{"email":"ann@example.org","username":"ann","password":"a tree house in the rain"}"#,
                r#"{"email":"ann@example.org","username":"ann","email_as_name":true,"password":"a tree house in the rain"}"#,
                r#"{"email":"ann@example.org","username":"ann","email_as_name":false,"password":"a tree house in the rain"}"#,
                r#"{"email":"ann@example.org","email_as_name":false,"password":"a tree house in the rain"}"#,
                r#"{"password":"a tree house in the rain"}"#,
                r#"{"email_as_name":true,"password":"a tree house in the rain"}"#,
                r#"{"email":null,"username":null,"password":"a tree house in the rain"}"#,
                r"{}",
            ] {
                world.client().post("/signup", body).await.is(400, "identity");
            }
        })
        .await;
}

#[tokio::test]
async fn a_username_with_a_flag_for_addresses_is_a_username() {
    Case::everywhere()
        .run(async |world| {
            for (name, flag) in [("ann", "true"), ("bob", "false"), ("cyd", "null")] {
                let body =
                    format!(r#"{{"username":"{name}","email_as_name":{flag},"password":"a tree house in the rain"}}"#);
                assert_eq!(world.client().post("/signup", &body).await.user()["username"], name);
            }
        })
        .await;
}

#[tokio::test]
async fn what_is_absent_and_what_is_empty_are_the_fault_of_a_field() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            let no_name = r#"{"username":"","password":"a tree house in the rain"}"#;
            ann.post("/signup", no_name).await.is_about("invalid_field", "username");
            let no_address = r#"{"email":"","password":"a tree house in the rain"}"#;
            ann.post("/signup", no_address).await.is_about("invalid_field", "email");
            for password in [
                r#"{"username":"ann"}"#,
                r#"{"username":"ann","password":null}"#,
                r#"{"username":"ann","password":""}"#,
            ] {
                ann.post("/signup", password).await.is_about("invalid_field", "password");
            }
        })
        .await;
}

#[tokio::test]
async fn wrong_types_are_named_and_not_repeated() {
    Case::everywhere()
        .run(async |world| {
            for value in ["987654321987654", "true", "[\"s3ntinel\"]", "{\"s3ntinel\":1}", "1.5"] {
                for (field, body) in [
                    ("email", format!(r#"{{"email":{value},"password":"a tree house in the rain"}}"#)),
                    ("username", format!(r#"{{"username":{value},"password":"a tree house in the rain"}}"#)),
                    ("password", format!(r#"{{"username":"ann","password":{value}}}"#)),
                ] {
                    let answer = world.client().post("/signup", &body).await;
                    answer.is_about("invalid_field", field);
                    assert!(!answer.text().contains("s3ntinel") && !answer.text().contains("987654321987654"));
                }
            }
            let flag = r#"{"email":"ann@example.org","email_as_name":"true","password":"a tree house in the rain"}"#;
            world.client().post("/signup", flag).await.is_about("invalid_field", "email_as_name");
        })
        .await;
}

#[tokio::test]
async fn a_host_that_asks_for_both_gets_both() {
    Case::everywhere()
        .settings(|settings| settings.signup_identity(SignupIdentity::UsernameAndEmail))
        .run(async |world| {
            let mut ann = world.client();
            let both = r#"{"username":"ann","email":"ann@example.org","password":"a tree house in the rain"}"#;
            let user = ann.post("/signup", both).await.user();
            assert_eq!((&user["username"], &user["email"]), (&"ann".into(), &"ann@example.org".into()));
            ann.signin("ann", "a tree house in the rain").await.is_ok();
            ann.signin("ann@example.org", "a tree house in the rain").await.is(401, "credentials");

            let same_address = r#"{"username":"bob","email":"ANN@example.org","password":"a tree house in the rain"}"#;
            ann.post("/signup", same_address).await.is_about("taken", "email");
            let same_name = r#"{"username":"Ann","email":"bob@example.org","password":"a tree house in the rain"}"#;
            ann.post("/signup", same_name).await.is_about("taken", "username");
        })
        .await;
}

#[tokio::test]
async fn a_host_that_asks_for_both_takes_no_less() {
    Case::everywhere()
        .settings(|settings| settings.signup_identity(SignupIdentity::UsernameAndEmail))
        .run(async |world| {
            for body in [
                r#"{"username":"ann","password":"a tree house in the rain"}"#,
                r#"{"email":"ann@example.org","password":"a tree house in the rain"}"#,
                r#"{"email":"ann@example.org","email_as_name":true,"password":"a tree house in the rain"}"#,
                r#"{"password":"a tree house in the rain"}"#,
            ] {
                world.client().post("/signup", body).await.is(400, "identity");
            }
        })
        .await;
}

#[tokio::test]
async fn a_host_that_asks_for_an_address_takes_a_name_beside_it_or_the_address_as_name() {
    Case::everywhere()
        .settings(|settings| settings.signup_identity(SignupIdentity::EmailAndMaybeUsername))
        .run(async |world| {
            let ann = world.client();
            for (name, given) in [
                ("ann", r#""username":"ann","email":"ann@example.org""#),
                ("bob@example.org", r#""email":"bob@example.org","email_as_name":true"#),
                ("eve", r#""username":"eve","email":"eve@example.org","email_as_name":true"#),
            ] {
                let body = format!(r#"{{{given},"password":"a tree house in the rain"}}"#);
                assert_eq!(ann.post("/signup", &body).await.user()["username"], name);
            }
            for given in [r#""email":"dan@example.org""#, r#""email":"dan@example.org","email_as_name":false"#] {
                let body = format!(r#"{{{given},"password":"a tree house in the rain"}}"#);
                ann.post("/signup", &body).await.is(400, "identity");
            }
            let nowhere = r#"{"username":"dan","password":"a tree house in the rain"}"#;
            ann.post("/signup", nowhere).await.is_about("invalid_field", "email");
            let taken = r#"{"email":"BOB@example.org","email_as_name":true,"password":"a tree house in the rain"}"#;
            ann.post("/signup", taken).await.is_about("taken", "username");
        })
        .await;
}
