//! Everything in memory: for tests, for trying things out, never for what must outlive a process.

mod attempt;
mod outbox;
mod session;
mod user;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use attempt::Attempts;
use outbox::Outbox;
use session::Sessions;
use user::Users;

/// Accounts, sessions, mail jobs and counts of attempts in memory. Clones share them; they end with
/// the last clone. Of the counts, only the 131,072 that matter most are kept.
///
/// ```
/// use auth_core::store::{IntoStores, MemoryStore};
///
/// let store = MemoryStore::default();
/// let stores = store.clone().into_stores();
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore {
    users: Shared<Users>,
    sessions: Shared<Sessions>,
    outbox: Shared<Outbox>,
    attempts: Shared<Attempts>,
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore(..)")
    }
}

/// One table. Every verb holds its lock from the first look to the last write and never across an
/// await.
#[derive(Default)]
struct Shared<T>(Arc<Mutex<T>>);

impl<T> Shared<T> {
    /// A panic under the lock leaves whole records behind, so that the table stays in use.
    fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryStore;
    use crate::store::IntoStores;
    use crate::testing::store::{self, attributes, races};

    mod suite {
        use super::MemoryStore;

        crate::store_suite!(fresh);

        async fn fresh() -> [MemoryStore; 2] {
            let store = MemoryStore::default();
            [store.clone(), store]
        }
    }

    #[tokio::test]
    async fn keeps_any_attribute() {
        attributes::any_attribute_comes_back_unchanged(&MemoryStore::default()).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    #[expect(clippy::print_stdout, reason = "how each race went")]
    async fn has_one_winner_in_every_race() {
        let store = MemoryStore::default();
        let instances = [store.clone().into_stores(), store.into_stores()];
        for tally in races::run_all(&instances, 50).await {
            println!("memory: {tally}");
        }
    }

    #[tokio::test]
    async fn a_panic_under_the_lock_does_not_end_the_store() {
        let store = MemoryStore::default();
        let other = store.clone();
        let panicked = std::thread::spawn(move || {
            let _guard = other.users.lock();
            panic!("under the lock");
        });
        assert!(panicked.join().is_err());
        store::users::run_all(&store).await;
    }

    #[test]
    fn debug_shows_nothing_of_what_is_kept() {
        assert_eq!(format!("{:?}", MemoryStore::default()), "MemoryStore(..)");
    }
}
