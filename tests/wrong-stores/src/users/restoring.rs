//! Restoring tokens that are found too easily, and restores that need too little.

use async_trait::async_trait;
use auth_core::account::User;
use auth_core::store::{Cas, EpochRule, MemoryStore, PresentedRestore, StoreError, UserStore};

use super::{Given, look};
use crate::WrongStore;
use crate::delegate::{Link, Restore, UserFault, wrong};

pub(crate) fn all() -> Vec<WrongStore<dyn UserStore>> {
    vec![
        wrong!(FindsByThePrefix: "finds a restoring token by its first characters"
            lacks a_restoring_token_is_compared_as_a_whole),
        wrong!(ChecksThenRestores: "checks all of a restore, then writes"
            lacks uses_of_one_restoring_token, a_restore_against_a_change),
        wrong!(RestoresWithoutTheToken: "restores without the token in the condition"
            lacks a_restore_needs_the_live_token),
        wrong!(RestoresWithoutThePassword: "restores without the hash in the condition"
            lacks a_restore_needs_the_password_that_was_read),
        wrong!(RestoresWithoutTheAddress: "restores without the address in the condition"
            lacks a_restore_needs_the_address_that_was_read),
        wrong!(RestoresWithoutTheEpoch: "restores without the epoch in the condition"
            lacks a_restore_needs_the_epoch_that_was_read),
        wrong!(RestoresTheInactive: "restores without the activity in the condition"
            lacks an_inactive_account_is_not_restored),
        wrong!(KeepsTheUsedToken: "leaves the restoring token after its use"
            lacks a_used_restoring_token_finds_nobody),
        wrong!(RestoresInTheSameEpoch: "restores and leaves the epoch" lacks a_restore_begins_an_epoch),
        wrong!(BurnsTheTokenFirst: "ends the token in one write and sets the password in the next"
            lacks a_dropped_restore_leaves_everything_or_nothing),
    ]
}

#[derive(Default)]
struct FindsByThePrefix(Given);

#[async_trait]
impl UserFault for FindsByThePrefix {
    async fn set_restoring_token(&self, memory: &MemoryStore, (id, digest): Link<'_>) -> Result<(), StoreError> {
        self.0.note(id, digest);
        memory.set_restoring_token(id, digest).await
    }

    async fn by_restoring_token(
        &self,
        memory: &MemoryStore,
        presented: &PresentedRestore,
    ) -> Result<Option<User>, StoreError> {
        let mut presented = presented.clone();
        let Some(digest) = self.0.beginning_like(&presented.digest) else { return Ok(None) };
        presented.digest = digest;
        memory.by_restoring_token(&presented).await
    }
}

#[derive(Default)]
struct ChecksThenRestores(Given);

#[async_trait]
impl UserFault for ChecksThenRestores {
    async fn set_restoring_token(&self, memory: &MemoryStore, (id, digest): Link<'_>) -> Result<(), StoreError> {
        self.0.note(id, digest);
        memory.set_restoring_token(id, digest).await
    }

    async fn restore_password(
        &self,
        memory: &MemoryStore,
        (proof, new, epoch): Restore<'_>,
    ) -> Result<Option<User>, StoreError> {
        let Some(user) = look(memory, &proof.user).await? else { return Ok(None) };
        let unchanged = user.is_active
            && user.password == proof.password
            && user.email == proof.email
            && user.epoch == proof.epoch
            && self.0.to(&proof.user).as_ref() == Some(&proof.digest);
        if !unchanged {
            return Ok(None);
        }
        let _ = memory.set_password(&proof.user, None, new, EpochRule::New(epoch)).await?;
        memory.by_id(&proof.user).await
    }
}

#[derive(Default)]
struct RestoresWithoutTheToken(Given);

#[async_trait]
impl UserFault for RestoresWithoutTheToken {
    async fn set_restoring_token(&self, memory: &MemoryStore, (id, digest): Link<'_>) -> Result<(), StoreError> {
        self.0.note(id, digest);
        memory.set_restoring_token(id, digest).await
    }

    async fn restore_password(
        &self,
        memory: &MemoryStore,
        (proof, new, epoch): Restore<'_>,
    ) -> Result<Option<User>, StoreError> {
        let mut proof = proof.clone();
        proof.digest = self.0.to(&proof.user).unwrap_or(proof.digest);
        memory.restore_password(&proof, new, epoch).await
    }
}

/// A restore in whose condition something is not as it was read but as it is.
macro_rules! restores_without {
    ($($fault:ident: $field:ident;)*) => {$(
        #[derive(Default)]
        struct $fault;

        #[async_trait]
        impl UserFault for $fault {
            async fn restore_password(&self, memory: &MemoryStore, (proof, new, epoch): Restore<'_>) -> Result<Option<User>, StoreError> {
                let Some(user) = memory.by_id(&proof.user).await? else { return Ok(None) };
                let mut proof = proof.clone();
                proof.$field = user.$field;
                memory.restore_password(&proof, new, epoch).await
            }
        }
    )*};
}

restores_without! {
    RestoresWithoutThePassword: password;
    RestoresWithoutTheAddress: email;
    RestoresWithoutTheEpoch: epoch;
}

#[derive(Default)]
struct RestoresTheInactive;

#[async_trait]
impl UserFault for RestoresTheInactive {
    async fn restore_password(
        &self,
        memory: &MemoryStore,
        (proof, new, epoch): Restore<'_>,
    ) -> Result<Option<User>, StoreError> {
        let user = memory.by_id(&proof.user).await?;
        if user.is_some_and(|user| !user.is_active) {
            let rule = EpochRule::New(epoch);
            let written = memory.set_password(&proof.user, Some(&proof.password), new, rule).await?;
            return if written == Cas::Won { memory.by_id(&proof.user).await } else { Ok(None) };
        }
        memory.restore_password(proof, new, epoch).await
    }
}

#[derive(Default)]
struct KeepsTheUsedToken;

#[async_trait]
impl UserFault for KeepsTheUsedToken {
    async fn restore_password(
        &self,
        memory: &MemoryStore,
        (proof, new, epoch): Restore<'_>,
    ) -> Result<Option<User>, StoreError> {
        let restored = memory.restore_password(proof, new, epoch).await?;
        if restored.is_some() {
            memory.set_restoring_token(&proof.user, Some(&proof.digest)).await?;
        }
        Ok(restored)
    }
}

#[derive(Default)]
struct RestoresInTheSameEpoch;

#[async_trait]
impl UserFault for RestoresInTheSameEpoch {
    async fn restore_password(
        &self,
        memory: &MemoryStore,
        (proof, new, _): Restore<'_>,
    ) -> Result<Option<User>, StoreError> {
        memory.restore_password(proof, new, proof.epoch.clone()).await
    }
}

#[derive(Default)]
struct BurnsTheTokenFirst;

#[async_trait]
impl UserFault for BurnsTheTokenFirst {
    async fn restore_password(
        &self,
        memory: &MemoryStore,
        (proof, new, epoch): Restore<'_>,
    ) -> Result<Option<User>, StoreError> {
        // The write decides who has used the token up; what it is worth comes afterwards.
        let Some(_) = memory.restore_password(proof, &proof.password, proof.epoch.clone()).await? else {
            return Ok(None);
        };
        tokio::task::yield_now().await;
        let rule = EpochRule::New(epoch);
        let written = memory.set_password(&proof.user, Some(&proof.password), new, rule).await?;
        if written == Cas::Won { memory.by_id(&proof.user).await } else { Ok(None) }
    }
}
