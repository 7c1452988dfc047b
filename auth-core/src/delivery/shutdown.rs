use std::time::Duration;

use super::DeliveryReport;
use crate::auth::Auth;
use crate::error::AuthError;

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
            self.deliver_mail().await
        };
        let Ok(report) = tokio::time::timeout(deadline, stopped).await else {
            self.inner.worker.stop();
            return Ok(DeliveryReport::default());
        };
        report
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
}
