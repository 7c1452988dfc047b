//! The suite that every store must pass, ours and a host's own: one function per promise of the
//! traits, named after it, which panics where the promise is broken.
//!
//! Run it on an empty store that nothing else uses:
//!
//! ```
//! use auth_core::store::{IntoStores, MemoryStore};
//! use auth_core::testing::store;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store = MemoryStore::default();
//! store::users::run_all(&store).await;
//! let stores = store.into_stores();
//! let tallies = store::races::run_all(&[stores.clone(), stores], 2).await;
//! assert_eq!(tallies.len(), 12);
//! # }
//! ```

mod actors;
pub mod attempts;
pub mod outbox;
pub mod races;
pub mod sessions;
pub mod users;

use crate::store::Stores;

/// Every promise of the four traits, without the races.
pub async fn run_all(stores: &Stores) {
    users::run_all(&*stores.users).await;
    sessions::run_all(&*stores.sessions).await;
    outbox::run_all(&*stores.outbox).await;
    attempts::run_all(&*stores.attempts).await;
}
