//! Accounts, sessions, mail jobs and counts of attempts in an SQL database: SQLite under the feature `sqlite`, which
//! is on by default, PostgreSQL (13 and later) under `postgres`, and MariaDB (10.6 and later) or
//! MySQL (8.0.17 and later) under `mysql`. A server is reached over TLS where it offers that
//! (rustls); nothing of it was tried on MySQL itself, only on MariaDB.
//!
//! ```
//! use auth_sqlx::SqlStore;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite://{}/app.db", folder.path().display());
//! let store = SqlStore::connect(&url).await?; // creates what is missing
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    expect(dead_code, clippy::unused_async, reason = "without a driver there is nothing to open")
)]

mod attempt;
mod connect;
mod django;
mod driver;
#[cfg(test)]
mod explained;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod failure;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod held;
mod joint;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod migrations;
#[cfg(feature = "mysql")]
mod mysql;
mod outbox;
#[cfg(feature = "postgres")]
mod postgres;
mod row;
mod session;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod user;
mod value;

pub use connect::ConnectError;
pub use django::{DjangoStore, DjangoTable, DjangoTableFault};
pub use sqlx;
pub use store::SqlStore;
