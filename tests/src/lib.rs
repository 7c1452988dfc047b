//! The vocabulary of the tests: a [`World`] with one server on one store, and [`Client`]s who talk
//! to it in sentences.
//!
//! A [`Case`] is one story. It is told in up to twelve worlds (core, axum, actix; memory, SQLite,
//! PostgreSQL, MariaDB), and the transcript of all is one snapshot, byte for byte:
//!
//! ```no_run
//! use auth_tests::{Case, PW};
//!
//! async fn the_right_password_opens_a_session() {
//!     Case::everywhere()
//!         .run(async |world| {
//!             let mut ann = world.client();
//!             ann.signup_username("ann", PW).await.is_ok();
//!             ann.signin("ann", PW).await.is_ok();
//!         })
//!         .await;
//! }
//! ```

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test code: what does not hold is a panic that says so"
)]

mod answer;
mod case;
mod client;
mod database;
mod guesses;
#[cfg(doctest)]
mod guide;
mod letter;
mod log;
mod request;
mod rig;
mod secrets;
mod transcript;
mod transport;
mod world;

pub use answer::Answer;
pub use case::Case;
pub use client::Client;
pub use database::{Database, StoreKind};
pub use example_services::{self as services, Scratch};
pub use guesses::Guesses;
pub use letter::Letter;
pub use log::Log;
pub use request::{Body, Request};
pub use rig::{Fault, Rig, Rigged};
pub use transport::{Site, Transport};
pub use world::{World, settings};

/// A password that the policy takes.
pub const PW: &str = "a tree house in the rain";
/// Another one.
pub const NEW_PW: &str = "the rain stopped at noon";
