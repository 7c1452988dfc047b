//! What a host hangs in: a breach check and a sink of events.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use auth_core::password::{BreachCheck, Password};
use auth_core::{AuthEvent, EventSink};
use auth_tests::{Case, NEW_PW, PW};

/// Knows one password, fails at another, and panics at a third.
struct Check;

#[async_trait]
impl BreachCheck for Check {
    async fn is_breached(&self, password: &Password) -> Result<bool, Box<dyn Error + Send + Sync>> {
        match password.expose_to_breach_check() {
            "it was in the news" => Ok(true),
            "the list is away" => Err("no route to host".into()),
            "the list is on fire" => panic!("on fire"),
            _ => Ok(false),
        }
    }
}

#[tokio::test]
async fn a_leaked_password_is_weak_on_every_way_in() {
    Case::everywhere()
        .hooks(|builder| builder.breach_check(Check))
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", "it was in the news").await.is_about("weak_password", "password");
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, "it was in the news").await.is_about("weak_password", "new_password");
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn a_breach_check_that_fails_stops_nobody_and_one_that_panics_stops_one() {
    Case::everywhere()
        .hooks(|builder| builder.breach_check(Check))
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("bob", "the list is on fire").await.is(500, "internal");
            ann.signup_username("bob", "the list is away").await.is_ok();
        })
        .await;
}

/// Panics at the second event.
#[derive(Default)]
struct Sink(AtomicUsize);

impl EventSink for Sink {
    fn record(&self, _: &AuthEvent) {
        assert_ne!(self.0.fetch_add(1, Ordering::SeqCst), 1, "the second event");
    }
}

#[tokio::test]
async fn a_sink_that_panics_is_an_internal_fault_and_the_next_request_is_served() {
    Case::everywhere()
        .hooks(|builder| builder.events(Sink::default()))
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            ann.signin("ann", PW).await.is(500, "internal");
            ann.signin("ann", PW).await.is_ok();
        })
        .await;
}

/// Panics whenever it is asked, as one does that locks what a first panic has poisoned.
struct Poisoned;

impl EventSink for Poisoned {
    fn record(&self, _: &AuthEvent) {
        panic!("poisoned");
    }
}

#[tokio::test]
async fn a_sink_that_panics_because_a_check_has_does_not_take_the_process_down() {
    Case::everywhere()
        .hooks(|builder| builder.breach_check(Check).events(Poisoned))
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("bob", "the list is on fire").await.is(500, "internal");
            ann.signup_username("bob", PW).await.is(500, "internal");
        })
        .await;
}
