//! Mails that somebody asks for.

use std::time::Duration;

use auth_core::throttle::{AtMost, Limits};
use auth_tests::{Case, NEW_PW, PW};

use super::behind_a_proxy;

#[tokio::test]
async fn fifty_requests_for_an_address_are_answered_alike_and_send_three_mails() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let mut texts = Vec::new();
            let mut mails = 0;
            for _ in 0..10 {
                for address in
                    ["ann@example.org", "nobody@example.org", "ANN@example.org", "ann@example.org", "ann@example.org"]
                {
                    let answer = ann.asks_to_restore(address).await;
                    answer.is_ok();
                    texts.push(answer.text().to_owned());
                }
                mails += world.mails().await.len();
                world.wait(Duration::from_secs(65));
            }
            texts.dedup();
            assert_eq!((texts.len(), mails), (1, 3));
        })
        .await;
}

#[tokio::test]
async fn a_mail_that_is_held_back_leaves_the_last_link_good_and_is_an_event() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            for address in ["ann@example.org", "nobody@example.org", "nobody@example.org"] {
                world.store().forget_calls();
                ann.asks_to_restore(address).await.is_ok();
            }
            assert_eq!(world.store().calls(), ["reserve"]);
            assert!(world.mails().await.is_empty());
            assert!(world.log().contains(r#"outcome="mail_withheld""#), "{}", world.log());
            ann.restores(&link, NEW_PW).await.is_ok();
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_client_asks_for_twenty_mails_an_hour() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| {
            let (one, other) = (world.client().at("192.0.2.1"), world.client().at("192.0.2.2"));
            for number in 0..20 {
                one.asks_to_restore(&format!("user{number}@example.org")).await.is_ok();
            }
            let refused = one.asks_to_restore("user20@example.org").await;
            refused.is(429, "throttled");
            assert_eq!(refused.header("retry-after"), Some("3600"));
            one.asks_to_restore("user0@example.org").await.is(429, "throttled");
            other.asks_to_restore("user20@example.org").await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn all_mails_together_have_a_limit_and_a_notice_is_none_of_them() {
    Case::everywhere()
        .settings(|settings| {
            let mut limits = Limits::default();
            limits.mail = AtMost::new(2, Duration::from_hours(1));
            behind_a_proxy(settings.limits(limits))
        })
        .run(async |world| {
            let ann = world.client().at("192.0.2.1");
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            let (bob, eve) = (world.client().at("192.0.2.2"), world.client().at("192.0.2.3"));
            for name in ["bob", "carl"] {
                bob.signup_email(&format!("{name}@example.org"), PW).await.is_ok();
            }
            for number in 0..10 {
                eve.asks_to_restore(&format!("nobody{number}@example.org")).await.is_ok();
            }
            bob.gets_a_link("bob@example.org").await;
            bob.asks_to_restore("carl@example.org").await.is_ok();
            world.wait(Duration::from_mins(2));
            ann.asks_to_restore("ann@example.org").await.is_ok();
            assert!(world.mails().await.is_empty(), "two were sent in this hour");
            // What was held back has not ended the link before it.
            ann.restores(&link, NEW_PW).await.is_ok();
            assert_eq!(world.mail().await.subject(), "Your password for Notes was changed");
            // A window begins with its first mail; what waits is looked at once a minute.
            world.wait(Duration::from_mins(61));
            bob.asks_to_restore("carl@example.org").await.is_ok();
            assert_eq!(world.mail().await.to(), "carl@example.org");
        })
        .await;
}

#[tokio::test]
async fn signing_up_with_an_address_again_and_again_fills_no_mailbox() {
    Case::everywhere()
        .settings(|settings| settings.enumeration_safe_signup(true))
        .run(async |world| {
            let eve = world.client();
            let mut texts = Vec::new();
            let mut mails = Vec::new();
            for _ in 0..5 {
                let answer = eve.signup_email("ann@example.org", PW).await;
                answer.is_ok();
                texts.push(answer.text().to_owned());
                mails.push(world.mails().await.len());
            }
            texts.dedup();
            assert_eq!(texts.len(), 1);
            assert_eq!(mails, [1, 1, 0, 0, 0], "a welcome, and once that the address is taken");
        })
        .await;
}
