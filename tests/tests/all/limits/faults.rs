//! What goes wrong on the way of an attempt.

use std::time::Duration;

use auth_tests::{Case, Fault, Guesses, PW, Transport};

#[tokio::test]
async fn a_store_that_does_not_answer_lets_nobody_in() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            world.store().break_verb("reserve", Fault::Unavailable);
            world.store().forget_calls();
            ann.signin("ann@example.org", PW).await.is(503, "unavailable");
            ann.signup_username("bob", PW).await.is(503, "unavailable");
            ann.asks_to_restore("ann@example.org").await.is(503, "unavailable");
            assert_eq!(world.store().calls(), ["reserve"; 3]);
            world.store().mend();
            ann.signin("ann@example.org", PW).await.is_ok();
            ann.asks_to_restore("ann@example.org").await.is_ok();
            assert_eq!(world.mails().await.len(), 1);
        })
        .await;
}

#[tokio::test]
async fn a_fault_of_ours_costs_no_try() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            world.store().break_verb("by_login", Fault::Unavailable);
            for _ in 0..31 {
                ann.signin("ann", PW).await.is(503, "unavailable");
            }
            world.store().mend();
            assert_eq!(ann.guesses("ann", 5).await.judged, 5);
            ann.signin("ann", PW).await.is(429, "throttled");
        })
        .await;
}

#[tokio::test]
async fn an_end_that_cannot_be_noted_changes_no_answer_and_stays_counted() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            world.store().break_verb("settle", Fault::Unavailable);
            assert_eq!(ann.guesses("ann", 5).await.judged, 5);
            world.store().mend();
            world.wait(Duration::from_mins(1));
            assert_eq!(ann.guesses("ann", 3).await, Guesses { judged: 1, put_off: 2, longest_wait: 2 });
        })
        .await;
}

#[tokio::test]
async fn whoever_hangs_up_before_the_answer_has_failed() {
    // A server notices when it likes; without one the future is dropped at once.
    Case::on(&[Transport::Core])
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            for _ in 0..5 {
                world.store().hold("by_login");
                tokio::select! {
                    _ = ann.guesses_untold("ann") => panic!("the store does not answer"),
                    () = world.store().someone_waits_at("by_login") => {}
                }
                world.store().release("by_login");
            }
            world.wait(Duration::from_mins(1));
            assert_eq!(ann.guesses("ann", 3).await, Guesses { judged: 1, put_off: 2, longest_wait: 2 });
        })
        .await;
}
