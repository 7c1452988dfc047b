use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::{Cas, StoreError};
use crate::clock::Timestamp;
use crate::mail::MessageKind;

/// The mail jobs that are still to be done. Durable: what was put is done at least once, also
/// after a crash.
#[async_trait]
pub trait OutboxStore: Send + Sync + 'static {
    /// Stores a job, due at once.
    async fn put(&self, job: NewJob) -> Result<(), StoreError>;

    /// Takes due jobs for `worker` until `now + lease`, at most `limit` of them, the oldest first.
    ///
    /// # Contract
    /// - Atomic: a job is leased to one worker at a time. A lease that has run out counts as none.
    /// - Of the jobs of one [`JobGroup`] only the newest is given; older ones are dropped. While
    ///   one job of a group is leased no other of that group is given.
    /// - A claim counts as an attempt: [`Job::attempts`] includes this one.
    /// - Dead jobs are kept, but never given, and dropped by [`purge_dead`](Self::purge_dead) alone.
    async fn claim(
        &self,
        worker: &WorkerId,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError>;

    /// Says how a leased job ended; [`Cas::Lost`] when `worker` no longer holds its lease.
    async fn finish(&self, id: &JobId, worker: &WorkerId, how: Delivery, now: Timestamp) -> Result<Cas, StoreError>;

    /// Forgets at most `limit` dead jobs that were asked for before this moment, the oldest first;
    /// how many there were.
    ///
    /// # Contract
    /// A job that may still be given stays, however old it is.
    async fn purge_dead(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

macro_rules! text_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// As a store has it.
            #[must_use]
            pub fn stored(text: impl Into<Box<str>>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

text_key! {
    /// The key of a job: random, at most 64 characters.
    JobId
}
text_key! {
    /// Jobs of one group replace each other: a keyed digest of kind and address, 64 characters.
    JobGroup
}
text_key! {
    /// One worker of one process, at most 64 characters.
    WorkerId
}

/// A job to store.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Random.
    pub id: JobId,
    /// What is to be mailed.
    pub kind: MessageKind,
    /// Which other jobs it replaces.
    pub group: JobGroup,
    /// What the worker needs, encrypted: the table shows no address.
    pub sealed: Sealed,
    /// When it was asked for; a restoring token counts its life from here.
    pub created_at: Timestamp,
}

/// A leased job.
#[derive(Debug, Clone)]
pub struct Job {
    /// The key.
    pub id: JobId,
    /// What is to be mailed.
    pub kind: MessageKind,
    /// What the worker needs, encrypted.
    pub sealed: Sealed,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// An encrypted payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Box<str>);

impl Sealed {
    /// As a store has it.
    #[must_use]
    pub fn stored(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text, for a store; at most 2,000 ASCII characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Done: forget it.
    Done,
    /// Try again from this moment on.
    RetryAt(Timestamp),
    /// Never: keep it for the operator with the reason, which holds no secret, until
    /// [`purge_dead`](OutboxStore::purge_dead) forgets it.
    Dead(String),
}
