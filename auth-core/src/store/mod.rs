//! Where accounts, sessions, mail jobs and counts of attempts are kept: the traits that a store implements.
//!
//! Every verb is one decision made by one atomic write. Absence is an `Option`, a lost race is a
//! value, and only a store that could not do its work is an error.

mod attempt;
#[cfg(feature = "read-cache")]
mod cache;
mod error;
mod joint;
mod memory;
mod outbox;
mod session;
mod stores;
mod takeover;
mod user;

pub use attempt::AttemptStore;
#[cfg(feature = "read-cache")]
pub use cache::ReadCache;
pub use error::{StoreError, Unique};
pub use joint::JointStore;
pub use memory::MemoryStore;
pub use outbox::{Delivery, Job, JobGroup, JobId, NewJob, OutboxStore, Sealed, WorkerId};
pub use session::{Revoke, SessionStore};
pub use stores::{IntoStores, Stores};
pub use takeover::TakeoverStore;
pub use user::{EpochRule, PresentedRestore, RestoreProof, UserStore};

/// How a compare-and-set ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Cas {
    /// The write happened.
    Won,
    /// Somebody else wrote first; nothing was changed.
    Lost,
}
