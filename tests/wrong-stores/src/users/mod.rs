pub(crate) mod conflicts;
pub(crate) mod credential;
pub(crate) mod restoring;
pub(crate) mod text;

use auth_core::account::{User, UserId};
use auth_core::store::{MemoryStore, StoreError, UserStore as _};

/// A first look at an account, as a store takes it that decides before it writes.
async fn look(memory: &MemoryStore, id: &UserId) -> Result<Option<User>, StoreError> {
    let seen = memory.by_id(id).await;
    tokio::task::yield_now().await;
    seen
}
