//! What has no route yet: functions of the library, seen over HTTP afterwards.

use auth_core::password::Password;
use auth_core::{AuthError, ClientInfo};
use auth_tests::{Case, NEW_PW, PW, World};

async fn change(world: &World, token: &str, current: &str, new: &str) -> Result<String, AuthError> {
    let (current, new) = (Password::new(current), Password::new(new));
    let changed = world.auth().change_password(token, current, new, &ClientInfo::default()).await;
    changed.map(|signed_in| signed_in.token.expose().to_owned())
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_opens_a_new_one() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            phone.signin("ann", PW).await.is_ok();
            let fresh = change(&world, laptop.token(), PW, NEW_PW).await.unwrap();
            laptop.get_user().await.is(401, "token_revoked");
            phone.refresh().await.is(401, "token_revoked");
            laptop.holds(&fresh);
            laptop.get_user().await.is_ok();
            laptop.refresh().await.is_ok();
            laptop.signin("ann", PW).await.is(401, "credentials");
            laptop.signin("ann", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn changing_needs_the_present_password_and_a_good_new_one() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let token = ann.token().to_owned();
            assert!(matches!(change(&world, &token, NEW_PW, "another one").await, Err(AuthError::Credentials(_))));
            assert!(matches!(change(&world, &token, PW, "short").await, Err(AuthError::WeakPassword { .. })));
            assert!(matches!(change(&world, &token, PW, &"x".repeat(1_025)).await, Err(AuthError::Field { .. })));
            assert!(matches!(change(&world, "x.y.z", PW, NEW_PW).await, Err(AuthError::TokenInvalid(_))));
            ann.get_user().await.is_ok();
            ann.signin("ann", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn an_administrator_sets_a_password_under_the_same_policy() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let (auth, id) = (world.auth(), world.user("ann").await.id);
            let weak = auth.set_password(&id, Password::new("password")).await;
            assert!(matches!(weak, Err(AuthError::WeakPassword { .. })));
            assert!(auth.set_password(&id, Password::new(NEW_PW)).await.unwrap());
            ann.get_user().await.is(401, "token_revoked");
            ann.signin("ann", PW).await.is(401, "credentials");
            ann.signin("ann", NEW_PW).await.is_ok();
            let nobody = auth_core::account::UserId::stored("nobody");
            assert!(!auth.set_password(&nobody, Password::new(NEW_PW)).await.unwrap());
        })
        .await;
}

#[tokio::test]
async fn an_inactive_account_is_out_at_once_and_comes_back_by_signing_in() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let (auth, id) = (world.auth(), world.user("ann").await.id);
            auth.set_active(&id, false).await.unwrap();
            ann.get_user().await.is(401, "token_revoked");
            ann.refresh().await.is(401, "token_revoked");
            ann.signin("ann", PW).await.is(401, "credentials");
            auth.set_active(&id, true).await.unwrap();
            ann.get_user().await.is(401, "token_revoked");
            ann.signin("ann", PW).await.is_ok();
            ann.get_user().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn sign_out_everywhere_ends_every_session_and_nobody_elses() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone, mut bob) = (world.client(), world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            phone.signin("ann", PW).await.is_ok();
            bob.joins_as("bob", PW).await;
            world.auth().sign_out_everywhere(&world.user("ann").await.id).await.unwrap();
            laptop.get_user().await.is(401, "token_revoked");
            phone.refresh().await.is(401, "token_revoked");
            bob.get_user().await.is_ok();
            laptop.signin("ann", PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn one_session_is_listed_and_ended() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            let (auth, id) = (world.auth(), world.user("ann").await.id);
            let first = auth.sessions(&id).await.unwrap().remove(0);
            phone.signin("ann", PW).await.is_ok();
            assert_eq!(auth.sessions(&id).await.unwrap().len(), 2);
            assert!(auth.end_session(&id, &first.id).await.unwrap());
            assert!(!auth.end_session(&id, &first.id).await.unwrap());
            laptop.get_user().await.is(401, "token_revoked");
            phone.get_user().await.is_ok();
        })
        .await;
}
