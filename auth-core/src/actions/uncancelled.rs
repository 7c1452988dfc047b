use std::future::Future;
use std::panic::resume_unwind;

use crate::auth::Auth;
use crate::error::AuthError;

impl Auth {
    /// Runs an action to its end even when whoever asked stops waiting.
    ///
    /// A server drops the future of a request when the connection goes. Between the write that
    /// changes a password and the notice to its owner that would be a way to change it unnoticed.
    pub(crate) async fn to_the_end<T, F>(&self, action: impl FnOnce(Self) -> F) -> Result<T, AuthError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, AuthError>> + Send + 'static,
    {
        match tokio::spawn(action(self.clone())).await {
            Ok(result) => result,
            Err(ended) if ended.is_panic() => resume_unwind(ended.into_panic()),
            Err(ended) => Err(AuthError::Unavailable(ended.into())),
        }
    }
}
