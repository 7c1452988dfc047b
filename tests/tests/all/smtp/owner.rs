use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_core::actions::{Credentials, SignUp};
use auth_core::config::MailBackend;
use auth_core::mail::SmtpSettings;
use auth_core::password::{Argon2Params, Password};
use auth_core::restore::EncryptKey;
use auth_core::store::MemoryStore;
use auth_core::testing::TestClock;
use auth_core::token::KeyMaterial;
use auth_core::{Auth, ClientInfo, DeliveryReport, Settings};
use tracing_subscriber::fmt::MakeWriter;

use super::server::Received;

pub(super) const ADDRESS: &str = "Ann@Bücher.example";
/// The address on the wire: the domain is sent as its A-label.
pub(super) const RECIPIENT: &str = "Ann@xn--bcher-kva.example";
const PASSWORD: &str = "correct horse battery";
const SECRET: &str = "Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUEk7Vw1HyBs4DgMp0ArCjWe";

/// The owner of one account, in a service that mails through an SMTP server.
pub(super) struct Owner {
    auth: Auth,
    clock: TestClock,
    log: Log,
}

impl Owner {
    pub(super) async fn signed_up(smtp: SmtpSettings) -> Self {
        let mut key = [7; 32];
        key[0] = 8;
        let settings = Settings::new(KeyMaterial::secret(SECRET), EncryptKey::from_bytes(key), "https://app.example/r")
            .mail_backend(MailBackend::Smtp(smtp))
            .from_email("The App <mail@app.example>")
            .argon2(Argon2Params::danger_weak(8, 1, 1).unwrap());
        let clock = TestClock::default();
        let builder = Auth::builder(settings, MemoryStore::default()).clock(clock.clone());
        let auth = builder.background_worker(false).build().unwrap();
        auth.signup(SignUp::with_email(ADDRESS, PASSWORD), &client()).await.unwrap();
        Self { auth, clock, log: Log::default() }
    }

    /// Writes the address as a person might, not as it is stored.
    pub(super) async fn asks_for_a_link(&self) {
        self.auth.request_restore("ann@BÜCHER.example", &client()).await.unwrap();
    }

    /// One pass over the outbox, and what the operator read meanwhile.
    pub(super) async fn mail_is_delivered(&self) -> (DeliveryReport, String) {
        let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(self.log.clone());
        let report = {
            let _guard = tracing::subscriber::set_default(subscriber.finish());
            self.auth.deliver_mail().await.unwrap()
        };
        (report, self.log.taken())
    }

    pub(super) fn waits(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub(super) async fn restores_with(&self, mail: &Received, new_password: &str) {
        let token = token(mail);
        self.auth.restore(token, Password::new(new_password), &client()).await.unwrap();
    }

    pub(super) async fn can_sign_in_with(&self, password: &str) -> bool {
        self.auth.signin(Credentials::new(ADDRESS, password), &client()).await.is_ok()
    }

    pub(super) async fn can_sign_in_with_the_old_password(&self) -> bool {
        self.can_sign_in_with(PASSWORD).await
    }
}

pub(super) fn token(mail: &Received) -> &str {
    let (_, rest) = mail.text.split_once("https://app.example/r?restoring=").expect("the mail has the link");
    rest.split_whitespace().next().unwrap()
}

fn client() -> ClientInfo {
    ClientInfo::default()
}

/// What an operator reads.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn taken(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
