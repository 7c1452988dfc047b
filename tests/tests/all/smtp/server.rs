use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use auth_core::mail::{SmtpSecurity, SmtpSettings};
use auth_tests::services::{Identity, Service};
use serde::Deserialize;
use tempfile::TempDir;

pub(super) const HOST: &str = "127.0.0.1";
pub(super) const USER: &str = "app";
pub(super) const PASSWORD: &str = "the password of the app";

/// How a server is to be set up.
#[derive(Default)]
pub(super) struct Setup {
    pub(super) tls: Option<Tls>,
    pub(super) asks_for_sign_in: bool,
    /// One of the behaviours of `smtp_server.py`.
    pub(super) behaviour: Option<&'static str>,
}

pub(super) enum Tls {
    Start(Identity),
    Implicit(Identity),
}

/// A server process; dropping it ends the process.
pub(super) struct SmtpServer {
    process: Child,
    port: u16,
    folder: TempDir,
}

/// A mail as the server took it, read by Python's own parser.
#[derive(Debug, Deserialize)]
pub(super) struct Received {
    pub(super) mail_from: String,
    pub(super) recipients: Vec<String>,
    pub(super) headers: HashMap<String, String>,
    pub(super) text: String,
    pub(super) encrypted: bool,
    pub(super) signed_in: bool,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line {
    Connection,
    Mail(Received),
}

impl SmtpServer {
    /// `None`, and said so, where this machine has no such server.
    pub(super) fn start(setup: &Setup) -> Option<Self> {
        let python = Service::Smtp.program_or_say_so()?;
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/smtp_server.py"))
            .arg(journal(folder.path()))
            .args(setup.arguments(folder.path()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Some(Self { process, port: port.trim().parse().unwrap(), folder })
    }

    pub(super) fn settings(&self, security: SmtpSecurity) -> SmtpSettings {
        let mut settings = SmtpSettings::new(HOST, security);
        settings.port = Some(self.port);
        settings
    }

    /// Every mail that was taken or refused after its content was read.
    pub(super) fn mails(&self) -> Vec<Received> {
        let mails = self.journal().into_iter().filter_map(|line| match line {
            Line::Mail(mail) => Some(mail),
            Line::Connection => None,
        });
        mails.collect()
    }

    pub(super) fn connections(&self) -> usize {
        self.journal().iter().filter(|line| matches!(line, Line::Connection)).count()
    }

    fn journal(&self) -> Vec<Line> {
        let lines = fs::read_to_string(journal(self.folder.path())).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Setup {
    fn arguments(&self, folder: &Path) -> Vec<String> {
        let mut arguments = Vec::new();
        if let Some(tls) = &self.tls {
            let (kind, identity) = match tls {
                Tls::Start(identity) => ("starttls", identity),
                Tls::Implicit(identity) => ("implicit", identity),
            };
            let certificate = written(folder, "certificate.pem", &identity.certificate);
            let key = written(folder, "key.pem", &identity.key);
            arguments.extend(["--tls", kind, "--certificate", &certificate, "--key", &key].map(str::to_owned));
        }
        if self.asks_for_sign_in {
            arguments.extend(["--user", USER, "--password", PASSWORD].map(str::to_owned));
        }
        if let Some(behaviour) = self.behaviour {
            arguments.extend(["--behaviour", behaviour].map(str::to_owned));
        }
        arguments
    }
}

fn journal(folder: &Path) -> PathBuf {
    folder.join("journal.jsonl")
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}
