use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands;
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use thiserror::Error as ThisError;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::compose::{Wire, compose};
use super::message::one_line;
use super::{Mail, MailError, Mailer, SmtpSecurity, SmtpSettings};
use crate::fault::Fault;

/// How long a server may take to say goodbye. The mail is its own by then.
const FAREWELL: Duration = Duration::from_secs(1);

/// Hands mails to a mail server (RFC 5321), one connection each.
///
/// TLS is rustls with the certificates of Mozilla, or with a root of the host's own. A server
/// that does not offer what [`SmtpSecurity`] asks for gets nothing.
///
/// The whole dialogue of a mail is bounded by [`SmtpSettings::timeout`]. Replies of kind 5xx to
/// the recipient or to the content are permanent, everything else is temporary: a refused
/// sign-in, sender or certificate is for an operator to mend.
///
/// Do not switch on lettre's feature `tracing` in the host: it logs every mail at level DEBUG.
pub struct SmtpMailer {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    timeout: Duration,
}

enum Tls {
    Plain,
    Start(TlsParameters),
    Implicit(TlsParameters),
}

impl SmtpMailer {
    /// Prepares the connection; the network is first touched by the first mail.
    ///
    /// # Errors
    /// With every fault of the settings, among them plain text to another machine.
    pub fn new(settings: &SmtpSettings) -> Result<Self, Vec<Fault>> {
        let mut faults = settings.faults();
        let host = settings.host_text().unwrap_or_default();
        let tls = tls(settings, &host).map_err(|fault| faults.push(fault)).ok();
        match tls {
            Some(tls) if faults.is_empty() => Ok(Self {
                host,
                port: settings.port(),
                tls,
                credentials: credentials(settings),
                timeout: settings.timeout,
            }),
            _ => Err(faults),
        }
    }

    /// One mail, up to the server's word that it has it.
    ///
    /// Written out instead of taken from lettre's transport, because that one does not tell a
    /// refused sign-in from a refused mail, does not end when the server falls silent, and keeps
    /// a pool that aborts outside a runtime when a host switches it on.
    async fn deliver(&self, mail: &Mail) -> Result<AsyncSmtpConnection, MailError> {
        let mut server = self.connect().await?;
        if let Some(credentials) = &self.credentials {
            server.auth(DEFAULT_MECHANISMS, credentials).await.map_err(|error| temporary(Step::SignIn, &error))?;
        }
        let eight_bit = server.server_info().supports_feature(Extension::EightBitMime);
        let message = compose(mail, if eight_bit { Wire::EightBit } else { Wire::SevenBit })?;
        let content = Zeroizing::new(message.formatted());
        let body = (!content.is_ascii()).then_some(MailParameter::Body(MailBodyParameter::EightBitMime));

        let sender = commands::Mail::new(message.envelope().from().cloned(), body.into_iter().collect());
        server.command(sender).await.map_err(|error| temporary(Step::Sender, &error))?;
        for recipient in message.envelope().to() {
            let recipient = commands::Rcpt::new(recipient.clone(), Vec::new());
            server.command(recipient).await.map_err(|error| judged(Step::Recipient, &error))?;
        }
        server.command(commands::Data).await.map_err(|error| judged(Step::Data, &error))?;
        server.message(&content).await.map_err(|error| judged(Step::Content, &error))?;
        Ok(server)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let name = ClientId::default();
        let implicit = if let Tls::Implicit(tls) = &self.tls { Some(tls.clone()) } else { None };
        let address = (&*self.host, self.port);
        let mut server = AsyncSmtpConnection::connect_tokio1(address, Some(self.timeout), &name, implicit, None)
            .await
            .map_err(|error| temporary(Step::Connect, &error))?;
        if let Tls::Start(tls) = &self.tls {
            server.starttls(tls.clone(), &name).await.map_err(|error| temporary(Step::StartTls, &error))?;
        }
        Ok(server)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let silent = |_| MailError::temporary(SmtpFailure::new(Step::Timeout, "no answer in time".to_owned()));
        let mut server = timeout(self.timeout, self.deliver(mail)).await.map_err(silent)??;
        // The mail is sent: how the connection ends must not bring it back into the queue.
        let _ = timeout(FAREWELL, server.abort()).await;
        Ok(())
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

fn credentials(settings: &SmtpSettings) -> Option<Credentials> {
    let (user, password) = (settings.user.as_ref()?, settings.password.as_ref()?);
    Some(Credentials::new(user.clone(), password.expose().to_owned()))
}

fn tls(settings: &SmtpSettings, host: &str) -> Result<Tls, Fault> {
    match settings.security {
        SmtpSecurity::Plain => Ok(Tls::Plain),
        SmtpSecurity::StartTls => Ok(Tls::Start(tls_parameters(settings, host)?)),
        SmtpSecurity::Implicit => Ok(Tls::Implicit(tls_parameters(settings, host)?)),
    }
}

fn tls_parameters(settings: &SmtpSettings, host: &str) -> Result<TlsParameters, Fault> {
    let builder = TlsParametersBuilder::new(host.to_owned());
    let builder = match &settings.root_certificate {
        None => builder.certificate_store(CertificateStore::WebpkiRoots),
        Some(pem) => builder.certificate_store(CertificateStore::None).add_root_certificate(root_certificate(pem)?),
    };
    builder.build_rustls().map_err(|_| root_fault())
}

fn root_certificate(pem: &[u8]) -> Result<Certificate, Fault> {
    // `lettre` takes a text without any certificate for a list of none, and trusts nobody then.
    let any = String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----");
    if any { Certificate::from_pem(pem).map_err(|_| root_fault()) } else { Err(root_fault()) }
}

fn root_fault() -> Fault {
    Fault::new("smtp_root_certificate", "it is no certificate in PEM", "give the authority's certificate in PEM form")
}

fn temporary(step: Step, error: &Error) -> MailError {
    MailError::temporary(SmtpFailure::of(step, error))
}

/// The server's word on this very mail.
fn judged(step: Step, error: &Error) -> MailError {
    let failure = SmtpFailure::of(step, error);
    if error.is_permanent() { MailError::permanent(failure) } else { MailError::temporary(failure) }
}

/// Where the dialogue with a server ended, and with which words.
#[derive(Debug, ThisError)]
#[error("{step}: {detail}")]
struct SmtpFailure {
    step: Step,
    detail: String,
}

impl SmtpFailure {
    fn new(step: Step, detail: String) -> Self {
        Self { step, detail }
    }

    /// Keeps text instead of lettre's error: once a server has seen the content, its reply can
    /// quote the link, so that only the code is kept of it; before that its control characters
    /// must not reach a log.
    fn of(step: Step, error: &Error) -> Self {
        let detail = match (step, error.status()) {
            (Step::Content, Some(code)) => format!("the server replied {code}"),
            (Step::Content, None) => "the connection failed".to_owned(),
            _ => one_line(&error.to_string()).chars().take(300).collect(),
        };
        Self::new(step, detail)
    }
}

/// A step of the dialogue.
#[derive(Debug, Clone, Copy, ThisError)]
enum Step {
    #[error("connecting to the mail server")]
    Connect,
    #[error("STARTTLS")]
    StartTls,
    #[error("signing in to the mail server")]
    SignIn,
    #[error("naming the sender")]
    Sender,
    #[error("naming the recipient")]
    Recipient,
    #[error("offering the content")]
    Data,
    #[error("sending the content")]
    Content,
    #[error("the dialogue with the mail server")]
    Timeout,
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::mail::message::tests::mail_to;
    use crate::mail::{Rendered, SmtpPassword};

    const GREETING: [&str; 2] = ["220 mx", "250 mx"];

    /// Gives one reply to the connection and one to each line or content, then falls silent
    /// until the client has gone. Returns what it heard.
    async fn server(connection: TcpStream, replies: Vec<&str>) -> String {
        let (reader, mut writer) = connection.into_split();
        let (mut reader, mut heard) = (BufReader::new(reader), String::new());
        for reply in replies {
            writer.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
            let end = if reply.starts_with("354") { "\r\n.\r\n" } else { "\r\n" };
            while reader.read_line(&mut heard).await.is_ok_and(|count| count > 0) && !heard.ends_with(end) {}
        }
        while reader.read_line(&mut heard).await.is_ok_and(|count| count > 0) {}
        heard
    }

    async fn send(
        change: impl FnOnce(&mut SmtpSettings),
        replies: Vec<&'static str>,
    ) -> (Result<(), MailError>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = SmtpSettings::new("127.0.0.1", SmtpSecurity::Plain);
        settings.port = Some(listener.local_addr().unwrap().port());
        change(&mut settings);
        let heard = tokio::spawn(async move { server(listener.accept().await.unwrap().0, replies).await });
        let mail = mail_to("Ann@Bücher.example", Rendered::new("s", "Grüße, sentinel\n.dot\n".to_owned(), None));
        let outcome = SmtpMailer::new(&settings).unwrap().send(&mail).await;
        (outcome, heard.await.unwrap())
    }

    fn after_greeting(replies: &[&'static str]) -> Vec<&'static str> {
        [&GREETING, replies].concat()
    }

    fn text(error: &MailError) -> String {
        std::error::Error::source(error).unwrap().to_string()
    }

    #[tokio::test]
    async fn a_mail_goes_to_the_stored_address_alone() {
        let replies = vec!["220 mx", "250-mx\r\n250 8BITMIME", "250 ok", "250 ok", "354 go", "250 ok", "221 bye"];
        let (outcome, heard) = send(|_| (), replies).await;
        outcome.unwrap();
        assert!(heard.contains("MAIL FROM:<mail@app.example> BODY=8BITMIME\r\n"));
        assert_eq!(heard.matches("RCPT TO:").count(), 1);
        assert!(heard.contains("RCPT TO:<Ann@xn--bcher-kva.example>\r\nDATA\r\n"));
        assert!(heard.contains("Grüße, sentinel\r\n..dot\r\n") && heard.ends_with("QUIT\r\n"));
    }

    #[tokio::test]
    async fn a_server_without_8bitmime_gets_ascii() {
        let (outcome, heard) = send(|_| (), after_greeting(&["250 ok", "250 ok", "354 go", "250 ok", "221 bye"])).await;
        outcome.unwrap();
        assert!(heard.is_ascii() && heard.contains("Gr=C3=BC=C3=9Fe"));
    }

    #[tokio::test]
    async fn only_a_5xx_on_recipient_or_content_is_permanent() {
        for (replies, permanent) in [
            (vec!["554 no service"], false),
            (vec!["220 mx", "550 go away", "221 bye"], false),
            (after_greeting(&["550 sender"]), false),
            (after_greeting(&["250 ok", "450 later"]), false),
            (after_greeting(&["250 ok", "550 no such user"]), true),
            (after_greeting(&["250 ok", "250 ok", "451 later"]), false),
            (after_greeting(&["250 ok", "250 ok", "554 no"]), true),
            (after_greeting(&["250 ok", "250 ok", "354 go", "451 later"]), false),
            (after_greeting(&["250 ok", "250 ok", "354 go", "554 spam"]), true),
            (after_greeting(&["250 ok", "250 ok", "what?"]), false),
        ] {
            let error = send(|_| (), replies.clone()).await.0.unwrap_err();
            assert_eq!(matches!(error, MailError::Permanent(_)), permanent, "{replies:?}");
        }
    }

    #[tokio::test]
    async fn a_reply_that_quotes_the_mail_is_not_told_on() {
        let replies = after_greeting(&["250 ok", "250 ok", "354 go", "554 spam: sentinel"]);
        let error = send(|_| (), replies).await.0.unwrap_err();
        assert_eq!(text(&error), "sending the content: the server replied 554");
        assert!(!format!("{error} {error:?}").contains("sentinel"));
    }

    #[tokio::test]
    async fn a_reply_cannot_write_lines_into_a_log() {
        let error = send(|_| (), after_greeting(&["250 ok", "550 \u{1b}[31mno"])).await.0.unwrap_err();
        assert!(text(&error).starts_with("naming the recipient: permanent error (550)"));
        assert!(!text(&error).contains('\u{1b}'));
    }

    #[tokio::test]
    async fn a_silent_server_is_left_in_time() {
        let brief = |settings: &mut SmtpSettings| settings.timeout = Duration::from_millis(50);
        for replies in [vec![], after_greeting(&["250 ok"]), after_greeting(&["250 ok", "250 ok", "354 go"])] {
            let error = send(brief, replies).await.0.unwrap_err();
            assert!(matches!(error, MailError::Temporary(_)));
        }
    }

    #[tokio::test]
    async fn a_mail_that_was_taken_is_sent_even_if_the_server_then_falls_silent() {
        let (outcome, _) = send(|_| (), after_greeting(&["250 ok", "250 ok", "354 go", "250 ok"])).await;
        outcome.unwrap();
    }

    #[tokio::test]
    async fn without_starttls_nothing_is_sent() {
        let (outcome, heard) = send(|settings| settings.security = SmtpSecurity::StartTls, GREETING.to_vec()).await;
        assert!(matches!(outcome, Err(MailError::Temporary(_))));
        assert!(heard.starts_with("EHLO ") && !heard.contains("MAIL FROM"));
    }

    #[tokio::test]
    async fn a_refused_sign_in_is_temporary_and_shows_no_password() {
        let sign_in = |settings: &mut SmtpSettings| {
            settings.user = Some("app".to_owned());
            settings.password = Some(SmtpPassword::new("sentinel"));
        };
        let (outcome, heard) = send(sign_in, vec!["220 mx", "250-mx\r\n250 AUTH PLAIN", "535 no"]).await;
        let error = outcome.unwrap_err();
        assert!(matches!(error, MailError::Temporary(_)) && heard.contains("AUTH PLAIN "));
        assert!(!format!("{error:?}").contains("sentinel"));
    }

    #[tokio::test]
    async fn a_refused_connection_is_temporary() {
        let mut settings = SmtpSettings::new("127.0.0.1", SmtpSecurity::Plain);
        settings.port = Some(TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port());
        let mail = mail_to("ann@x.example", Rendered::new("s", "t".to_owned(), None));
        let error = SmtpMailer::new(&settings).unwrap().send(&mail).await.unwrap_err();
        assert!(matches!(error, MailError::Temporary(_)));
    }

    #[test]
    fn every_fault_is_reported_and_a_root_must_be_a_certificate() {
        let mut settings = SmtpSettings::new("", SmtpSecurity::StartTls);
        for pem in ["", "no pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            settings.root_certificate = Some(pem.as_bytes().to_vec());
            let faults = SmtpMailer::new(&settings).unwrap_err();
            let settings: Vec<_> = faults.iter().map(|fault| fault.setting).collect();
            assert_eq!(settings, ["EMAIL_HOST", "smtp_root_certificate"], "{pem}");
        }
    }

    #[test]
    fn debug_shows_no_credentials() {
        let mut settings = SmtpSettings::new("localhost", SmtpSecurity::Plain);
        settings.user = Some("sentinel".to_owned());
        settings.password = Some(SmtpPassword::new("sentinel"));
        assert!(!format!("{:?}", SmtpMailer::new(&settings).unwrap()).contains("sentinel"));
    }
}
