use async_trait::async_trait;

use super::StoreError;
use crate::account::UserId;
use crate::clock::Timestamp;
use crate::session::{NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor};

/// The table of sessions. It never reads accounts: a session carries the epoch that was seen when
/// the password was checked.
#[async_trait]
pub trait SessionStore: Send + Sync + 'static {
    /// Stores a new session.
    async fn open(&self, session: NewSession) -> Result<(), StoreError>;

    /// The session with this id, if it has not been ended.
    async fn get(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// Replaces the token of a session.
    ///
    /// # Contract
    /// One conditional write decides: generation, token, `rotated_at` and client change `WHERE id
    /// = ? AND generation = presented AND now < absolute_end AND now - rotated_at < idle`. Only
    /// when it found no row is the session read and [`judge`](crate::session::judge) asked. A
    /// session that was reused or has expired is ended before the answer.
    async fn rotate(
        &self,
        presented: Presented,
        next: Successor,
        now: Timestamp,
        policy: &RotationPolicy,
    ) -> Result<Rotation, StoreError>;

    /// All sessions of an account, the newest first.
    async fn list(&self, user: &UserId) -> Result<Vec<Session>, StoreError>;

    /// Ends sessions; how many there were.
    async fn revoke(&self, what: Revoke<'_>) -> Result<u64, StoreError>;

    /// Forgets at most `limit` sessions whose absolute end lies before `now`; how many there were.
    async fn purge_expired(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Which sessions to end.
#[derive(Debug, Clone, Copy)]
pub enum Revoke<'a> {
    /// One session, if it is this account's.
    One(&'a UserId, &'a SessionId),
    /// Every session of the account.
    All(&'a UserId),
}
