//! Counts of attempts in Redis (6 and later, or Valkey), for several servers that share them and may
//! lose them: with Redis emptied, everybody has all attempts again. Accounts, sessions and mail stay
//! in another store.
//!
//! ```no_run
//! use auth_core::store::{IntoStores as _, MemoryStore};
//! use auth_redis::RedisStore;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let attempts = RedisStore::connect("redis://127.0.0.1:6379").await?;
//! let stores = MemoryStore::default().into_stores().with_attempts(attempts);
//! # Ok(())
//! # }
//! ```
//!
//! When Redis does not answer, nor does a route that is limited: it is 503, never an open door.

mod attempt;
mod connect;
mod error;
mod eviction;
mod script;
mod store;
#[cfg(test)]
mod tests;

pub use connect::ConnectError;
pub use store::RedisStore;
