//! What every action with a new password does first.

use std::time::Duration;

use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::{AuthError, FieldFault};
use crate::password::{Approach, BoundedPassword, NewPassword, Password, PolicyContext, PoolFull, Purpose, Ticket};

/// A breach check has three seconds, so by then there is a place for another.
const BREACH_CHECK_RETRY: Duration = Duration::from_secs(3);

/// How often a new password is written while sign-ins bring the hash that it replaces up to date.
/// One upgrade makes it current; more come only from servers that disagree about what is current.
pub(crate) const TRIES_TO_REPLACE: usize = 3;

impl Auth {
    /// A password that was measured, before anything is hashed.
    pub(crate) fn bounded(&self, field: &'static str, password: Password) -> Result<BoundedPassword, AuthError> {
        if password.is_empty() {
            return Err(AuthError::field(field, FieldFault::Missing));
        }
        self.inner.settings.policy.bounded(password).map_err(|fault| AuthError::field(field, fault))
    }

    /// A password that the policy accepts and that no breach is known to hold.
    pub(crate) async fn new_password(
        &self,
        field: &'static str,
        password: Password,
        context: &PolicyContext<'_>,
    ) -> Result<NewPassword, AuthError> {
        let bounded = self.bounded(field, password)?;
        self.accepted_password(field, bounded, context).await
    }

    pub(crate) async fn accepted_password(
        &self,
        field: &'static str,
        password: BoundedPassword,
        context: &PolicyContext<'_>,
    ) -> Result<NewPassword, AuthError> {
        let weak = |weakness| AuthError::WeakPassword { field, weakness };
        let accepted = self.inner.settings.policy.accept(password, context).map_err(weak)?;
        let Some(check) = self.inner.breach_check.as_deref() else { return Ok(accepted) };
        let Ok(_permit) = self.inner.breach_checks.try_acquire() else {
            return Err(AuthError::Busy { retry_after: BREACH_CHECK_RETRY });
        };
        accepted.screened(Some(check)).await.map_err(weak)
    }

    /// Refuses at once while the hashing queue is full, before an attempt is counted: a refusal must
    /// stay cheap, and a full queue says the same to everybody.
    pub(crate) fn approach(&self, purpose: Purpose, client: &ClientInfo) -> Result<Approach, AuthError> {
        self.inner.pool.approach(purpose, client.ip).map_err(busy)
    }

    /// The place that was approached.
    pub(crate) async fn arrive(&self, approach: Approach) -> Result<Ticket, AuthError> {
        self.inner.pool.arrive(approach).await.map_err(busy)
    }

    /// A place in the hashing queue. It is taken before any look-up, so that a full queue answers
    /// the same for known and unknown accounts.
    pub(crate) async fn ticket(&self, purpose: Purpose, client: &ClientInfo) -> Result<Ticket, AuthError> {
        self.inner.pool.ticket(purpose, client.ip).await.map_err(busy)
    }
}

fn busy(full: PoolFull) -> AuthError {
    AuthError::Busy { retry_after: full.retry_after }
}
