use async_trait::async_trait;
use thiserror::Error;

use super::Mail;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Sends mail.
///
/// # Contract
/// - `Ok` means that somebody else answers for the mail now: a server took it, or it lies in its
///   file. The job is then forgotten.
/// - The mail goes to [`Mail::to`] and to nobody else.
/// - It returns within a bounded time, whatever the other side does.
/// - What it logs or returns holds neither body nor link: they carry a live token.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends one mail.
    ///
    /// # Errors
    /// When it was not sent; the kind says whether trying again can help. After a time-out the
    /// mail may still arrive: delivery is at least once.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// Why a mail was not sent. The source is for the operator's log.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MailError {
    /// Trying again can help: no answer, a 4xx reply, or a fault that an operator can mend.
    #[error("the mail could not be sent now")]
    Temporary(#[source] Source),
    /// This mail will never be taken: the server refused its recipient or its content.
    #[error("the mail was refused")]
    Permanent(#[source] Source),
}

impl MailError {
    /// A failure that may pass.
    pub fn temporary(source: impl Into<Source>) -> Self {
        Self::Temporary(source.into())
    }

    /// A failure that will not pass.
    pub fn permanent(source: impl Into<Source>) -> Self {
        Self::Permanent(source.into())
    }
}
