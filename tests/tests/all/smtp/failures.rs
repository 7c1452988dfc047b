//! Each way in which a mail server fails: what the operator reads, how often the mail was sent, and
//! what becomes of it.

use std::net::TcpListener;
use std::time::Duration;

use auth_core::DeliveryReport;
use auth_core::mail::{SmtpPassword, SmtpSecurity, SmtpSettings};
use auth_tests::services::Identity;

use super::owner::Owner;
use super::server::{HOST, PASSWORD, Setup, SmtpServer, Tls, USER};
use crate::authority::Authority;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    PutOff,
    GivenUp,
}

struct Case {
    name: &'static str,
    server: Server,
    smtp: SmtpSettings,
    /// In what the operator reads.
    tells: &'static str,
    fate: Fate,
    /// How many contents the server has read after two passes.
    contents: usize,
}

enum Server {
    Running(SmtpServer),
    Absent,
}

impl Case {
    fn new(name: &'static str, setup: &Setup, security: SmtpSecurity, tells: &'static str) -> Option<Self> {
        let server = SmtpServer::start(setup)?;
        let smtp = server.settings(security);
        Some(Self { name, server: Server::Running(server), smtp, tells, fate: Fate::PutOff, contents: 0 })
    }

    fn with(mut self, change: impl FnOnce(&mut SmtpSettings)) -> Self {
        change(&mut self.smtp);
        self
    }

    fn given_up(mut self) -> Self {
        self.fate = Fate::GivenUp;
        self
    }

    fn after_contents(mut self, contents: usize) -> Self {
        self.contents = contents;
        self
    }

    fn connections(&self) -> usize {
        if let Server::Running(server) = &self.server { server.connections() } else { 0 }
    }

    fn contents_read(&self) -> usize {
        if let Server::Running(server) = &self.server { server.mails().len() } else { 0 }
    }

    /// Two passes, the second one when a mail that was put off is due again.
    async fn holds(self) {
        let owner = Owner::signed_up(self.smtp.clone()).await;
        owner.asks_for_a_link().await;
        let (first, log) = owner.mail_is_delivered().await;
        owner.waits(Duration::from_secs(15));
        let (second, _) = owner.mail_is_delivered().await;
        let told = told(&log);
        let (connections, contents) = (self.connections(), self.contents_read());
        println!("{:<34} {:?}, {connections} connections, {contents} contents: {told}", self.name, self.fate);

        assert_eq!(first, report(self.fate), "{}: {log}", self.name);
        assert!(told.contains(self.tells), "{}: {told}", self.name);
        assert!(!log.contains("restoring="), "{}: the log has the link", self.name);
        assert_eq!(contents, self.contents, "{}", self.name);
        assert!(owner.can_sign_in_with_the_old_password().await);
        let again = if self.fate == Fate::PutOff { report(Fate::PutOff) } else { DeliveryReport::default() };
        assert_eq!(second, again, "{}", self.name);
    }
}

fn report(fate: Fate) -> DeliveryReport {
    let mut report = DeliveryReport::default();
    match fate {
        Fate::PutOff => report.put_off = 1,
        Fate::GivenUp => report.given_up = 1,
    }
    report
}

/// The cause in the line about the mail.
fn told(log: &str) -> String {
    let line = log.lines().find(|line| line.contains("a mail ")).unwrap_or(log);
    line.split_once("a mail ").map_or(line, |(_, rest)| rest).to_owned()
}

fn with_authority(setup: fn(Identity) -> Tls) -> (Authority, Setup) {
    let authority = Authority::new();
    let tls = Some(setup(authority.identity_of(HOST)));
    (authority, Setup { tls, ..Setup::default() })
}

fn behaving(behaviour: &'static str) -> Setup {
    Setup { behaviour: Some(behaviour), ..Setup::default() }
}

fn trusting(authority: &Authority) -> impl FnOnce(&mut SmtpSettings) {
    let pem = authority.pem();
    |smtp| smtp.root_certificate = Some(pem)
}

#[tokio::test]
async fn a_server_without_starttls_gets_nothing() {
    let case = Case::new("no STARTTLS offered", &Setup::default(), SmtpSecurity::StartTls, "STARTTLS");
    let Some(case) = case else { return };
    case.holds().await;
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_gets_nothing() {
    for (security, tls) in
        [(SmtpSecurity::StartTls, Tls::Start as fn(_) -> _), (SmtpSecurity::Implicit, Tls::Implicit as fn(_) -> _)]
    {
        let (_, setup) = with_authority(tls);
        let Some(case) = Case::new("certificate of another authority", &setup, security, "certificate") else { return };
        case.with(trusting(&Authority::new())).holds().await;
    }
}

#[tokio::test]
async fn a_test_authority_is_not_trusted_unless_it_is_named() {
    let (_, setup) = with_authority(Tls::Start);
    let case = Case::new("authority that is not public", &setup, SmtpSecurity::StartTls, "certificate");
    let Some(case) = case else { return };
    case.holds().await;
}

#[tokio::test]
async fn a_certificate_for_another_name_gets_nothing() {
    let authority = Authority::new();
    let tls = Some(Tls::Start(authority.identity_of("other.example")));
    let setup = Setup { tls, ..Setup::default() };
    let case = Case::new("certificate for another name", &setup, SmtpSecurity::StartTls, "certificate");
    let Some(case) = case else { return };
    case.with(trusting(&authority)).holds().await;
}

#[tokio::test]
async fn a_refused_sign_in_is_for_the_operator_to_mend_and_loses_no_mail() {
    let (authority, setup) = with_authority(Tls::Start);
    let setup = Setup { asks_for_sign_in: true, ..setup };
    let case = Case::new("wrong password at sign-in", &setup, SmtpSecurity::StartTls, "signing in");
    let Some(case) = case else { return };
    let wrong = |smtp: &mut SmtpSettings| {
        smtp.user = Some(USER.to_owned());
        smtp.password = Some(SmtpPassword::new(format!("{PASSWORD}!")));
    };
    case.with(trusting(&authority)).with(wrong).holds().await;
}

#[tokio::test]
async fn a_sign_in_that_was_forgotten_loses_no_mail() {
    let (authority, setup) = with_authority(Tls::Start);
    let setup = Setup { asks_for_sign_in: true, ..setup };
    let case = Case::new("no sign-in where one is asked for", &setup, SmtpSecurity::StartTls, "sender");
    let Some(case) = case else { return };
    case.with(trusting(&authority)).holds().await;
}

#[tokio::test]
async fn a_refused_connection_puts_the_mail_off() {
    let mut smtp = SmtpSettings::new(HOST, SmtpSecurity::Plain);
    smtp.port = Some(TcpListener::bind((HOST, 0)).unwrap().local_addr().unwrap().port());
    let (name, tells) = ("nobody listens", "connecting to the mail server");
    Case { name, server: Server::Absent, smtp, tells, fate: Fate::PutOff, contents: 0 }.holds().await;
}

#[tokio::test]
async fn a_4xx_puts_the_mail_off_and_a_5xx_gives_it_up() {
    for (name, behaviour, tells) in [
        ("450 to the recipient", "rcpt-4xx", "450"),
        ("550 to the recipient", "rcpt-5xx", "550"),
        ("451 to the content", "data-4xx", "451"),
        ("554 to the content", "data-5xx", "554"),
    ] {
        let case = Case::new(name, &behaving(behaviour), SmtpSecurity::Plain, tells);
        let Some(case) = case else { return };
        let contents = usize::from(behaviour.starts_with("data"));
        if behaviour.ends_with("5xx") {
            case.given_up().after_contents(contents).holds().await;
        } else {
            case.after_contents(2 * contents).holds().await;
        }
    }
}

#[tokio::test]
async fn a_connection_that_drops_after_the_content_puts_the_mail_off() {
    let case = Case::new("dropped after the content", &behaving("drop-after-data"), SmtpSecurity::Plain, "content");
    let Some(case) = case else { return };
    case.after_contents(2).holds().await;
}

#[tokio::test]
async fn a_server_silent_from_the_start_is_left_at_the_time_out() {
    let case = Case::new("silent from the start", &behaving("silent"), SmtpSecurity::Plain, "no answer in time");
    let Some(case) = case else { return };
    case.with(|smtp| smtp.timeout = Duration::from_millis(200)).holds().await;
}

/// The time-out is long enough for everything before the silence on a busy machine.
#[tokio::test]
async fn a_server_silent_after_the_content_is_left_at_the_time_out() {
    let case = Case::new("silent after the content", &behaving("silent-after-data"), SmtpSecurity::Plain, "in time");
    let Some(case) = case else { return };
    case.with(|smtp| smtp.timeout = Duration::from_secs(1)).after_contents(2).holds().await;
}
