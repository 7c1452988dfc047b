use std::sync::Arc;

use async_trait::async_trait;

use super::ReadCache;
use super::shelf::Shelf;
use crate::account::{CanonicalEmail, Epoch, Login, NewUser, User, UserId};
use crate::clock::{Clock, Timestamp};
use crate::password::PasswordHash;
use crate::restore::TokenDigest;
use crate::store::{Cas, EpochRule, PresentedRestore, RestoreProof, StoreError, UserStore};

/// Remembers users by their id. Whoever is looked up to prove something is read anew.
pub(super) struct CachedUsers {
    inner: Arc<dyn UserStore>,
    pub(super) shelf: Shelf<UserId, User>,
}

impl CachedUsers {
    pub(super) fn new(inner: Arc<dyn UserStore>, settings: &ReadCache, clock: &Arc<dyn Clock>) -> Self {
        Self { inner, shelf: Shelf::new(settings, clock) }
    }
}

#[async_trait]
impl UserStore for CachedUsers {
    async fn insert(&self, new: NewUser) -> Result<User, StoreError> {
        self.inner.insert(new).await
    }

    async fn by_id(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        self.shelf.get(id, || self.inner.by_id(id)).await
    }

    async fn by_login(&self, login: &Login) -> Result<Option<User>, StoreError> {
        self.inner.by_login(login).await
    }

    async fn by_email(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        self.inner.by_email(email).await
    }

    async fn by_restoring_token(&self, presented: &PresentedRestore) -> Result<Option<User>, StoreError> {
        self.inner.by_restoring_token(presented).await
    }

    async fn set_password(
        &self,
        id: &UserId,
        read: Option<&PasswordHash>,
        new: &PasswordHash,
        epoch: EpochRule,
    ) -> Result<Cas, StoreError> {
        let _forgotten = self.shelf.writing(id);
        self.inner.set_password(id, read, new, epoch).await
    }

    async fn set_restoring_token(&self, id: &UserId, digest: Option<&TokenDigest>) -> Result<(), StoreError> {
        let _forgotten = self.shelf.writing(id);
        self.inner.set_restoring_token(id, digest).await
    }

    async fn restore_password(
        &self,
        proof: &RestoreProof,
        new: &PasswordHash,
        epoch: Epoch,
    ) -> Result<Option<User>, StoreError> {
        let _forgotten = self.shelf.writing(&proof.user);
        self.inner.restore_password(proof, new, epoch).await
    }

    async fn set_active(&self, id: &UserId, active: bool, epoch: Epoch) -> Result<(), StoreError> {
        let _forgotten = self.shelf.writing(id);
        self.inner.set_active(id, active, epoch).await
    }

    async fn set_epoch(&self, id: &UserId, epoch: Epoch) -> Result<Epoch, StoreError> {
        let _forgotten = self.shelf.writing(id);
        self.inner.set_epoch(id, epoch).await
    }

    async fn signed_in(&self, id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        let _forgotten = self.shelf.writing(id);
        self.inner.signed_in(id, at).await
    }
}
