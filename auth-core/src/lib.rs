//! Account authentication for web applications: sign-up, sign-in, refresh, restore by mail,
//! validation, the user of a token and sign-out. No web framework and no SQL live here.
//!
//! Everything begins with [`Auth::builder`]. Every action is a function on [`Auth`]; [`http`] puts
//! the documented JSON interface over them, and the crates `auth-axum` and `auth-actix` mount it.
//!
//! - Values: [`account`], [`password`], [`token`], [`session`], [`restore`],
//!   [`throttle`], [`mail`].
//! - What a store must do: [`store`].
//! - [`config`]: the settings. [`actions`]: what the actions take and give.

mod auth;
mod client;
mod clock;
mod delivery;
#[cfg(test)]
mod documentation;
mod error;
mod event;
mod fault;
mod metrics;
mod random;

pub mod account;
pub mod actions;
pub mod config;
pub mod http;
pub mod mail;
pub mod password;
pub mod restore;
pub mod session;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod throttle;
pub mod token;

pub use auth::{Auth, AuthBuilder};
pub use client::ClientInfo;
pub use clock::{Clock, SystemClock, Timestamp};
pub use config::{ConfigError, Settings};
pub use delivery::DeliveryReport;
pub use error::{AuthError, FieldFault, Revocation};
pub use event::{Action, AuthEvent, EventSink, Outcome};
pub use random::{OsRandom, Random, RandomError};
pub use store::Stores;
