use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{Mail, MailError, Mailer};

/// A server that runs for long with this mailer must not grow.
const KEPT: usize = 1_000;

/// Keeps the last 1,000 mails in memory; for tests and for a mailbox page in development.
///
/// Clones share what they keep.
#[derive(Debug, Clone, Default)]
pub struct MemoryMailer(Arc<Mutex<VecDeque<Mail>>>);

impl MemoryMailer {
    /// Without mails.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was sent, the oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(mail.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Rendered;
    use crate::mail::message::tests::mail_to;

    #[tokio::test]
    async fn clones_share_the_last_thousand_mails() {
        let (mailer, page) = (MemoryMailer::new(), MemoryMailer::new());
        let reader = mailer.clone();
        for number in 0..1_003 {
            let mail = mail_to("ann@x.example", Rendered::new("s", number.to_string(), None));
            mailer.send(&mail).await.unwrap();
        }
        let sent = reader.sent();
        assert_eq!(sent.len(), 1_000);
        assert_eq!((sent[0].expose_text(), sent[999].expose_text()), ("3", "1002"));
        assert!(page.sent().is_empty());
    }
}
