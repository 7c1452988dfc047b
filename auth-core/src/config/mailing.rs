use std::path::PathBuf;
use std::sync::Arc;

use super::Fault;
use crate::mail::{ConsoleMailer, FileMailer, Mailer, MemoryMailer};
#[cfg(feature = "smtp")]
use crate::mail::{SmtpMailer, SmtpSettings};

/// How mail leaves.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum MailBackend {
    /// To a mail server.
    #[cfg(feature = "smtp")]
    Smtp(SmtpSettings),
    /// One complete `.eml` file for each mail in this folder.
    File(PathBuf),
    /// To standard output.
    Console,
    /// Kept in memory, for tests and development.
    Memory(MemoryMailer),
    /// Nowhere: the environment asks for SMTP, and the feature `smtp` is off.
    #[cfg(not(feature = "smtp"))]
    SmtpNotBuilt,
}

#[cfg(feature = "smtp")]
impl Default for MailBackend {
    fn default() -> Self {
        Self::Smtp(SmtpSettings::default())
    }
}

#[cfg(not(feature = "smtp"))]
impl Default for MailBackend {
    fn default() -> Self {
        Self::SmtpNotBuilt
    }
}

/// Who sends: the backend of the settings, or the host's own.
pub(crate) enum DeliveryChoice {
    Settings,
    Host(Arc<dyn Mailer>),
}

impl MailBackend {
    /// Whether a sender address must be given.
    pub(super) fn needs_sender(&self) -> bool {
        !matches!(self, Self::File(_) | Self::Console | Self::Memory(_))
    }

    pub(super) fn mailer(&self) -> Result<Arc<dyn Mailer>, Vec<Fault>> {
        match self {
            #[cfg(feature = "smtp")]
            Self::Smtp(smtp) => Ok(Arc::new(SmtpMailer::new(smtp)?)),
            Self::File(folder) => Ok(Arc::new(FileMailer::new(folder)?)),
            Self::Console => Ok(Arc::new(ConsoleMailer::new())),
            Self::Memory(mailer) => Ok(Arc::new(mailer.clone())),
            #[cfg(not(feature = "smtp"))]
            Self::SmtpNotBuilt => Err(vec![Fault::new(
                "EMAIL_BACKEND",
                "SMTP is not built in",
                "Turn on the feature `smtp` of auth-core, or choose another backend",
            )]),
        }
    }
}
