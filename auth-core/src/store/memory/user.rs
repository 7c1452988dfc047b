use std::collections::HashMap;

use async_trait::async_trait;

use super::MemoryStore;
use crate::account::{CanonicalEmail, Epoch, Login, NewUser, User, UserId};
use crate::clock::Timestamp;
use crate::password::PasswordHash;
use crate::restore::TokenDigest;
use crate::store::{Cas, EpochRule, PresentedRestore, RestoreProof, StoreError, Unique, UserStore};

/// The accounts and their two unique indexes.
#[derive(Default)]
pub(super) struct Users {
    rows: HashMap<UserId, Row>,
    logins: HashMap<Box<str>, UserId>,
    emails: HashMap<CanonicalEmail, UserId>,
}

struct Row {
    user: User,
    restoring_token: Option<TokenDigest>,
}

#[async_trait]
impl UserStore for MemoryStore {
    async fn insert(&self, new: NewUser) -> Result<User, StoreError> {
        self.users.lock().insert(new)
    }

    async fn by_id(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        Ok(self.users.lock().user(id))
    }

    async fn by_login(&self, login: &Login) -> Result<Option<User>, StoreError> {
        let users = self.users.lock();
        Ok(users.logins.get(login.canonical()).and_then(|id| users.user(id)))
    }

    async fn by_email(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        let users = self.users.lock();
        Ok(users.emails.get(email).and_then(|id| users.user(id)))
    }

    async fn by_restoring_token(&self, presented: &PresentedRestore) -> Result<Option<User>, StoreError> {
        let users = self.users.lock();
        let row = users.rows.values().find(|row| row.restoring_token.as_ref() == Some(&presented.digest));
        Ok(row.map(|row| row.user.clone()))
    }

    async fn set_password(
        &self,
        id: &UserId,
        read: Option<&PasswordHash>,
        new: &PasswordHash,
        epoch: EpochRule,
    ) -> Result<Cas, StoreError> {
        let mut users = self.users.lock();
        let unchanged = |row: &&mut Row| read.is_none_or(|read| *read == row.user.password);
        let Some(row) = users.rows.get_mut(id).filter(unchanged) else { return Ok(Cas::Lost) };
        row.user.password = new.clone();
        if let EpochRule::New(epoch) = epoch {
            row.begin(epoch);
        }
        Ok(Cas::Won)
    }

    async fn set_restoring_token(&self, id: &UserId, digest: Option<&TokenDigest>) -> Result<(), StoreError> {
        if let Some(row) = self.users.lock().rows.get_mut(id) {
            row.restoring_token = digest.cloned();
        }
        Ok(())
    }

    async fn restore_password(
        &self,
        proof: &RestoreProof,
        new: &PasswordHash,
        epoch: Epoch,
    ) -> Result<Option<User>, StoreError> {
        let mut users = self.users.lock();
        let Some(row) = users.rows.get_mut(&proof.user).filter(|row| row.holds(proof)) else { return Ok(None) };
        row.user.password = new.clone();
        row.begin(epoch);
        Ok(Some(row.user.clone()))
    }

    async fn set_active(&self, id: &UserId, active: bool, epoch: Epoch) -> Result<(), StoreError> {
        if let Some(row) = self.users.lock().rows.get_mut(id) {
            row.user.is_active = active;
            row.begin(epoch);
        }
        Ok(())
    }

    async fn set_epoch(&self, id: &UserId, epoch: Epoch) -> Result<Epoch, StoreError> {
        if let Some(row) = self.users.lock().rows.get_mut(id) {
            row.begin(epoch.clone());
        }
        Ok(epoch)
    }

    async fn signed_in(&self, id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        if let Some(row) = self.users.lock().rows.get_mut(id) {
            row.user.last_login = Some(at);
        }
        Ok(())
    }
}

impl Users {
    fn insert(&mut self, new: NewUser) -> Result<User, StoreError> {
        let login = Box::from(new.login.canonical());
        let email = new.email.as_ref().map(|address| address.canonical().clone());
        if self.logins.contains_key(&login) {
            return Err(StoreError::Conflict(Unique::Login));
        }
        if email.as_ref().is_some_and(|email| self.emails.contains_key(email)) {
            return Err(StoreError::Conflict(Unique::Email));
        }
        let user = new.into_user();
        if self.rows.contains_key(&user.id) {
            return Err(StoreError::backend("the id of the new account exists already"));
        }
        self.logins.insert(login, user.id.clone());
        self.emails.extend(email.map(|email| (email, user.id.clone())));
        self.rows.insert(user.id.clone(), Row { user: user.clone(), restoring_token: None });
        Ok(user)
    }

    fn user(&self, id: &UserId) -> Option<User> {
        self.rows.get(id).map(|row| row.user.clone())
    }
}

impl Row {
    /// Ends everything that was issued before.
    fn begin(&mut self, epoch: Epoch) {
        self.user.epoch = epoch;
        self.restoring_token = None;
    }

    fn holds(&self, proof: &RestoreProof) -> bool {
        self.user.is_active
            && self.restoring_token.as_ref() == Some(&proof.digest)
            && self.user.password == proof.password
            && self.user.email == proof.email
            && self.user.epoch == proof.epoch
    }
}
