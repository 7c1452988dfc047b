//! What every action does first that a stranger could do too often.

use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::AuthError;
use crate::event::{Outcome, Trail};
use crate::mail::MessageKind;
use crate::password::{Verification, Verified};
use crate::store::StoreError;
use crate::throttle::{Held, Limit, Reservation, Throttling, Tier, Verdict};

/// An attempt that the limits have let in. One that is dropped stays counted.
#[must_use]
pub(crate) struct Attempt(Option<Held>);

impl Auth {
    /// Counts an attempt before anything is looked up or hashed. A store that does not answer lets
    /// nobody in.
    pub(crate) async fn begin_attempt<T>(&self, tiers: impl FnOnce(&Throttling) -> T) -> Result<Attempt, AuthError>
    where
        T: AsRef<[Tier]>,
    {
        let Some(throttling) = &self.inner.settings.throttling else { return Ok(Attempt(None)) };
        let tiers = tiers(throttling);
        match self.inner.stores.attempts.reserve(tiers.as_ref(), self.now()).await? {
            Reservation::Granted(held) => Ok(Attempt(Some(held))),
            Reservation::RetryAfter(refusal) => {
                Err(AuthError::Throttled { limit: refusal.limit, retry_after: refusal.retry_after })
            }
        }
    }

    /// Ends a try at a password: with anything but a verdict it was our fault.
    pub(super) async fn judged(
        &self,
        attempt: Attempt,
        verified: Result<Verified, AuthError>,
    ) -> Result<Verified, AuthError> {
        let verdict = match verified.as_ref().map(|verified| &verified.verification) {
            Ok(Verification::Proven { .. }) => Verdict::Success,
            Ok(Verification::Refused(_)) => Verdict::Failure,
            Err(_) => Verdict::Refund,
        };
        self.settle(attempt, verdict).await;
        verified
    }

    /// Ends an attempt that counts however it went, unless it did not go at all through a fault of
    /// ours.
    pub(super) async fn charged<T>(&self, attempt: Attempt, result: Result<T, AuthError>) -> Result<T, AuthError> {
        if let Err(error) = &result
            && error.is_ours()
        {
            self.settle(attempt, Verdict::Refund).await;
        }
        result
    }

    async fn settle(&self, Attempt(held): Attempt, verdict: Verdict) {
        let Some(held) = held else { return };
        // The answer is known and the attempt is counted already: nothing opens by this.
        if let Err(error) = self.inner.stores.attempts.settle(held, verdict, self.now()).await {
            not_noted(&error);
        }
    }

    /// Takes an attempt off every counter again.
    pub(crate) async fn refund(&self, attempt: Attempt) {
        self.settle(attempt, Verdict::Refund).await;
    }

    /// Lets whoever has just restored the password of this login in.
    pub(super) async fn forgive(&self, login: &str, client: &ClientInfo) {
        let Some(throttling) = &self.inner.settings.throttling else { return };
        if let Err(error) = self.inner.stores.attempts.forget(&throttling.restored(login, client)).await {
            not_noted(&error);
        }
    }

    /// Queues a mail, unless its recipient has had enough of them. Whoever asked does not learn which.
    pub(crate) async fn mail_within_limits<T>(
        &self,
        kind: MessageKind,
        recipient: &str,
        trail: &mut Trail,
        tiers: impl FnOnce(&Throttling) -> T,
    ) -> Result<(), AuthError>
    where
        T: AsRef<[Tier]>,
    {
        let attempt = match self.begin_attempt(tiers).await {
            Err(AuthError::Throttled { limit: limit @ (Limit::MailAddress | Limit::MailPause), .. }) => {
                trail.note(Outcome::MailWithheld(limit));
                return Ok(());
            }
            attempt => attempt?,
        };
        let queued = self.queue_mail(kind, recipient).await;
        self.charged(attempt, queued).await
    }
}

fn not_noted(error: &StoreError) {
    tracing::warn!(target: "auth", %error, "how an attempt ended could not be noted: it stays counted");
}
