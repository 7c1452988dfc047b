use std::time::Duration;

use auth_tests::{Case, NEW_PW, PW};

#[tokio::test]
async fn without_randomness_whatever_needs_it_is_unavailable_and_nothing_falls_back() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            let link = ann.gets_a_link("ann@example.org").await;
            world.wait(Duration::from_mins(1));
            world.randomness_fails(true);
            ann.signup_username("bob", PW).await.is(503, "unavailable");
            ann.signin("ann@example.org", PW).await.is(503, "unavailable");
            ann.refresh().await.is(503, "unavailable");
            ann.asks_to_restore("ann@example.org").await.is(503, "unavailable");
            ann.restores(&link, NEW_PW).await.is(503, "unavailable");
            ann.validation().await.is_ok();
            ann.get_user().await.is_ok();
            world.randomness_fails(false);
            ann.refresh().await.is_ok();
            ann.signup_username("bob", PW).await.is_ok();
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}
