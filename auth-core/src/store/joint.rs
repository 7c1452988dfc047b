use async_trait::async_trait;

use super::{SessionStore, StoreError, UserStore};
use crate::account::User;
use crate::session::{Session, SessionId};

/// Accounts and sessions in one place, which reads both in one go: what every request with a token
/// asks for costs one round trip then, and not two.
///
/// It is optional: a store that has it says so by [`UserStore::joint`], and
/// `auth_core::store_suite!` (feature `testing`) tries it.
#[async_trait]
pub trait JointStore: UserStore + SessionStore {
    /// The session with this id, if it has not been ended, and its account, if that is there.
    ///
    /// # Contract
    /// Both as [`SessionStore::get`] and [`UserStore::by_id`] give them, and by one statement, so that
    /// they are of one moment. (The suite does not try the last.)
    async fn session_and_user(&self, id: &SessionId) -> Result<Option<(Session, Option<User>)>, StoreError>;
}
