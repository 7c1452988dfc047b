//! The suite that every store must pass, ours and a host's own: one function per property of the
//! traits, named after it, which panics where the store has not that property.
//!
//! [`user_store_suite!`](crate::user_store_suite) and [`store_suite!`](crate::store_suite) make a
//! `#[test]` of each. Here they are as functions, to be run on an empty store that nothing else
//! uses:
//!
//! ```
//! use auth_core::store::{IntoStores, MemoryStore};
//! use auth_core::testing::store;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store = MemoryStore::default();
//! store::users::a_taken_name_is_a_conflict(&store).await;
//! store::sessions::run_all(&store).await;
//! let stores = store.into_stores();
//! let tallies = store::races::run_all(&[stores.clone(), stores], 2).await;
//! assert!(tallies.iter().all(|tally| tally.winners > 0));
//! # }
//! ```
//!
//! What a property may not ask of a table that existed before: it draws its own keys, it derives
//! its epochs, its roles and attributes are columns of its own, and it may refuse text that is too
//! long for a column or holds a NUL. [`attributes`] is for stores that keep any attribute.

mod actors;
pub mod attempts;
pub mod attributes;
mod catalogue;
pub mod joint;
mod macros;
pub mod outbox;
mod property;
pub mod races;
pub mod sessions;
pub mod users;

pub use macros::ROUNDS;
#[doc(hidden)]
pub use macros::{Fresh, try_stores, try_users};
pub use property::Property;

use crate::store::Stores;

/// Every promise of the traits, without the races.
pub async fn run_all(stores: &Stores) {
    users::run_all(&*stores.users).await;
    sessions::run_all(&*stores.sessions).await;
    joint::run_all(stores).await;
    outbox::run_all(&*stores.outbox).await;
    attempts::run_all(&*stores.attempts).await;
}
