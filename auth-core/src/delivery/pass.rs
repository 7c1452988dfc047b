use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;

use super::compose::Addressee;
use crate::account::User;
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::clock::Timestamp;
use crate::error::{AuthError, with_causes};
use crate::event::{Action, Outcome};
use crate::mail::{Mail, MailError, MessageKind};
use crate::store::{Cas, Delivery, Job};
use crate::throttle::{Limit, Throttling};

/// How long one worker owns a job: longer than sending can take, so that nobody sends twice, and
/// short, because the mails of a worker that was killed wait for it.
const LEASE: Duration = Duration::from_secs(30);
/// The longest that sending one mail may take, connection and sign-in included.
const SENDING: Duration = Duration::from_secs(20);
/// How many mails are sent at the same time.
const AT_ONCE: u32 = 4;
const FIRST_RETRY: Duration = Duration::from_secs(15);
const LONGEST_RETRY: Duration = Duration::from_secs(60 * 60);
/// When a mail that was held back is looked at again, at the latest: a link does not live long.
const LONGEST_HELD_BACK: Duration = Duration::from_secs(60);
/// After this a notice is no news.
const NOTICE_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an operator can look at a mail that was given up, counted from when it was asked for.
const DEAD_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const FORGOTTEN_AT_ONCE: u32 = 500;

/// What one pass over the outbox did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryReport {
    /// Mails that were handed to the mailer, or that nobody was to get.
    pub done: usize,
    /// Mails that will be tried again.
    pub put_off: usize,
    /// Mails that were given up, and are kept for the operator for 30 days.
    pub given_up: usize,
}

impl Auth {
    /// Sends everything in the outbox that is due, once, and clears the stores of what has expired.
    /// The background worker does this every few seconds; a host without it calls this from a task
    /// of its own.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`] when the outbox does not answer. Mails that could not be sent
    /// are no error: they are in the report and stay in the outbox.
    pub async fn deliver_mail(&self) -> Result<DeliveryReport, AuthError> {
        let delivered = self.deliver_what_is_due().await;
        self.forget_what_expired().await;
        delivered
    }

    pub(super) async fn deliver_what_is_due(&self) -> Result<DeliveryReport, AuthError> {
        let mut report = DeliveryReport::default();
        loop {
            let worker = &self.inner.worker.id;
            let jobs = self.inner.stores.outbox.claim(worker, self.now(), LEASE, AT_ONCE).await?;
            if jobs.is_empty() {
                return Ok(report);
            }
            self.inner.worker.lease(jobs.iter().map(|job| job.id.clone()));
            let deliveries = jobs.iter().map(|job| AssertUnwindSafe(self.deliver(job)).catch_unwind());
            for delivery in join_all(deliveries).await {
                match delivery.unwrap_or_else(|_| Err(AuthError::Internal("a panic in the event sink".into())))? {
                    Delivery::Done => report.done += 1,
                    Delivery::RetryAt(_) => report.put_off += 1,
                    Delivery::Dead(_) => report.given_up += 1,
                }
            }
        }
    }

    async fn deliver(&self, job: &Job) -> Result<Delivery, AuthError> {
        let mut trail = self.trail(Action::Mail, &ClientInfo::default());
        // A panic in a host's mailer or store must not end the worker, and the job is put off.
        let attempt = AssertUnwindSafe(self.attempt(job)).catch_unwind().await;
        let attempt = attempt.unwrap_or_else(|_| Attempt::TryAgain("a panic while sending".to_owned()));
        let (delivery, noted) = match attempt {
            Attempt::Sent => (Delivery::Done, None),
            Attempt::NobodyToSendTo => (Delivery::Done, Some(Outcome::Refused("no_recipient"))),
            Attempt::TooMany { limit, retry_after } => {
                let again = self.now() + retry_after.min(LONGEST_HELD_BACK);
                (Delivery::RetryAt(again), Some(Outcome::MailWithheld(limit)))
            }
            Attempt::TryAgain(error) => (self.retry(job, &error), Some(Outcome::Failed("mail_put_off"))),
            Attempt::GiveUp(reason) => {
                tracing::error!(target: "auth", kind = job.kind.as_str(), reason, "a mail was given up");
                (Delivery::Dead(reason), Some(Outcome::Failed("mail_given_up")))
            }
        };
        if let Some(outcome) = noted {
            trail.note(outcome);
        }
        let finished = self.inner.stores.outbox.finish(&job.id, &self.inner.worker.id, delivery.clone(), self.now());
        let finished = finished.await;
        self.inner.worker.end_lease(&job.id);
        let result = match finished {
            Ok(Cas::Won) => Ok(delivery),
            Ok(Cas::Lost) => {
                tracing::warn!(target: "auth", "a mail took longer than its lease");
                Ok(delivery)
            }
            Err(error) => Err(error.into()),
        };
        trail.end(result)
    }

    async fn attempt(&self, job: &Job) -> Attempt {
        let user = match self.addressee(job).await {
            Ok(Addressee::Account(user)) => user,
            Ok(Addressee::Nobody) => return Attempt::NobodyToSendTo,
            Ok(Addressee::Stale) => return Attempt::GiveUp("it became too old to send".to_owned()),
            Ok(Addressee::Unreadable) => return Attempt::GiveUp("no present key opens the row".to_owned()),
            Err(error) => return Attempt::TryAgain(error.to_string()),
        };
        // A notice to an owner is nothing that a stranger can ask for.
        if job.kind == MessageKind::PasswordChanged {
            return self.write_to(&user, job).await;
        }
        // Before the mail is written: its link ends the one before.
        match self.begin_attempt(Throttling::sending).await {
            Ok(counted) => {
                let sent = self.write_to(&user, job).await;
                if !matches!(sent, Attempt::Sent) {
                    self.refund(counted).await;
                }
                sent
            }
            Err(AuthError::Throttled { limit, retry_after }) => Attempt::TooMany { limit, retry_after },
            Err(error) => Attempt::TryAgain(error.to_string()),
        }
    }

    async fn write_to(&self, user: &User, job: &Job) -> Attempt {
        match self.compose(job, user).await {
            Ok(Some(mail)) => self.send(&mail).await,
            Ok(None) => Attempt::NobodyToSendTo,
            Err(error) => Attempt::TryAgain(error.to_string()),
        }
    }

    async fn send(&self, mail: &Mail) -> Attempt {
        match tokio::time::timeout(SENDING, self.inner.settings.mailer.send(mail)).await {
            Ok(Ok(())) => Attempt::Sent,
            Ok(Err(error @ MailError::Permanent(_))) => Attempt::GiveUp(with_causes(&error)),
            Ok(Err(error)) => Attempt::TryAgain(with_causes(&error)),
            Err(_) => Attempt::TryAgain("the mail server took too long".to_owned()),
        }
    }

    pub(super) fn is_stale(&self, job: &Job) -> bool {
        let life = match job.kind {
            MessageKind::Restore => self.inner.settings.conduct.restore_life,
            _ => NOTICE_LIFE,
        };
        self.now().since(job.created_at) > life
    }

    fn retry(&self, job: &Job, error: &str) -> Delivery {
        let at: Timestamp = self.now() + back_off(job.attempts);
        tracing::warn!(
            target: "auth",
            kind = job.kind.as_str(),
            attempts = job.attempts,
            again_at = at.to_rfc3339(),
            error,
            "a mail could not be sent"
        );
        Delivery::RetryAt(at)
    }

    pub(super) async fn forget_what_expired(&self) {
        let (stores, now) = (&self.inner.stores, self.now());
        if let Err(error) = stores.sessions.purge_expired(now, FORGOTTEN_AT_ONCE).await {
            tracing::debug!(target: "auth", %error, "expired sessions could not be removed");
        }
        if let Err(error) = stores.attempts.purge(now, FORGOTTEN_AT_ONCE).await {
            tracing::debug!(target: "auth", %error, "expired counts of attempts could not be removed");
        }
        if let Err(error) = stores.outbox.purge_dead(now.minus(DEAD_LIFE), FORGOTTEN_AT_ONCE).await {
            tracing::debug!(target: "auth", %error, "mails that were given up long ago could not be removed");
        }
        if let Some(takeover) = self.inner.takeover.as_ref().filter(|takeover| takeover.is_forgotten(now))
            && let Err(error) = takeover.store.forget_spent(FORGOTTEN_AT_ONCE).await
        {
            tracing::debug!(target: "auth", %error, "spent tokens of the service before this one could not be removed");
        }
    }
}

enum Attempt {
    Sent,
    NobodyToSendTo,
    TryAgain(String),
    /// All mails together are too many.
    TooMany {
        limit: Limit,
        retry_after: Duration,
    },
    GiveUp(String),
}

fn back_off(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    FIRST_RETRY.saturating_mul(2u32.saturating_pow(doublings)).min(LONGEST_RETRY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::store::{JobGroup, JobId, MemoryStore, NewJob, OutboxStore as _, Sealed, WorkerId};
    use crate::testing::TestClock;

    #[tokio::test]
    async fn a_mail_that_was_given_up_is_kept_for_thirty_days() {
        let (store, clock, worker) = (MemoryStore::default(), TestClock::default(), WorkerId::stored("w"));
        let auth = Auth::builder(Settings::development(), store.clone()).clock(clock.clone());
        let auth = auth.background_worker(false).build().unwrap();
        let asked = auth.now();
        let (id, group, sealed) = (JobId::stored("dead"), JobGroup::stored("group"), Sealed::stored("sealed"));
        let job = NewJob { id: id.clone(), kind: MessageKind::Restore, group, sealed, created_at: asked };
        store.put(job.clone()).await.unwrap();
        store.claim(&worker, asked, LEASE, 1).await.unwrap();
        assert_eq!(store.finish(&id, &worker, Delivery::Dead("no mailbox".into()), asked).await.unwrap(), Cas::Won);
        clock.advance(DEAD_LIFE);
        auth.deliver_mail().await.unwrap();
        assert!(store.put(job.clone()).await.is_err(), "it is there");
        clock.advance(Duration::from_millis(1));
        auth.deliver_mail().await.unwrap();
        store.put(job).await.unwrap();
    }

    #[test]
    fn the_pause_doubles_up_to_an_hour() {
        let seconds = |attempts| back_off(attempts).as_secs();
        assert_eq!([seconds(1), seconds(2), seconds(3), seconds(9)], [15, 30, 60, 3_600]);
        assert_eq!(seconds(u32::MAX), 3_600);
    }
}
