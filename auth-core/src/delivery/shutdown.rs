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
        self.inner.worker.stop();
        let stopped = async {
            self.inner.pool.shutdown().await;
            self.deliver_mail().await
        };
        match tokio::time::timeout(deadline, stopped).await {
            Ok(report) => report,
            Err(_) => Ok(DeliveryReport::default()),
        }
    }
}
