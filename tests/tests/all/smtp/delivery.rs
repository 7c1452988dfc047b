//! What a server takes, and what can be done with it.

use std::time::Duration;

use auth_core::mail::{SmtpPassword, SmtpSecurity, SmtpSettings};

use super::owner::{Owner, RECIPIENT, token};
use super::server::{HOST, PASSWORD, Received, Setup, SmtpServer, Tls, USER};
use crate::authority::Authority;

async fn restoring_mail(server: &SmtpServer, owner: &Owner) -> Received {
    owner.asks_for_a_link().await;
    let (report, log) = owner.mail_is_delivered().await;
    assert_eq!((report.done, report.put_off, report.given_up), (1, 0, 0), "{log}");
    let mut mails = server.mails();
    assert_eq!(mails.len(), 1, "one mail, once");
    mails.remove(0)
}

/// The way of a mail over one kind of connection, to the sign-in with the new password.
async fn restores_a_password(server: &SmtpServer, smtp: SmtpSettings) -> Received {
    let owner = Owner::signed_up(smtp).await;
    let mail = restoring_mail(server, &owner).await;
    assert_eq!(mail.recipients, [RECIPIENT], "the stored address and nobody else");
    assert_eq!(mail.mail_from, "mail@app.example");
    owner.restores_with(&mail, "a quite different one").await;
    assert!(owner.can_sign_in_with("a quite different one").await);
    assert!(!owner.can_sign_in_with_the_old_password().await);
    mail
}

#[tokio::test]
async fn a_link_that_came_in_clear_from_this_machine_restores_a_password() {
    let Some(server) = SmtpServer::start(&Setup::default()) else { return };
    let mail = restores_a_password(&server, server.settings(SmtpSecurity::Plain)).await;
    assert!(!mail.encrypted);
    assert!(mail.headers["From"].contains("mail@app.example") && mail.headers["To"].contains(RECIPIENT));
    assert!(!mail.headers.contains_key("Bcc") && !mail.headers.contains_key("Cc"));
}

#[tokio::test]
async fn a_link_that_came_over_starttls_restores_a_password() {
    let authority = Authority::new();
    let tls = Some(Tls::Start(authority.identity_of(HOST)));
    let Some(server) = SmtpServer::start(&Setup { tls, ..Setup::default() }) else { return };
    let mut smtp = server.settings(SmtpSecurity::StartTls);
    smtp.root_certificate = Some(authority.pem());
    let mail = restores_a_password(&server, smtp).await;
    assert!(mail.encrypted);
}

#[tokio::test]
async fn a_link_that_came_over_implicit_tls_restores_a_password() {
    let authority = Authority::new();
    let tls = Some(Tls::Implicit(authority.identity_of(HOST)));
    let Some(server) = SmtpServer::start(&Setup { tls, ..Setup::default() }) else { return };
    let mut smtp = server.settings(SmtpSecurity::Implicit);
    smtp.root_certificate = Some(authority.pem());
    let mail = restores_a_password(&server, smtp).await;
    assert!(mail.encrypted);
}

#[tokio::test]
async fn a_server_that_asks_for_a_sign_in_gets_one_over_starttls() {
    let authority = Authority::new();
    let tls = Some(Tls::Start(authority.identity_of(HOST)));
    let setup = Setup { tls, asks_for_sign_in: true, ..Setup::default() };
    let Some(server) = SmtpServer::start(&setup) else { return };
    let mut smtp = server.settings(SmtpSecurity::StartTls);
    smtp.root_certificate = Some(authority.pem());
    smtp.user = Some(USER.to_owned());
    smtp.password = Some(SmtpPassword::new(PASSWORD));
    let mail = restores_a_password(&server, smtp).await;
    assert!(mail.encrypted && mail.signed_in);
}

#[tokio::test]
async fn a_mail_put_off_by_greylisting_is_sent_at_its_next_time_and_not_before() {
    let setup = Setup { behaviour: Some("rcpt-4xx-once"), ..Setup::default() };
    let Some(server) = SmtpServer::start(&setup) else { return };
    let owner = Owner::signed_up(server.settings(SmtpSecurity::Plain)).await;
    owner.asks_for_a_link().await;
    assert_eq!(owner.mail_is_delivered().await.0.put_off, 1);
    owner.waits(Duration::from_secs(14));
    assert_eq!(owner.mail_is_delivered().await.0, <_>::default());
    owner.waits(Duration::from_secs(1));
    assert_eq!(owner.mail_is_delivered().await.0.done, 1);
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    owner.restores_with(&mails[0], "a quite different one").await;
}

#[tokio::test]
async fn a_mail_that_a_dropped_connection_brings_twice_is_the_same_mail_with_the_same_link() {
    let setup = Setup { behaviour: Some("drop-after-data"), ..Setup::default() };
    let Some(server) = SmtpServer::start(&setup) else { return };
    let owner = Owner::signed_up(server.settings(SmtpSecurity::Plain)).await;
    owner.asks_for_a_link().await;
    owner.mail_is_delivered().await;
    owner.waits(Duration::from_secs(15));
    owner.mail_is_delivered().await;
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].headers["Message-ID"], mails[1].headers["Message-ID"]);
    assert_eq!(token(&mails[0]).len(), 140);
    owner.restores_with(&mails[0], "a quite different one").await;
}

#[tokio::test]
async fn a_mail_that_finds_no_server_within_the_life_of_its_link_is_given_up() {
    let setup = Setup { behaviour: Some("rcpt-4xx"), ..Setup::default() };
    let Some(server) = SmtpServer::start(&setup) else { return };
    let owner = Owner::signed_up(server.settings(SmtpSecurity::Plain)).await;
    owner.asks_for_a_link().await;
    assert_eq!(owner.mail_is_delivered().await.0.put_off, 1);
    owner.waits(Duration::from_mins(31));
    let (report, log) = owner.mail_is_delivered().await;
    assert_eq!(report.given_up, 1);
    assert!(log.contains("it became too old to send"), "{log}");
}
