//! The notice after a password was changed.

use auth_core::password::Password;
use auth_tests::{Case, NEW_PW, PW};

#[tokio::test]
async fn the_owner_hears_of_a_restored_password_without_a_link_or_a_password() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("Ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, NEW_PW).await.is_ok();
            let notice = world.mail().await;
            assert_eq!((notice.to(), notice.subject()), ("Ann@example.org", "Your password for Notes was changed"));
            assert!(!notice.text().contains(NEW_PW) && !notice.text().contains("restoring="));
        })
        .await;
}

#[tokio::test]
async fn a_restore_that_fails_sends_no_notice() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, "short").await.is(400, "weak_password");
            ann.restores("x", NEW_PW).await.is(400, "restore_token");
            assert!(world.mails().await.is_empty());
        })
        .await;
}

#[tokio::test]
async fn a_password_that_an_administrator_sets_is_told_too() {
    Case::everywhere()
        .run(async |world| {
            world.client().signup_email("ann@example.org", PW).await.is_ok();
            let id = world.user("ann@example.org").await.id;
            assert!(world.auth().set_password(&id, Password::new(NEW_PW)).await.unwrap());
            assert_eq!(world.mail().await.to(), "ann@example.org");
        })
        .await;
}

#[tokio::test]
async fn a_host_that_wants_no_notice_gets_none() {
    Case::everywhere()
        .settings(|settings| settings.password_notice(false))
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("Ann@example.org", PW).await.is_ok();
            let token = ann.gets_a_link("Ann@example.org").await;
            ann.restores(&token, NEW_PW).await.is_ok();
            assert!(world.mails().await.is_empty());
        })
        .await;
}
