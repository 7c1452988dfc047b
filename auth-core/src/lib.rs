//! Account authentication for web applications, without a web framework and without SQL.
//!
//! [`account`], [`password`], [`token`], [`session`], [`restore`] and [`mail`] hold the values;
//! [`store`] what a store must do.

pub mod account;
mod client;
mod clock;
pub mod config;
pub mod mail;
pub mod password;
mod random;
pub mod restore;
pub mod session;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod token;

pub use client::ClientInfo;
pub use clock::{Clock, SystemClock, Timestamp};
pub use random::{OsRandom, Random, RandomError};

/// A complete authentication (stub until actions land).
pub struct Auth;
