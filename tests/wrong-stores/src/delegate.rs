//! The store in memory behind a trait that has its verbs, each to be written otherwise.

use std::time::Duration;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::{CanonicalEmail, Epoch, Login, NewUser, User, UserId};
use auth_core::password::PasswordHash;
use auth_core::restore::TokenDigest;
use auth_core::session::{NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor};
use auth_core::store::{
    AttemptStore, Cas, Delivery, EpochRule, Job, JobId, MemoryStore, NewJob, OutboxStore, PresentedRestore,
    RestoreProof, Revoke, SessionStore, StoreError, UserStore, WorkerId,
};
use auth_core::throttle::{AttemptKey, Held, Reservation, Tier, Verdict};

/// The store in memory with this fault.
pub(crate) struct Faulty<F> {
    pub(crate) memory: MemoryStore,
    pub(crate) fault: F,
}

macro_rules! faults {
    ($(#[$doc:meta])* $fault:ident in $store:ident {
        $(fn $verb:ident($($argument:ident: $type:ty),*) -> $output:ty;)*
    }) => {
        $(#[$doc])*
        #[async_trait]
        pub(crate) trait $fault: Send + Sync + 'static {
            $(async fn $verb(&self, memory: &MemoryStore, $($argument: $type),*) -> Result<$output, StoreError> {
                memory.$verb($($argument),*).await
            })*
        }

        #[async_trait]
        impl<F: $fault> $store for Faulty<F> {
            $(async fn $verb(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                self.fault.$verb(&self.memory, $($argument),*).await
            })*
        }
    };
}

faults! {
    /// What is wrong about a store of accounts.
    UserFault in UserStore {
        fn insert(new: NewUser) -> User;
        fn by_id(id: &UserId) -> Option<User>;
        fn by_login(login: &Login) -> Option<User>;
        fn by_email(email: &CanonicalEmail) -> Option<User>;
        fn by_restoring_token(presented: &PresentedRestore) -> Option<User>;
        fn set_password(id: &UserId, read: Option<&PasswordHash>, new: &PasswordHash, epoch: EpochRule) -> Cas;
        fn set_restoring_token(id: &UserId, digest: Option<&TokenDigest>) -> ();
        fn restore_password(proof: &RestoreProof, new: &PasswordHash, epoch: Epoch) -> Option<User>;
        fn set_active(id: &UserId, active: bool, epoch: Epoch) -> ();
        fn set_epoch(id: &UserId, epoch: Epoch) -> Epoch;
        fn signed_in(id: &UserId, at: Timestamp) -> ();
    }
}

faults! {
    /// What is wrong about a store of sessions.
    SessionFault in SessionStore {
        fn open(session: NewSession) -> ();
        fn get(id: &SessionId) -> Option<Session>;
        fn rotate(presented: Presented, next: Successor, now: Timestamp, policy: &RotationPolicy) -> Rotation;
        fn list(user: &UserId) -> Vec<Session>;
        fn revoke(what: Revoke<'_>) -> u64;
        fn purge_expired(now: Timestamp, limit: u32) -> u64;
    }
}

faults! {
    /// What is wrong about a store of mail jobs.
    OutboxFault in OutboxStore {
        fn put(job: NewJob) -> ();
        fn claim(worker: &WorkerId, now: Timestamp, lease: Duration, limit: u32) -> Vec<Job>;
        fn finish(id: &JobId, worker: &WorkerId, how: Delivery, now: Timestamp) -> Cas;
    }
}

faults! {
    /// What is wrong about a store of attempts.
    AttemptFault in AttemptStore {
        fn reserve(tiers: &[Tier], now: Timestamp) -> Reservation;
        fn settle(held: Held, verdict: Verdict, now: Timestamp) -> ();
        fn forget(keys: &[AttemptKey]) -> ();
        fn purge(now: Timestamp, limit: u32) -> u64;
    }
}

/// `wrong!(Fault: "what is wrong" lacks property, property)`
macro_rules! wrong {
    ($fault:ident: $wrong:literal lacks $($property:ident),+) => {
        $crate::WrongStore {
            wrong: $wrong,
            lacks: &[$(stringify!($property)),+],
            make: || {
                let memory = auth_core::store::MemoryStore::default();
                std::sync::Arc::new($crate::delegate::Faulty { memory, fault: $fault::default() })
            },
        }
    };
}
pub(crate) use wrong;
