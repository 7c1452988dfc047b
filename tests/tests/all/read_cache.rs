//! Users and sessions that are remembered for a moment.

use std::time::Duration;

use auth_core::ClientInfo;
use auth_core::password::Password;
use auth_core::store::ReadCache;
use auth_tests::{Case, Client, NEW_PW, PW, World};

fn remembering() -> Case {
    Case::everywhere().hooks(|builder| builder.read_cache(ReadCache::default()))
}

/// How often the database was asked for a user or a session while this client read its user.
async fn asked(world: &World, client: &Client) -> usize {
    world.store().forget_calls();
    client.get_user().await.is_ok();
    world.store().calls().iter().filter(|verb| matches!(**verb, "by_id" | "get")).count()
}

#[tokio::test]
async fn a_token_is_checked_without_the_database_for_five_seconds() {
    remembering()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            assert_eq!(asked(&world, &ann).await, 2);
            world.wait(Duration::from_secs(4));
            assert_eq!(asked(&world, &ann).await, 0);
            world.wait(Duration::from_secs(1));
            assert_eq!(asked(&world, &ann).await, 2);
        })
        .await;
}

#[tokio::test]
async fn without_the_setting_the_database_is_asked_each_time() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            assert_eq!([asked(&world, &ann).await, asked(&world, &ann).await], [2, 2]);
        })
        .await;
}

/// A way to end the sessions of Ann.
const ENDS: [&str; 7] =
    ["signout", "restore", "change", "administrator", "deactivation", "everywhere", "one of the list"];

async fn end(world: &World, ann: &Client, how: &str) {
    let (auth, user) = (world.auth(), world.user("ann@example.org").await);
    match how {
        "signout" => ann.signout().await.is_ok(),
        "restore" => {
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, PW).await.is_ok();
        }
        "change" => {
            let (current, new) = (Password::new(PW), Password::new(PW));
            assert!(auth.change_password(ann.token(), current, new, &ClientInfo::default()).await.is_ok());
        }
        "administrator" => assert!(auth.set_password(&user.id, Password::new(PW)).await.unwrap()),
        "deactivation" => auth.set_active(&user.id, false).await.unwrap(),
        "everywhere" => auth.sign_out_everywhere(&user.id).await.unwrap(),
        _ => {
            let session = auth.verify_token(ann.token()).unwrap().session.clone();
            assert!(auth.end_session(&user.id, &session).await.unwrap());
        }
    }
}

#[tokio::test]
async fn what_ends_a_session_ends_it_at_once() {
    remembering()
        .run(async |world| {
            world.client().signup_email("ann@example.org", PW).await.is_ok();
            let id = world.user("ann@example.org").await.id;
            for how in ENDS {
                let mut ann = world.client();
                ann.signin("ann@example.org", PW).await.is_ok();
                ann.get_user().await.is_ok();
                assert_eq!(asked(&world, &ann).await, 0, "remembered before: {how}");
                end(&world, &ann, how).await;
                ann.get_user().await.is(401, "token_revoked");
                ann.refresh().await.is(401, "token_revoked");
                if how == "deactivation" {
                    ann.signin("ann@example.org", PW).await.is(401, "credentials");
                    world.auth().set_active(&id, true).await.unwrap();
                }
            }
        })
        .await;
}

#[tokio::test]
async fn a_refresh_and_a_sign_in_are_seen_at_once() {
    remembering()
        .run(async |world| {
            let (mut ann, mut phone) = (world.client(), world.client());
            ann.joins_as("ann", PW).await;
            let first = ann.get_user().await.user()["last_login"].clone();
            world.wait(Duration::from_secs(1));
            phone.signin("ann", PW).await.is_ok();
            assert_ne!(ann.get_user().await.user()["last_login"], first);
            ann.refresh().await.is_ok();
            ann.get_user().await.is_ok();
            ann.refresh().await.is_ok();
            phone.signin("ann", NEW_PW).await.is(401, "credentials");
        })
        .await;
}

#[tokio::test]
async fn what_another_instance_ends_is_good_until_the_row_is_stale() {
    remembering()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            ann.get_user().await.is_ok();
            world.store().delete("ann");
            world.wait(Duration::from_secs(4));
            ann.get_user().await.is_ok();
            world.wait(Duration::from_secs(1));
            ann.get_user().await.is(401, "token_revoked");
        })
        .await;
}
