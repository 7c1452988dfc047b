use auth_tests::{Case, NEW_PW, PW};

#[tokio::test]
async fn every_request_that_is_delivered_three_times_counts_once() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            for _ in 0..2 {
                ann.signup_email("ann@example.org", PW).await.is_about("taken", "email");
            }
            for _ in 0..3 {
                ann.signin("ann@example.org", PW).await.is_ok();
            }
            let head = ann.token().to_owned();
            let mut successors = Vec::new();
            for _ in 0..3 {
                ann.holds(&head);
                ann.refresh().await.is_ok();
                successors.push(ann.token().to_owned());
            }
            successors.dedup();
            assert_eq!(successors.len(), 1);
            for _ in 0..3 {
                ann.asks_to_restore("ann@example.org").await.is_ok();
            }
            let link = world.mail().await.restoring_token();
            ann.restores(&link, NEW_PW).await.is_ok();
            for _ in 0..2 {
                ann.restores(&link, NEW_PW).await.is(400, "restore_token");
            }
            assert_eq!(world.mails().await.len(), 1, "one notice");
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
            ann.signout().await.is_ok();
            for _ in 0..2 {
                ann.signout().await.is(401, "token_revoked");
            }
        })
        .await;
}
