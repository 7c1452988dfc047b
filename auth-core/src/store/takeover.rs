use async_trait::async_trait;

use super::{Cas, StoreError};
use crate::account::{Epoch, UserId};
use crate::clock::Timestamp;
use crate::restore::LegacyRestoreToken;
use crate::session::{NewSession, SessionId};

/// What is known of the tokens that another service issued on the same table, before this one or
/// beside it. They name no session; each stands for the one whose id is made of its text, and is
/// that session's generation 0.
#[async_trait]
pub trait TakeoverStore: Send + Sync + 'static {
    /// When the takeover began.
    fn taken_at(&self) -> Timestamp;

    /// The epoch that an account's old tokens belong to; `None` without such an account.
    ///
    /// # Contract
    /// That of the moment at which this table was taken over. An account that was made later gets
    /// its present one, by an insert that does nothing where there is one already.
    async fn snapshot(&self, user: &UserId) -> Result<Option<Epoch>, StoreError>;

    /// Whether an old token has become a session or was ended. It stays so after the session has
    /// gone, until [`forget_spent`](Self::forget_spent).
    async fn is_spent(&self, token: &SessionId) -> Result<bool, StoreError>;

    /// Makes of an old token the session that it stands for, once.
    ///
    /// # Contract
    /// One transaction: the token is noted as spent unless it is already, and only whoever noted it
    /// stores the session, where the [`SessionStore`](super::SessionStore) finds it.
    /// [`Cas::Lost`] when it was spent.
    async fn adopt(&self, session: NewSession) -> Result<Cas, StoreError>;

    /// Ends an old token that is no session yet; [`Cas::Lost`] when it was spent.
    async fn end(&self, user: &UserId, token: &SessionId) -> Result<Cas, StoreError>;

    /// Forgets at most `limit` spent tokens; how many there were. It is called when no old token is
    /// accepted any more.
    async fn forget_spent(&self, limit: u32) -> Result<u64, StoreError>;

    /// Takes a restoring token out of the column; [`Cas::Lost`] when it does not stand there.
    async fn forget_restoring_token(&self, token: &LegacyRestoreToken) -> Result<Cas, StoreError>;
}
