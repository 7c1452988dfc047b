//! Stores that are wrong in one way each, as somebody writes them who has not thought of it. The
//! suite in `auth_core::testing` must find every one of them, by the property that it has not, and
//! find nothing else.
//!
//! Each is the store in memory with a verb or two written otherwise. Where one looks first and
//! writes afterwards it gives way in between, as it would where a database answers.

mod attempts;
mod delegate;
mod joint;
mod outbox;
mod sessions;
mod users;

use std::fmt;
use std::sync::Arc;

use auth_core::store::{AttemptStore, OutboxStore, SessionStore, Stores, UserStore};

/// A store that is wrong.
pub struct WrongStore<S: ?Sized> {
    /// What is wrong about it.
    pub wrong: &'static str,
    /// The properties that it has not.
    pub lacks: &'static [&'static str],
    make: fn() -> Arc<S>,
}

impl<S: ?Sized> WrongStore<S> {
    /// An empty one.
    #[must_use]
    pub fn fresh(&self) -> Arc<S> {
        (self.make)()
    }
}

impl<S: ?Sized> fmt::Debug for WrongStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wrong)
    }
}

/// Wrong stores of accounts.
#[must_use]
pub fn users() -> Vec<WrongStore<dyn UserStore>> {
    [users::text::all(), users::conflicts::all(), users::credential::all(), users::restoring::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// Wrong stores of sessions.
#[must_use]
pub fn sessions() -> Vec<WrongStore<dyn SessionStore>> {
    sessions::all()
}

/// Wrong stores of accounts and sessions together.
#[must_use]
pub fn joint() -> Vec<WrongStore<Stores>> {
    joint::all()
}

/// Wrong stores of mail jobs.
#[must_use]
pub fn outbox() -> Vec<WrongStore<dyn OutboxStore>> {
    outbox::all()
}

/// Wrong stores of attempts.
#[must_use]
pub fn attempts() -> Vec<WrongStore<dyn AttemptStore>> {
    attempts::all()
}
