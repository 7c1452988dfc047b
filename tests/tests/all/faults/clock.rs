use std::time::Duration;

use auth_tests::{Case, NEW_PW, PW};

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_clock_an_hour_ahead_lets_tokens_expire_early_and_signs_nobody_out() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            let link = ann.gets_a_link("ann@example.org").await;
            world.wait(HOUR);
            ann.get_user().await.is(401, "token_expired");
            ann.restores(&link, NEW_PW).await.is(400, "restore_token");
            ann.refresh().await.is_ok();
            ann.get_user().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_half_a_minute_is_noticed_by_nobody() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            world.goes_back(Duration::from_secs(30));
            ann.get_user().await.is_ok();
            ann.refresh().await.is_ok();
            ann.get_user().await.is_ok();
        })
        .await;
}

/// A token of the future is refused, whoever made it.
#[tokio::test]
async fn a_clock_that_is_set_back_an_hour_ends_no_session() {
    Case::everywhere()
        .run(async |world| {
            let (mut ann, mut other) = (world.client(), world.client());
            ann.joins_as("ann", PW).await;
            world.goes_back(HOUR);
            ann.get_user().await.is(401, "token_invalid");
            ann.refresh().await.is(401, "token_invalid");
            other.signin("ann", PW).await.is_ok();
            other.get_user().await.is_ok();
            world.wait(HOUR);
            ann.get_user().await.is_ok();
            ann.refresh().await.is_ok();
            other.refresh().await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_restoring_token_of_the_future_opens_nothing_until_then() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            world.goes_back(HOUR);
            ann.restores(&link, NEW_PW).await.is(400, "restore_token");
            world.wait(Duration::from_mins(59));
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_mail_asked_for_before_the_clock_went_back_is_sent() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            ann.asks_to_restore("ann@example.org").await.is_ok();
            world.goes_back(Duration::from_secs(30));
            assert!(world.mails().await.is_empty(), "it is due when it was asked for");
            world.wait(Duration::from_secs(30));
            assert_eq!(world.mail().await.to(), "ann@example.org");
        })
        .await;
}
