//! Who counts as one client.

use auth_core::throttle::Limits;
use auth_tests::{Case, PW, World};

use super::behind_a_proxy;

/// How many of so many tries were judged, each at another login.
async fn judged(world: &World, tries: usize, address: impl Fn(usize) -> String) -> usize {
    let mut judged = 0;
    for number in 0..tries {
        judged += world.client().at(address(number)).guesses_untold(&format!("user{number}")).await.judged;
    }
    world.tell(format!("{judged} of {tries} were judged\n"));
    judged
}

#[tokio::test]
async fn a_forwarding_header_that_anybody_can_write_gains_nothing() {
    Case::everywhere()
        .run(async |world| {
            assert_eq!(judged(&world, 200, |number| format!("10.9.{number}.1")).await, 30);
        })
        .await;
}

#[tokio::test]
async fn behind_one_proxy_the_right_most_hop_is_the_client() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| {
            assert_eq!(judged(&world, 200, |number| format!("10.9.{number}.1, 192.0.2.1")).await, 30);
            assert_eq!(judged(&world, 20, |number| format!("192.0.2.1, 10.9.{number}.1")).await, 20);
        })
        .await;
}

#[tokio::test]
async fn an_ipv6_network_of_64_bits_is_one_client() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| {
            assert_eq!(judged(&world, 50, |number| format!("2001:db8:0:1:{number:x}::1")).await, 30);
            assert_eq!(judged(&world, 50, |number| format!("2001:db8:0:{number:x}::1")).await, 49);
        })
        .await;
}

#[tokio::test]
async fn a_success_of_its_own_does_not_give_a_client_more_tries() {
    Case::everywhere()
        .run(async |world| {
            let mut eve = world.client();
            eve.signup_username("eve", PW).await.is_ok();
            let mut judged = 0;
            for number in 0..60 {
                judged += eve.guesses_untold(&format!("user{number}")).await.judged;
                if number % 10 == 0 && number < 30 {
                    eve.signin("eve", PW).await.is_ok();
                }
            }
            assert_eq!(judged, 30);
        })
        .await;
}

#[tokio::test]
async fn sign_ups_of_one_client_have_a_limit() {
    Case::everywhere()
        .settings(|settings| {
            let mut limits = Limits::default();
            limits.signup.most = 3;
            behind_a_proxy(settings.limits(limits))
        })
        .run(async |world| {
            let (one, other) = (world.client().at("192.0.2.1"), world.client().at("192.0.2.2"));
            for number in 0..3 {
                one.signup_username(&format!("user{number}"), PW).await.is_ok();
            }
            one.signup_username("one-too-many", PW).await.is(429, "throttled");
            other.signup_username("another", PW).await.is_ok();
            world.wait(std::time::Duration::from_hours(1));
            one.signup_username("one-too-many", PW).await.is_ok();
        })
        .await;
}
