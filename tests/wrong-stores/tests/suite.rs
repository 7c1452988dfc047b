//! The suite finds each wrong store, by the property that it has not, and finds nothing else.

#![expect(clippy::unwrap_used, reason = "what does not hold is a panic that says so")]

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use auth_core::testing::store::{Property, ROUNDS, attempts, joint, outbox, sessions, users};
use tokio::runtime::Builder;
use wrong_stores::WrongStore;

#[test]
fn wrong_stores_of_accounts_are_found_by_what_is_wrong() {
    are_found(&wrong_stores::users(), users::PROPERTIES);
}

#[test]
fn wrong_stores_of_sessions_are_found_by_what_is_wrong() {
    are_found(&wrong_stores::sessions(), sessions::PROPERTIES);
}

#[test]
fn wrong_stores_of_accounts_and_sessions_together_are_found_by_what_is_wrong() {
    are_found(&wrong_stores::joint(), joint::PROPERTIES);
}

#[test]
fn wrong_stores_of_mail_jobs_are_found_by_what_is_wrong() {
    are_found(&wrong_stores::outbox(), outbox::PROPERTIES);
}

#[test]
fn wrong_stores_of_attempts_are_found_by_what_is_wrong() {
    are_found(&wrong_stores::attempts(), attempts::PROPERTIES);
}

#[expect(clippy::print_stdout, reason = "the table is what is asked for")]
fn are_found<S: ?Sized>(stores: &[WrongStore<S>], properties: &[Property<S>]) {
    let mut surprises = 0;
    for store in stores {
        let lacking = properties.iter().filter(|property| !has(store.fresh(), property));
        let found: Vec<_> = lacking.map(Property::name).collect();
        let expected = BTreeSet::from_iter(store.lacks);
        surprises += usize::from(BTreeSet::from_iter(&found) != expected);
        let others = properties.len() - found.len();
        println!("{store:?} | {} | has the other {others}", found.join(", "));
    }
    assert_eq!(surprises, 0, "see the table: so many stores lack something else than they say");
}

/// On one thread, where whoever gives way lets everybody else have a look first.
fn has<S: ?Sized>(store: Arc<S>, property: &Property<S>) -> bool {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    catch_unwind(AssertUnwindSafe(|| runtime.block_on(property.hold(&[store], ROUNDS)))).is_ok()
}
