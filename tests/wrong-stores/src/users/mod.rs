pub(crate) mod conflicts;
pub(crate) mod credential;
pub(crate) mod restoring;
pub(crate) mod text;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use auth_core::account::{User, UserId};
use auth_core::restore::TokenDigest;
use auth_core::store::{MemoryStore, StoreError, UserStore as _};

/// A first look at an account, as a store takes it that decides before it writes.
async fn look(memory: &MemoryStore, id: &UserId) -> Result<Option<User>, StoreError> {
    let seen = memory.by_id(id).await;
    tokio::task::yield_now().await;
    seen
}

/// Which token an account was given last.
#[derive(Default)]
struct Given(Mutex<HashMap<UserId, TokenDigest>>);

impl Given {
    fn note(&self, id: &UserId, digest: Option<&TokenDigest>) {
        let given = digest.map(|digest| (id.clone(), digest.clone()));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(given);
    }

    fn to(&self, id: &UserId) -> Option<TokenDigest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn beginning_like(&self, digest: &TokenDigest) -> Option<TokenDigest> {
        let begin: String = digest.as_str().chars().take(8).collect();
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.values().find(|digest| digest.as_str().starts_with(&begin)).cloned()
    }
}
