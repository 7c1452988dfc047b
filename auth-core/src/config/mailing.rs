use std::path::PathBuf;
use std::sync::Arc;

use super::Fault;
#[cfg(feature = "smtp")]
use crate::mail::SmtpMailer;
use crate::mail::{ConsoleMailer, FileMailer, Mailer, MemoryMailer, SmtpSecurity, SmtpSettings};

/// How mail leaves.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum MailBackend {
    /// To a mail server; needs the feature `smtp`.
    Smtp(SmtpSettings),
    /// One complete `.eml` file for each mail in this folder.
    File(PathBuf),
    /// To standard output.
    Console,
    /// Kept in memory, for tests and development.
    Memory(MemoryMailer),
}

impl Default for MailBackend {
    fn default() -> Self {
        Self::Smtp(SmtpSettings::new("localhost", SmtpSecurity::Plain))
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
            Self::File(folder) => Ok(Arc::new(FileMailer::new(folder).map_err(|fault| vec![fault])?)),
            Self::Console => Ok(Arc::new(ConsoleMailer)),
            Self::Memory(mailer) => Ok(Arc::new(mailer.clone())),
            #[cfg(not(feature = "smtp"))]
            Self::Smtp(_) => Err(vec![Fault::new(
                "EMAIL_BACKEND",
                "SMTP is not built in",
                "Turn on the feature `smtp` of auth-core, or choose another backend",
            )]),
        }
    }
}
