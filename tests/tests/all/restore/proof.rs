//! What a restoring token is bound to, and what its use ends.

use auth_core::password::Password;
use auth_tests::{Case, Fault, NEW_PW, PW};

#[tokio::test]
async fn every_session_ends_and_nobody_is_signed_in() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_with_email("ann@example.org", PW).await;
            phone.signin("ann@example.org", PW).await.is_ok();
            let link = laptop.gets_a_link("ann@example.org").await;
            let answer = laptop.restores(&link, NEW_PW).await;
            assert_eq!(answer.json(), serde_json::json!({"message": "Password changed", "status": 200}));
            for who in [&mut laptop, &mut phone] {
                who.get_user().await.is(401, "token_revoked");
                who.refresh().await.is(401, "token_revoked");
            }
        })
        .await;
}

#[tokio::test]
async fn whoever_signed_up_with_the_address_of_another_loses_it_to_its_owner() {
    Case::everywhere()
        .run(async |world| {
            let (mut eve, mut ann) = (world.client(), world.client());
            eve.joins_with_email("ann@example.org", "the password of eve").await;
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, NEW_PW).await.is_ok();
            eve.get_user().await.is(401, "token_revoked");
            eve.refresh().await.is(401, "token_revoked");
            eve.signin("ann@example.org", "the password of eve").await.is(401, "credentials");
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_password_that_changes_meanwhile_ends_the_link() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            let link = ann.gets_a_link("ann@example.org").await;
            let (current, new) = (Password::new(PW), Password::new(NEW_PW));
            let client = auth_core::ClientInfo::default();
            let changed = world.auth().change_password(ann.token(), current, new, &client).await;
            assert!(changed.is_ok());
            ann.restores(&link, "another one entirely").await.is(400, "restore_token");
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn an_account_that_is_deactivated_or_deleted_meanwhile_is_not_restored() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, bob) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            bob.signup_email("bob@example.org", PW).await.is_ok();
            let (anns, bobs) = (ann.gets_a_link("ann@example.org").await, bob.gets_a_link("bob@example.org").await);
            let id = world.user("ann@example.org").await.id;
            world.auth().set_active(&id, false).await.unwrap();
            world.store().delete("bob@example.org");
            ann.restores(&anns, NEW_PW).await.is(400, "restore_token");
            bob.restores(&bobs, NEW_PW).await.is(400, "restore_token");
            world.auth().set_active(&id, true).await.unwrap();
            ann.restores(&anns, NEW_PW).await.is(400, "restore_token");
            ann.signin("ann@example.org", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn sign_out_everywhere_ends_the_link() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            world.auth().sign_out_everywhere(&world.user("ann@example.org").await.id).await.unwrap();
            ann.restores(&link, NEW_PW).await.is(400, "restore_token");
        })
        .await;
}

#[tokio::test]
async fn a_sign_in_meanwhile_does_not_end_the_link() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.signin("ann@example.org", PW).await.is_ok();
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_password_that_is_refused_leaves_the_token_usable() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            for weak in ["short", "passwordpassword", "ann-ann-ann", "Notes Notes"] {
                ann.restores(&link, weak).await.is(400, "weak_password");
            }
            ann.restores(&link, &"x".repeat(1_025)).await.is_about("invalid_field", "new_password");
            ann.restores(&link, "").await.is_about("invalid_field", "new_password");
            ann.restores(&link, NEW_PW).await.is_ok();
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_store_that_fails_leaves_the_token_usable() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            for verb in ["by_restoring_token", "restore_password"] {
                world.store().break_verb(verb, Fault::Unavailable);
                ann.restores(&link, NEW_PW).await.is(503, "unavailable");
                world.store().mend();
            }
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_bad_token_buys_no_hash() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, NEW_PW).await.is_ok();
            let before = world.auth().hashing().computed;
            ann.restores(&link, NEW_PW).await.is(400, "restore_token");
            ann.restores("x", NEW_PW).await.is(400, "restore_token");
            assert_eq!(world.auth().hashing().computed, before);
        })
        .await;
}

#[tokio::test]
async fn only_the_owner_of_the_token_is_restored_whatever_else_is_sent() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut bob) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            bob.signup_email("bob@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            let bob_id = world.user("bob@example.org").await.id;
            let with_email = format!(r#"{{"token":"{link}","new_password":"{NEW_PW}","email":"bob@example.org"}}"#);
            ann.post("/restore", &with_email).await.is_about("invalid_field", "email");
            let body = format!(
                r#"{{"token":"{link}","new_password":"{NEW_PW}","user_id":"{bob_id}","username":"bob@example.org"}}"#
            );
            ann.post("/restore", &body).await.is_ok();
            bob.signin("bob@example.org", PW).await.is_ok();
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn what_is_stored_is_no_token() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            let stored = world.store().restoring_token();
            assert!(!link.contains(&stored));
            ann.restores(&stored, NEW_PW).await.is(400, "restore_token");
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}
