//! The store in memory behind a trait that has its verbs, each to be written otherwise.

use std::time::Duration;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::{CanonicalEmail, Epoch, Login, NewUser, User, UserId};
use auth_core::password::PasswordHash;
use auth_core::restore::TokenDigest;
use auth_core::session::{NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor};
use auth_core::store::{
    AttemptStore, Cas, Delivery, EpochRule, Job, JobId, JointStore, MemoryStore, NewJob, OutboxStore, PresentedRestore,
    RestoreProof, Revoke, SessionStore, StoreError, UserStore, WorkerId,
};
use auth_core::throttle::{AttemptKey, Held, Reservation, Tier, Verdict};

/// The store in memory with this fault.
pub(crate) struct Faulty<F> {
    pub(crate) memory: MemoryStore,
    pub(crate) fault: F,
}

/// A trait in which each verb gets its arguments together, so that a fault says little more than
/// what is wrong about it. What no such verb is stands in `with`, once for the fault and once for the
/// store.
macro_rules! faults {
    ($(#[$doc:meta])* $fault:ident in $store:ident {
        $(fn $verb:ident($($argument:ident: $type:ty),*) as $arguments:ty => $output:ty;)*
    } $(with { $($of_fault:tt)* } { $($of_store:tt)* })?) => {
        $(#[$doc])*
        #[expect(unused_parens, reason = "what is one argument here is several in another verb")]
        #[async_trait]
        pub(crate) trait $fault: Send + Sync + 'static {
            $(async fn $verb(&self, memory: &MemoryStore, arguments: $arguments) -> Result<$output, StoreError> {
                let ($($argument),*) = arguments;
                memory.$verb($($argument),*).await
            })*

            $($($of_fault)*)?
        }

        #[async_trait]
        impl<F: $fault> $store for Faulty<F> {
            $(async fn $verb(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                self.fault.$verb(&self.memory, ($($argument),*)).await
            })*

            $($($of_store)*)?
        }
    };
}

pub(crate) type Change<'a> = (&'a UserId, Option<&'a PasswordHash>, &'a PasswordHash, EpochRule);
pub(crate) type Link<'a> = (&'a UserId, Option<&'a TokenDigest>);
pub(crate) type Restore<'a> = (&'a RestoreProof, &'a PasswordHash, Epoch);
pub(crate) type Activity<'a> = (&'a UserId, bool, Epoch);

faults! {
    /// What is wrong about a store of accounts.
    UserFault in UserStore {
        fn insert(new: NewUser) as NewUser => User;
        fn by_id(id: &UserId) as &UserId => Option<User>;
        fn by_login(login: &Login) as &Login => Option<User>;
        fn by_email(email: &CanonicalEmail) as &CanonicalEmail => Option<User>;
        fn by_restoring_token(presented: &PresentedRestore) as &PresentedRestore => Option<User>;
        fn set_password(id: &UserId, read: Option<&PasswordHash>, new: &PasswordHash, epoch: EpochRule)
            as Change<'_> => Cas;
        fn set_restoring_token(id: &UserId, digest: Option<&TokenDigest>) as Link<'_> => ();
        fn restore_password(proof: &RestoreProof, new: &PasswordHash, epoch: Epoch) as Restore<'_> => Option<User>;
        fn set_active(id: &UserId, active: bool, epoch: Epoch) as Activity<'_> => ();
        fn set_epoch(id: &UserId, epoch: Epoch) as (&UserId, Epoch) => Epoch;
        fn signed_in(id: &UserId, at: Timestamp) as (&UserId, Timestamp) => ();
    } with {
        fn joint<'a>(&self, _store: &'a Faulty<Self>) -> Option<&'a dyn JointStore> where Self: Sized {
            None
        }
    } {
        fn joint(&self) -> Option<&dyn JointStore> {
            self.fault.joint(self)
        }
    }
}

pub(crate) type Rotate<'a> = (Presented, Successor, Timestamp, &'a RotationPolicy);

faults! {
    /// What is wrong about a store of sessions.
    SessionFault in SessionStore {
        fn open(session: NewSession) as NewSession => ();
        fn get(id: &SessionId) as &SessionId => Option<Session>;
        fn rotate(presented: Presented, next: Successor, now: Timestamp, policy: &RotationPolicy)
            as Rotate<'_> => Rotation;
        fn list(user: &UserId) as &UserId => Vec<Session>;
        fn revoke(what: Revoke<'_>) as Revoke<'_> => u64;
        fn purge_expired(now: Timestamp, limit: u32) as (Timestamp, u32) => u64;
    }
}

pub(crate) type Claim<'a> = (&'a WorkerId, Timestamp, Duration, u32);
pub(crate) type Finish<'a> = (&'a JobId, &'a WorkerId, Delivery, Timestamp);

faults! {
    /// What is wrong about a store of mail jobs.
    OutboxFault in OutboxStore {
        fn put(job: NewJob) as NewJob => ();
        fn claim(worker: &WorkerId, now: Timestamp, lease: Duration, limit: u32) as Claim<'_> => Vec<Job>;
        fn finish(id: &JobId, worker: &WorkerId, how: Delivery, now: Timestamp) as Finish<'_> => Cas;
        fn purge_dead(before: Timestamp, limit: u32) as (Timestamp, u32) => u64;
    }
}

pub(crate) type Settle = (Held, Verdict, Timestamp);

faults! {
    /// What is wrong about a store of attempts.
    AttemptFault in AttemptStore {
        fn reserve(tiers: &[Tier], now: Timestamp) as (&[Tier], Timestamp) => Reservation;
        fn settle(held: Held, verdict: Verdict, now: Timestamp) as Settle => ();
        fn forget(keys: &[AttemptKey]) as &[AttemptKey] => ();
        fn purge(now: Timestamp, limit: u32) as (Timestamp, u32) => u64;
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
