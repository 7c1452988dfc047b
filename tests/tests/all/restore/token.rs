//! Step 2: when a restoring token opens something, and when it does not.

use std::time::Duration;

use auth_core::restore::EncryptKey;
use auth_tests::{Case, NEW_PW, PW, settings};

#[tokio::test]
async fn a_token_sets_the_password_once() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, NEW_PW).await.is_ok();
            ann.signin("ann@example.org", PW).await.is(401, "credentials");
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
            ann.restores(&link, "another one entirely").await.is(400, "restore_token");
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_token_lives_for_30_minutes_from_the_request_on() {
    Case::everywhere()
        .run(async |world| {
            let (ann, bob) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            bob.signup_email("bob@example.org", PW).await.is_ok();
            ann.asks_to_restore("ann@example.org").await.is_ok();
            bob.asks_to_restore("bob@example.org").await.is_ok();
            world.wait(Duration::from_mins(1));
            let links: Vec<_> = world.mails().await.iter().map(auth_tests::Letter::restoring_token).collect();
            world.wait(Duration::from_mins(29));
            ann.restores(&links[0], NEW_PW).await.is_ok();
            world.wait(Duration::from_secs(1));
            bob.restores(&links[1], NEW_PW).await.is(400, "restore_token");
        })
        .await;
}

#[tokio::test]
async fn a_mail_that_waited_longer_than_its_token_lives_is_not_sent() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            ann.asks_to_restore("ann@example.org").await.is_ok();
            world.wait(Duration::from_secs(1_801));
            assert!(world.mails().await.is_empty());
        })
        .await;
}

#[tokio::test]
async fn a_newer_link_ends_the_older_one() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let older = ann.gets_a_link("ann@example.org").await;
            world.wait(Duration::from_mins(1));
            let newer = ann.gets_a_link("ann@example.org").await;
            ann.restores(&older, NEW_PW).await.is(400, "restore_token");
            ann.restores(&newer, NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_the_answer_is_one() {
    Case::everywhere()
        .run(async |world| {
            let (ann, bob) = (world.client(), world.client());
            ann.signup_email("ann@example.org", PW).await.is_ok();
            bob.signup_email("bob@example.org", PW).await.is_ok();
            let used = ann.gets_a_link("ann@example.org").await;
            ann.restores(&used, NEW_PW).await.is_ok();
            world.mails().await;
            let replaced = bob.gets_a_link("bob@example.org").await;
            world.wait(Duration::from_mins(1));
            bob.gets_a_link("bob@example.org").await;
            let last = if replaced.ends_with('A') { 'B' } else { 'A' };
            let touched = format!("{}{last}", &replaced[..139]);
            let mut texts = Vec::new();
            for token in ["x", "s3ntinel", "é", "\0", &used, &replaced, &touched, &"A".repeat(140), &"A".repeat(10_000)]
            {
                let answer = ann.restores(token, NEW_PW).await;
                answer.is(400, "restore_token");
                texts.push(answer.text().to_owned());
            }
            texts.dedup();
            assert_eq!(texts.len(), 1);
        })
        .await;
}

/// A version byte, the largest time there is, and zeros: `fernet` panics when it adds a life.
const FORGED_TIME: &str =
    "gP__________AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[tokio::test]
async fn a_forged_time_is_one_more_bad_token() {
    Case::everywhere()
        .run(async |world| {
            for padding in ["", "=", "==", "==="] {
                let token = format!("{FORGED_TIME}{padding}");
                world.client().restores(&token, NEW_PW).await.is(400, "restore_token");
            }
        })
        .await;
}

#[tokio::test]
async fn padding_does_not_make_a_used_token_new() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, NEW_PW).await.is_ok();
            for padding in ["", "=", "==", "===", "%3D", "\n", " "] {
                ann.restores(&format!("{link}{padding}"), "another one entirely").await.is(400, "restore_token");
            }
        })
        .await;
}

#[tokio::test]
async fn a_key_that_was_rotated_out_opens_nothing_and_a_listed_one_does() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let old = EncryptKey::from_bytes(*b"the key that is rotated out soon");
            let new = EncryptKey::from_bytes(*b"the key that comes in its place ");
            world.restart(settings().email_encrypt_keys(vec![old.clone()])).await;
            let link = ann.gets_a_link("ann@example.org").await;
            world.restart(settings().email_encrypt_keys(vec![new.clone()])).await;
            ann.restores(&link, NEW_PW).await.is(400, "restore_token");
            world.restart(settings().email_encrypt_keys(vec![new, old])).await;
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn an_access_token_restores_nothing_and_a_restoring_token_signs_nobody_in() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(ann.token(), NEW_PW).await.is(400, "restore_token");
            ann.holds(&link);
            ann.get_user().await.is(401, "token_invalid");
            ann.refresh().await.is(401, "token_invalid");
        })
        .await;
}
