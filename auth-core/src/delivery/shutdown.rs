use std::time::Duration;

use super::DeliveryReport;
use crate::auth::Auth;
use crate::error::AuthError;
use crate::store::Delivery;

/// How long giving back one lease may take.
const RELEASING: Duration = Duration::from_secs(1);

impl Auth {
    /// Stops: new actions are refused as busy, hashes that are running end, and what stands in the
    /// outbox is sent until `deadline` has passed. What is left then stays in the outbox for the
    /// next process. May be called twice.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`] when the outbox does not answer.
    pub async fn shutdown(&self, deadline: Duration) -> Result<DeliveryReport, AuthError> {
        self.stop_admission();
        let stopped = async {
            self.inner.pool.shutdown().await;
            self.inner.worker.finish().await;
            self.deliver_what_is_due().await
        };
        let Ok(report) = tokio::time::timeout(deadline, stopped).await else {
            self.inner.worker.stop();
            self.release_leases().await;
            return Ok(DeliveryReport::default());
        };
        report
    }

    /// Gives back what was being sent when the time ran out, so that the next process need not wait
    /// for the lease to run out. A mail that had just been taken by the server goes out again: at
    /// least once is what the outbox promises.
    async fn release_leases(&self) {
        let now = self.now();
        for job in self.inner.worker.take_leased() {
            let outbox = &self.inner.stores.outbox;
            let released = outbox.finish(&job, &self.inner.worker.id, Delivery::RetryAt(now), now);
            if !matches!(tokio::time::timeout(RELEASING, released).await, Ok(Ok(_))) {
                tracing::warn!(target: "auth", "a mail stays leased for a while: the outbox does not answer");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::ClientInfo;
    use crate::actions::SignUp;
    use crate::config::Settings;
    use crate::mail::{Mail, MailError, Mailer};
    use crate::password::Argon2Params;
    use crate::store::MemoryStore;

    const NEVER: Duration = Duration::from_secs(60);

    /// Begins at once, and ends once it may.
    #[derive(Clone)]
    struct Gate {
        begun: Arc<Semaphore>,
        may_end: Arc<Semaphore>,
        sent: Arc<AtomicUsize>,
    }

    #[async_trait]
    impl Mailer for Gate {
        async fn send(&self, _: &Mail) -> Result<(), MailError> {
            self.begun.add_permits(1);
            self.may_end.acquire().await.unwrap().forget();
            self.sent.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_mail_that_is_on_its_way_is_sent_to_the_end_and_once() {
        let closed = || Arc::new(Semaphore::new(0));
        let gate = Gate { begun: closed(), may_end: closed(), sent: <_>::default() };
        let settings = Settings::development().argon2(Argon2Params::danger_weak(8, 1, 1).unwrap());
        let auth = Auth::builder(settings, MemoryStore::default()).mailer(gate.clone()).build().unwrap();
        let (client, ann) = (ClientInfo::default(), "ann@x.example");
        auth.signup(SignUp::with_email(ann, "correct horse battery"), &client).await.unwrap();
        auth.request_restore(ann, &client).await.unwrap();
        gate.begun.acquire().await.unwrap().forget();

        let (_, ()) = tokio::join!(auth.shutdown(NEVER), async { gate.may_end.add_permits(9) });
        assert_eq!(gate.sent.load(Ordering::SeqCst), 1);
        assert_eq!(auth.shutdown(NEVER).await.unwrap(), DeliveryReport::default());
    }

    #[tokio::test]
    async fn a_mail_that_the_deadline_cuts_off_can_be_sent_by_the_next_process_at_once() {
        let closed = || Arc::new(Semaphore::new(0));
        let gate = Gate { begun: closed(), may_end: closed(), sent: <_>::default() };
        let settings = || Settings::development().argon2(Argon2Params::danger_weak(8, 1, 1).unwrap());
        let (keys, store) = (settings(), MemoryStore::default());
        let auth = Auth::builder(keys.clone(), store.clone()).mailer(gate.clone()).build().unwrap();
        let client = ClientInfo::default();
        auth.signup(SignUp::with_email("ann@x.example", "correct horse battery"), &client).await.unwrap();
        auth.request_restore("ann@x.example", &client).await.unwrap();
        gate.begun.acquire().await.unwrap().forget();
        auth.shutdown(Duration::ZERO).await.unwrap();

        gate.may_end.add_permits(9);
        let next = Auth::builder(keys, store).mailer(gate).background_worker(false).build().unwrap();
        assert_eq!(next.deliver_mail().await.unwrap().done, 1);
    }
}
