use std::sync::Arc;

use async_trait::async_trait;

use super::ReadCache;
use super::shelf::Shelf;
use crate::account::UserId;
use crate::clock::{Clock, Timestamp};
use crate::session::{NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor};
use crate::store::{Revoke, SessionStore, StoreError};

/// Remembers sessions by their id. A rotation is decided by the store alone.
pub(super) struct CachedSessions {
    inner: Arc<dyn SessionStore>,
    pub(super) shelf: Shelf<SessionId, Session>,
}

impl CachedSessions {
    pub(super) fn new(inner: Arc<dyn SessionStore>, settings: &ReadCache, clock: &Arc<dyn Clock>) -> Self {
        Self { inner, shelf: Shelf::new(settings, clock) }
    }
}

#[async_trait]
impl SessionStore for CachedSessions {
    async fn open(&self, session: NewSession) -> Result<(), StoreError> {
        self.inner.open(session).await
    }

    async fn get(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        self.shelf.get(id, || self.inner.get(id)).await
    }

    async fn rotate(
        &self,
        presented: Presented,
        next: Successor,
        now: Timestamp,
        policy: &RotationPolicy,
    ) -> Result<Rotation, StoreError> {
        let id = presented.session.clone();
        let _forgotten = self.shelf.writing(&id);
        self.inner.rotate(presented, next, now, policy).await
    }

    async fn list(&self, user: &UserId) -> Result<Vec<Session>, StoreError> {
        self.inner.list(user).await
    }

    async fn revoke(&self, what: Revoke<'_>) -> Result<u64, StoreError> {
        match what {
            Revoke::One(_, id) => {
                let _forgotten = self.shelf.writing(id);
                self.inner.revoke(what).await
            }
            Revoke::All(user) => {
                let _forgotten = self.shelf.writing_all(|session| session.user == *user);
                self.inner.revoke(what).await
            }
        }
    }

    async fn purge_expired(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        // Which ones they are is the store's secret; whoever expires has to be gone here too.
        let _forgotten = self.shelf.writing_all(|_| true);
        self.inner.purge_expired(now, limit).await
    }
}
