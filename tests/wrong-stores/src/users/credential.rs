//! Writes of the password, the activity and the epoch that do too little, too much, or half.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::{Epoch, NewUser, User, UserId};
use auth_core::store::{Cas, EpochRule, MemoryStore, StoreError, UserStore};
use tokio::task::yield_now;

use super::{Given, look};
use crate::WrongStore;
use crate::delegate::{Activity, Change, Link, UserFault, wrong};

pub(crate) fn all() -> Vec<WrongStore<dyn UserStore>> {
    vec![
        wrong!(IgnoresTheRowCount: "takes a write that matched no row for done"
            lacks a_password_is_replaced_only_if_it_is_the_one_that_was_read, writes_to_no_account_do_nothing,
            changes_of_one_password, a_restore_against_a_change),
        wrong!(ComparesThenOverwrites: "compares the hash, then overwrites it"
            lacks changes_of_one_password, a_rehash_against_a_change, a_restore_against_a_change),
        wrong!(LeavesTheEpochAlone: "changes the password and not the epoch" lacks a_new_password_begins_an_epoch),
        wrong!(LeavesTheLinkAlone: "changes the password and leaves the restoring token"
            lacks a_new_password_ends_the_restoring_token),
        wrong!(RehashEndsSessions: "begins an epoch at a rehash" lacks a_rehash_ends_nothing),
        wrong!(DeactivatesOnly: "deactivates and leaves the epoch"
            lacks a_changed_activity_begins_an_epoch_and_ends_the_restoring_token),
        wrong!(DerivesTheEpochFromTheActivity: "derives the epoch from the activity"
            lacks an_epoch_never_comes_back),
        wrong!(ReturnsTheEpochThatWas: "returns the epoch that was"
            lacks a_new_epoch_is_returned_and_ends_the_restoring_token),
        wrong!(SignInBeginsAnEpoch: "begins an epoch at a sign-in" lacks a_sign_in_is_noted),
        wrong!(ForgetsTheWhere: "ends the restoring tokens of everybody"
            lacks a_write_leaves_other_accounts_alone),
        wrong!(ChangesInHalves: "changes the password in one write and the epoch in the next"
            lacks a_dropped_change_of_password_leaves_everything_or_nothing),
        wrong!(DeactivatesInHalves: "begins an epoch in one write and deactivates in the next"
            lacks a_dropped_change_of_activity_leaves_everything_or_nothing),
    ]
}

#[derive(Default)]
struct IgnoresTheRowCount;

#[async_trait]
impl UserFault for IgnoresTheRowCount {
    async fn set_password(&self, memory: &MemoryStore, (id, read, new, epoch): Change<'_>) -> Result<Cas, StoreError> {
        let _ = memory.set_password(id, read, new, epoch).await?;
        Ok(Cas::Won)
    }
}

#[derive(Default)]
struct ComparesThenOverwrites;

#[async_trait]
impl UserFault for ComparesThenOverwrites {
    async fn set_password(&self, memory: &MemoryStore, (id, read, new, epoch): Change<'_>) -> Result<Cas, StoreError> {
        let seen = look(memory, id).await?;
        if seen.is_some_and(|user| read.is_none_or(|read| *read == user.password)) {
            return memory.set_password(id, None, new, epoch).await;
        }
        Ok(Cas::Lost)
    }
}

#[derive(Default)]
struct LeavesTheEpochAlone;

#[async_trait]
impl UserFault for LeavesTheEpochAlone {
    async fn set_password(&self, memory: &MemoryStore, (id, read, new, epoch): Change<'_>) -> Result<Cas, StoreError> {
        let written = memory.set_password(id, read, new, EpochRule::Keep).await?;
        if written == Cas::Won && epoch != EpochRule::Keep {
            memory.set_restoring_token(id, None).await?;
        }
        Ok(written)
    }
}

#[derive(Default)]
struct LeavesTheLinkAlone(Given);

#[async_trait]
impl UserFault for LeavesTheLinkAlone {
    async fn set_restoring_token(&self, memory: &MemoryStore, (id, digest): Link<'_>) -> Result<(), StoreError> {
        self.0.note(id, digest);
        memory.set_restoring_token(id, digest).await
    }

    async fn set_password(&self, memory: &MemoryStore, (id, read, new, epoch): Change<'_>) -> Result<Cas, StoreError> {
        let written = memory.set_password(id, read, new, epoch).await?;
        if let (Cas::Won, Some(digest)) = (written, self.0.to(id)) {
            memory.set_restoring_token(id, Some(&digest)).await?;
        }
        Ok(written)
    }
}

#[derive(Default)]
struct RehashEndsSessions;

#[async_trait]
impl UserFault for RehashEndsSessions {
    async fn set_password(&self, memory: &MemoryStore, (id, read, new, epoch): Change<'_>) -> Result<Cas, StoreError> {
        let epoch = match epoch {
            EpochRule::Keep => EpochRule::New(Epoch::stored("of a rehash")),
            changed @ EpochRule::New(_) => changed,
        };
        memory.set_password(id, read, new, epoch).await
    }
}

#[derive(Default)]
struct DeactivatesOnly;

#[async_trait]
impl UserFault for DeactivatesOnly {
    async fn set_active(&self, memory: &MemoryStore, (id, active, _): Activity<'_>) -> Result<(), StoreError> {
        match memory.by_id(id).await? {
            Some(user) => memory.set_active(id, active, user.epoch).await,
            None => Ok(()),
        }
    }
}

#[derive(Default)]
struct DerivesTheEpochFromTheActivity;

#[async_trait]
impl UserFault for DerivesTheEpochFromTheActivity {
    async fn set_active(&self, memory: &MemoryStore, (id, active, _): Activity<'_>) -> Result<(), StoreError> {
        memory.set_active(id, active, Epoch::stored(format!("{id} {active}"))).await
    }
}

#[derive(Default)]
struct ReturnsTheEpochThatWas;

#[async_trait]
impl UserFault for ReturnsTheEpochThatWas {
    async fn set_epoch(&self, memory: &MemoryStore, (id, epoch): (&UserId, Epoch)) -> Result<Epoch, StoreError> {
        let before = memory.by_id(id).await?;
        let now = memory.set_epoch(id, epoch).await?;
        Ok(before.map_or(now, |user| user.epoch))
    }
}

#[derive(Default)]
struct SignInBeginsAnEpoch;

#[async_trait]
impl UserFault for SignInBeginsAnEpoch {
    async fn signed_in(&self, memory: &MemoryStore, (id, at): (&UserId, Timestamp)) -> Result<(), StoreError> {
        let _ = memory.set_epoch(id, Epoch::stored("of a sign-in")).await?;
        memory.signed_in(id, at).await
    }
}

#[derive(Default)]
struct ForgetsTheWhere(Mutex<Vec<UserId>>);

#[async_trait]
impl UserFault for ForgetsTheWhere {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        let user = memory.insert(new).await?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(user.id.clone());
        Ok(user)
    }

    async fn set_epoch(&self, memory: &MemoryStore, (id, epoch): (&UserId, Epoch)) -> Result<Epoch, StoreError> {
        let everybody = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for somebody in &everybody {
            memory.set_restoring_token(somebody, None).await?;
        }
        memory.set_epoch(id, epoch).await
    }
}

#[derive(Default)]
struct ChangesInHalves;

#[async_trait]
impl UserFault for ChangesInHalves {
    async fn set_password(&self, memory: &MemoryStore, (id, read, new, epoch): Change<'_>) -> Result<Cas, StoreError> {
        let written = memory.set_password(id, read, new, EpochRule::Keep).await?;
        if let (Cas::Won, EpochRule::New(epoch)) = (written, epoch) {
            yield_now().await;
            let _ = memory.set_epoch(id, epoch).await?;
        }
        Ok(written)
    }
}

#[derive(Default)]
struct DeactivatesInHalves;

#[async_trait]
impl UserFault for DeactivatesInHalves {
    async fn set_active(&self, memory: &MemoryStore, (id, active, epoch): Activity<'_>) -> Result<(), StoreError> {
        let epoch = memory.set_epoch(id, epoch).await?;
        yield_now().await;
        memory.set_active(id, active, epoch).await
    }
}
