//! One request begins before a credential changes and ends after: the order that races seek, held
//! still.

use auth_core::AuthError;
use auth_core::password::{Argon2Params, PasswordHash};
use auth_core::store::{Cas, EpochRule};
use auth_tests::{Case, NEW_PW, PW, settings};

#[tokio::test]
async fn a_sign_in_that_straddles_a_change_opens_nothing_that_lives() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            let id = world.user("ann").await.id;
            world.store().hold("open");
            let change = async {
                world.store().someone_waits_at("open").await;
                let new = auth_core::password::Password::new(NEW_PW);
                assert!(world.auth().set_password(&id, new).await.unwrap());
                world.store().release("open");
            };
            let (signed_in, ()) = tokio::join!(ann.signin("ann", PW), change);
            signed_in.is_ok();
            ann.get_user().await.is(401, "token_revoked");
            ann.refresh().await.is(401, "token_revoked");
        })
        .await;
}

#[tokio::test]
async fn a_refresh_that_straddles_a_restore_carries_nothing_over() {
    Case::everywhere()
        .run(async |world| {
            let (mut thief, owner) = (world.client(), world.client());
            thief.joins_with_email("ann@example.org", PW).await;
            let link = owner.gets_a_link("ann@example.org").await;
            world.store().hold("rotate");
            let restore = async {
                world.store().someone_waits_at("rotate").await;
                owner.restores(&link, NEW_PW).await.is_ok();
                world.store().release("rotate");
            };
            let (refreshed, ()) = tokio::join!(thief.refresh(), restore);
            refreshed.is(401, "token_revoked");
            thief.get_user().await.is(401, "token_revoked");
        })
        .await;
}

/// The rotation comes after the restore has changed the epoch and before it has swept the sessions.
#[tokio::test]
async fn a_token_that_slips_through_before_the_sweep_of_a_restore_is_dead() {
    Case::everywhere()
        .run(async |world| {
            let (mut thief, owner) = (world.client(), world.client());
            thief.joins_with_email("ann@example.org", PW).await;
            let link = owner.gets_a_link("ann@example.org").await;
            let store = world.store();
            store.hold("rotate");
            store.hold("revoke");
            let slipping = async {
                thief.refresh().await.is_ok();
                thief.get_user().await.is(401, "token_revoked");
                thief.refresh().await.is(401, "token_revoked");
                store.release("revoke");
            };
            let directing = async {
                store.someone_waits_at("rotate").await;
                let restoring = owner.restores(&link, NEW_PW);
                let meanwhile = async {
                    store.someone_waits_at("revoke").await;
                    store.release("rotate");
                };
                tokio::join!(restoring, meanwhile).0.is_ok();
            };
            tokio::join!(slipping, directing);
        })
        .await;
}

#[tokio::test]
async fn an_upgrade_of_the_hash_that_straddles_a_restore_loses() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, owner) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            world.restart(settings().argon2(Argon2Params::danger_weak(16, 1, 1).unwrap())).await;
            let link = owner.gets_a_link("ann@example.org").await;
            world.store().hold("set_password");
            let restore = async {
                world.store().someone_waits_at("set_password").await;
                owner.restores(&link, NEW_PW).await.is_ok();
                world.store().release("set_password");
            };
            let (signed_in, ()) = tokio::join!(ann.signin("ann@example.org", PW), restore);
            signed_in.is_ok();
            ann.get_user().await.is(401, "token_revoked");
            ann.signin("ann@example.org", PW).await.is(401, "credentials");
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

/// Whoever signs in with the old password while the link is used must not spoil it for its owner.
#[tokio::test]
async fn a_restore_that_straddles_an_upgrade_of_the_hash_wins() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, owner) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            world.restart(settings().argon2(Argon2Params::danger_weak(16, 1, 1).unwrap())).await;
            let link = owner.gets_a_link("ann@example.org").await;
            world.store().hold("restore_password");
            let upgrade = async {
                world.store().someone_waits_at("restore_password").await;
                ann.signin("ann@example.org", PW).await.is_ok();
                assert!(world.user("ann@example.org").await.password.expose().contains("m=16,"));
                world.store().release("restore_password");
            };
            let (restored, ()) = tokio::join!(owner.restores(&link, NEW_PW), upgrade);
            restored.is_ok();
            ann.get_user().await.is(401, "token_revoked");
            ann.signin("ann@example.org", PW).await.is(401, "credentials");
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
            owner.restores(&link, PW).await.is(400, "restore_token");
        })
        .await;
}

#[tokio::test]
async fn a_change_that_straddles_an_upgrade_of_the_hash_wins() {
    Case::everywhere()
        .run(async |world| {
            let (mut laptop, mut phone) = (world.client(), world.client());
            laptop.joins_as("ann", PW).await;
            world.restart(settings().argon2(Argon2Params::danger_weak(16, 1, 1).unwrap())).await;
            world.store().hold("set_password");
            let upgrade = async {
                world.store().someone_waits_at("set_password").await;
                phone.signin("ann", PW).await.is_ok();
                assert!(world.user("ann").await.password.expose().contains("m=16,"));
                world.store().release("set_password");
            };
            let [current, new] = [PW, NEW_PW].map(auth_core::password::Password::new);
            let (auth, client) = (world.auth(), auth_core::ClientInfo::default());
            let change = auth.change_password(laptop.token(), current, new, &client);
            let (changed, ()) = tokio::join!(change, upgrade);
            let token = changed.unwrap().token.expose().to_owned();
            laptop.holds(&token);
            laptop.get_user().await.is_ok();
            phone.get_user().await.is(401, "token_revoked");
            phone.signin("ann", PW).await.is(401, "credentials");
            phone.signin("ann", NEW_PW).await.is_ok();
        })
        .await;
}

/// As by an operator who shuts somebody out in haste: the epoch is the same, the password is not.
#[tokio::test]
async fn a_change_that_straddles_another_hash_in_place_of_a_current_one_loses() {
    Case::everywhere()
        .run(async |world| {
            let mut laptop = world.client();
            laptop.joins_as("ann", PW).await;
            world.store().hold("set_password");
            let shutting_out = async {
                world.store().someone_waits_at("set_password").await;
                let (ann, users) = (world.user("ann").await, world.auth().stores().users.clone());
                let nothing = PasswordHash::stored("!");
                let kept = users.set_password(&ann.id, Some(&ann.password), &nothing, EpochRule::Keep).await.unwrap();
                assert_eq!(kept, Cas::Won);
                world.store().release("set_password");
            };
            let [current, new] = [PW, NEW_PW].map(auth_core::password::Password::new);
            let (auth, client) = (world.auth(), auth_core::ClientInfo::default());
            let change = auth.change_password(laptop.token(), current, new, &client);
            let (changed, ()) = tokio::join!(change, shutting_out);
            assert!(matches!(changed, Err(AuthError::Credentials(_))));
            laptop.signin("ann", NEW_PW).await.is(401, "credentials");
        })
        .await;
}

#[tokio::test]
async fn a_restore_that_straddles_another_one_loses() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, second) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            world.store().hold("restore_password");
            let other = async {
                world.store().someone_waits_at("restore_password").await;
                let id = world.user("ann@example.org").await.id;
                let new = auth_core::password::Password::new("the password of an administrator");
                assert!(world.auth().set_password(&id, new).await.unwrap());
                world.store().release("restore_password");
            };
            let (restored, ()) = tokio::join!(second.restores(&link, NEW_PW), other);
            restored.is(400, "restore_token");
            ann.signin("ann@example.org", NEW_PW).await.is(401, "credentials");
            ann.signin("ann@example.org", "the password of an administrator").await.is_ok();
        })
        .await;
}
