//! Accounts, sessions and mail jobs in an SQL database: SQLite under the feature `sqlite`, which
//! is on by default.
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
    not(feature = "sqlite"),
    expect(dead_code, clippy::unused_async, reason = "without a driver there is nothing to open")
)]

mod connect;
mod driver;
mod outbox;
mod row;
mod session;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod user;

pub use connect::ConnectError;
pub use sqlx;
pub use store::SqlStore;
