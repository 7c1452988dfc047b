//! `POST /signin`.

use auth_core::password::{Argon2Params, PasswordHash};
use auth_core::store::EpochRule;
use auth_tests::{Case, NEW_PW, PW, World, settings};

#[tokio::test]
async fn the_right_password_opens_a_session() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            ann.signin("ann", PW).await.is_ok();
            assert_eq!(ann.get_user().await.user()["last_login"], "2023-11-14T22:13:20Z");
        })
        .await;
}

#[tokio::test]
async fn an_account_made_with_an_address_signs_in_with_it() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_email("Ann@Bücher.example", PW).await.is_ok();
            for name in ["Ann@Bücher.example", "ann@bücher.example", "ANN@XN--BCHER-KVA.example"] {
                ann.signin(name, PW).await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn names_are_compared_by_normal_form_and_case() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("Straße", PW).await.is_ok();
            for name in ["straße", "STRASSE", "ｓtrasse"] {
                ann.signin(name, PW).await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            phone.signin("ann", PW).await.is_ok();
            laptop.signout().await.is_ok();
            phone.get_user().await.is_ok();
            laptop.get_user().await.is(401, "token_revoked");
        })
        .await;
}

/// Every way in which name and password open nothing.
async fn refusals(world: &World) -> Vec<(u16, String)> {
    let mut ann = world.client();
    for name in ["ann", "inactive", "unusable", "django"] {
        ann.signup_username(name, PW).await.is_ok();
    }
    let auth = world.auth();
    auth.set_active(&world.user("inactive").await.id, false).await.unwrap();
    for (name, hash) in [("unusable", "!"), ("django", "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW")]
    {
        let id = world.user(name).await.id;
        let stored = auth.stores().users.set_password(&id, None, &PasswordHash::stored(hash), EpochRule::Keep).await;
        assert_eq!(stored.unwrap(), auth_core::store::Cas::Won);
    }
    let mut answers = Vec::new();
    for (name, password) in [
        ("ann", NEW_PW),
        ("ann", "x"),
        ("nobody", PW),
        ("nobody@example.org", PW),
        ("no\0body", PW),
        ("@", PW),
        ("inactive", PW),
        ("unusable", PW),
        ("django", PW),
    ] {
        let before = auth.hashing().computed;
        let answer = ann.signin(name, password).await;
        answer.is(401, "credentials");
        assert_eq!(auth.hashing().computed, before + 1, "the same work for {name}");
        answers.push((answer.status(), answer.text().to_owned()));
    }
    answers
}

#[tokio::test]
async fn every_refusal_has_the_same_bytes_after_the_same_work() {
    Case::everywhere()
        .run(async |world| {
            let answers = refusals(&world).await;
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
        })
        .await;
}

#[tokio::test]
async fn what_is_absent_empty_or_of_the_wrong_type_is_the_fault_of_a_field() {
    Case::everywhere()
        .run(async |world| {
            for value in ["null", "\"\"", "987654321987654", "[\"s3ntinel\"]", "{}", "true"] {
                for (field, body) in [
                    ("username", format!(r#"{{"username":{value},"password":"a tree house in the rain"}}"#)),
                    ("password", format!(r#"{{"username":"ann","password":{value}}}"#)),
                ] {
                    let answer = world.client().post("/signin", &body).await;
                    answer.is_about("invalid_field", field);
                    assert!(!answer.text().contains("s3ntinel") && !answer.text().contains("987654321987654"));
                }
            }
            world.client().post("/signin", "{}").await.is_about("invalid_field", "username");
            world.client().post("/signin", r#"{"username":"ann"}"#).await.is_about("invalid_field", "password");
        })
        .await;
}

#[tokio::test]
async fn an_address_in_the_field_email_is_not_read() {
    Case::everywhere()
        .run(async |world| {
            world.client().signup_email("ann@example.org", PW).await.is_ok();
            let body = r#"{"email":"ann@example.org","password":"a tree house in the rain"}"#;
            world.client().post("/signin", body).await.is_about("invalid_field", "username");
        })
        .await;
}

#[tokio::test]
async fn a_weak_password_of_an_account_still_signs_in() {
    Case::everywhere()
        .settings(|settings| settings.service_name("Anything"))
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", "Notes Notes").await.is_ok();
            world.restart(settings()).await;
            ann.signup_username("bob", "Notes Notes").await.is(400, "weak_password");
            ann.signin("ann", "Notes Notes").await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn an_old_hash_is_upgraded_at_sign_in_and_signs_nobody_out() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            let old = world.user("ann").await;
            world.restart(settings().argon2(Argon2Params::danger_weak(16, 1, 1).unwrap())).await;
            phone.signin("ann", PW).await.is_ok();
            let new = world.user("ann").await;
            assert!(new.password.expose().contains("m=16,t=1,p=1"));
            assert_eq!((old.epoch, old.id), (new.epoch, new.id));
            phone.signin("ann", PW).await.is_ok();
            laptop.get_user().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn the_role_claim_is_the_constant_of_the_settings() {
    Case::everywhere()
        .settings(|settings| settings.jwt_role("web_user"))
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let claims = world.auth().verify_token(ann.token()).unwrap();
            assert_eq!(claims.role.as_deref(), Some("web_user"));
        })
        .await;
}

#[tokio::test]
async fn its_moment_is_not_written_where_the_host_does_not_want_it() {
    Case::everywhere()
        .settings(|settings| settings.record_last_login(false))
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            assert!(ann.get_user().await.user()["last_login"].is_null());
            assert_eq!(world.user("ann").await.last_login, None);
        })
        .await;
}
