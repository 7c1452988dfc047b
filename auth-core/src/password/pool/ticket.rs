use std::fmt;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::oneshot;
use tracing::Span;

use super::job::{Job, Task};
use super::queue::Place;
use crate::account::User;
use crate::password::error::HashError;
use crate::password::policy::{BoundedPassword, NewPassword};
use crate::password::secret::PasswordHash;
use crate::password::verification::Verified;

/// A place in the pool, taken before the store is asked, so that a full pool looks the same for
/// known and unknown accounts. It allows one computation; dropped, the place is free again.
#[must_use = "dropping a ticket gives the place back"]
pub struct Ticket(Place);

impl Ticket {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// Hashes a new credential.
    ///
    /// Drop the future and the job is skipped, unless a thread has begun with it.
    ///
    /// # Errors
    /// When nothing could be computed.
    pub async fn hash(self, password: NewPassword) -> Result<PasswordHash, HashError> {
        self.submit(|reply| Task::Hash(password, reply)).await
    }

    /// Verifies the password of a user, or does the same work where there is no user, the account
    /// is not active or its hash is unusable.
    ///
    /// Drop the future and the job is skipped, unless a thread has begun with it.
    ///
    /// # Errors
    /// When nothing could be computed; a wrong password is no error.
    pub async fn verify(self, user: Option<User>, password: BoundedPassword) -> Result<Verified, HashError> {
        self.submit(|reply| Task::Verify(user.map(Box::new), password, reply)).await
    }

    async fn submit<T>(self, task: impl FnOnce(oneshot::Sender<Result<T, HashError>>) -> Task) -> Result<T, HashError> {
        let (reply, answer) = oneshot::channel();
        self.0.queue().push(Job { place: self.0, task: task(reply), span: Span::current() });
        // A job is dropped without an answer only by a queue that has closed.
        answer.await.unwrap_or(Err(HashError::Stopped))
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(..)")
    }
}

/// Every place is taken, or this client's share, or sign-up's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the hashing pool is full")]
#[non_exhaustive]
pub struct PoolFull {
    /// When to try again; whole seconds.
    pub retry_after: Duration,
}

/// When it is worth asking again, in whole seconds: as soon as what is held is done, and at least a
/// second.
pub(super) fn retry_after(held: Duration, threads: usize) -> Duration {
    let work = held / u32::try_from(threads).unwrap_or(u32::MAX).max(1);
    Duration::from_secs(work.as_secs().saturating_add(u64::from(work.subsec_nanos() > 0)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_refused_hears_when_the_held_work_is_done_in_whole_seconds() {
        let after = |millis| retry_after(Duration::from_millis(millis), 2);
        assert_eq!(after(960), Duration::from_secs(1));
        assert_eq!(after(2_560), Duration::from_secs(2));
        assert_eq!(after(0), Duration::from_secs(1));
    }
}
