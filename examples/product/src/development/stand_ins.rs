use auth_core::Settings;
use auth_core::config::{DOCUMENTED, MailBackend};
use auth_core::mail::MemoryMailer;
use auth_core::restore::EncryptKey;
use auth_core::token::KeyMaterial;

use super::{DevelopmentKeys, Mailbox};
use crate::settings::Vars;

/// The setter behind every setting of the way that mail is sent.
const MAIL: &str = "mail_backend";

/// What development puts in the place of settings that are not given. One that is given stands.
pub(crate) struct StandIns {
    keys: DevelopmentKeys,
    mails: MemoryMailer,
    /// By their setters, so that all settings of the mail backend are one.
    given: Vec<&'static str>,
}

impl StandIns {
    pub(crate) fn new(vars: &Vars<'_>, keys: DevelopmentKeys) -> Self {
        let given = DOCUMENTED.iter().filter(|known| vars.text(known.name).is_some()).map(|known| known.setter);
        Self { keys, mails: MemoryMailer::new(), given: given.collect() }
    }

    /// Completes the settings of a server that is reached at `base`.
    pub(crate) fn complete(&self, mut settings: Settings, base: &str) -> Settings {
        if self.lacks("jwt_secret") {
            settings = settings.jwt_secret(KeyMaterial::secret(self.keys.jwt_secret.as_bytes()));
        }
        if self.lacks("email_encrypt_keys") {
            let key = EncryptKey::parse(&self.keys.email_encrypt_key);
            settings = settings.email_encrypt_keys(key.into_iter().collect());
        }
        if self.lacks(MAIL) {
            settings = settings.mail_backend(MailBackend::Memory(self.mails.clone()));
        }
        if self.lacks("path_to_restore") {
            settings = settings.path_to_restore(format!("{base}/app/restore"));
        }
        settings
    }

    fn lacks(&self, setter: &str) -> bool {
        !self.given.contains(&setter)
    }

    /// The page that shows what was mailed.
    pub(crate) fn mailbox(self) -> Mailbox {
        Mailbox::new(self.mails, self.keys.mailbox)
    }
}
