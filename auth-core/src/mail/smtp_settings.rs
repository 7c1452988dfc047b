use std::fmt;
use std::net::Ipv6Addr;
use std::time::Duration;

use url::Host;
use zeroize::Zeroizing;

use super::link::is_loopback;
use crate::fault::Fault;

/// The mail server to hand mails to.
///
/// ```
/// use auth_core::mail::{SmtpPassword, SmtpSecurity, SmtpSettings};
///
/// let mut settings = SmtpSettings::new("smtp.app.example", SmtpSecurity::Implicit);
/// settings.user = Some("app".to_owned());
/// settings.password = Some(SmtpPassword::new("secret"));
/// assert!(settings.faults().is_empty());
/// assert_eq!(settings.port(), 465);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SmtpSettings {
    /// Name or address of the server (`EMAIL_HOST`).
    pub host: String,
    /// Its port (`EMAIL_PORT`); by default the usual one of `security`.
    pub port: Option<u16>,
    /// Whom to sign in as (`EMAIL_HOST_USER`); without one there is no sign-in.
    pub user: Option<String>,
    /// The password of `user` (`EMAIL_HOST_PASSWORD`).
    pub password: Option<SmtpPassword>,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// The longest time that one mail may take, from the connection to the server's answer; 10
    /// seconds by default, at most 20. Longer lets a slow server finish; shorter frees the worker sooner,
    /// and a mail that the server takes after it is sent twice.
    pub timeout: Duration,
    /// One or more certificates in PEM. The server is trusted by these alone, in place of the
    /// public authorities.
    pub root_certificate: Option<Vec<u8>>,
}

/// A worker owns a mail for half a minute; sending must end well before.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(20);

impl SmtpSettings {
    /// A server, with everything optional at its default.
    #[must_use]
    pub fn new(host: impl Into<String>, security: SmtpSecurity) -> Self {
        Self {
            host: host.into(),
            port: None,
            user: None,
            password: None,
            security,
            timeout: Duration::from_secs(10),
            root_certificate: None,
        }
    }

    /// The port that is used.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.security.default_port())
    }

    /// What is wrong with these settings by themselves.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        [self.host_fault(), self.sign_in_fault(), self.timeout_fault()].into_iter().flatten().collect()
    }

    fn host_fault(&self) -> Option<Fault> {
        let Some(host) = parse_host(&self.host) else {
            return Some(Fault::new("EMAIL_HOST", "it is no host name", "name the mail server, without a port"));
        };
        (self.security == SmtpSecurity::Plain && !is_loopback(&host)).then(|| {
            let problem = "mail would go to another machine in clear, with live links in it";
            Fault::new("EMAIL_USE_TLS", problem, "set EMAIL_USE_TLS or EMAIL_USE_SSL, or use a server on this machine")
        })
    }

    fn sign_in_fault(&self) -> Option<Fault> {
        match (&self.user, &self.password) {
            (Some(_), None) => {
                Some(Fault::new("EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER has no password", "set both or neither"))
            }
            (None, Some(_)) => {
                Some(Fault::new("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD has no user", "set both or neither"))
            }
            _ => None,
        }
    }

    fn timeout_fault(&self) -> Option<Fault> {
        let sensible = !self.timeout.is_zero() && self.timeout <= LONGEST_TIMEOUT;
        (!sensible)
            .then(|| Fault::new("smtp_timeout", "it is not between nothing and 20 seconds", "Use 10 seconds or so"))
    }

    /// The host as a resolver and a certificate check take it: an IPv6 address without brackets.
    #[cfg(feature = "smtp")]
    pub(super) fn host_text(&self) -> Option<String> {
        Some(match parse_host(&self.host)? {
            Host::Domain(name) => name,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        })
    }
}

fn parse_host(text: &str) -> Option<Host> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    match bare.parse::<Ipv6Addr>() {
        Ok(address) => Some(Host::Ipv6(address)),
        Err(_) if bare.len() != text.len() => None,
        Err(_) => Host::parse(text).ok(),
    }
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Not at all; only to a server on this machine. Port 25.
    Plain,
    /// STARTTLS (RFC 3207), required: without it nothing is sent (`EMAIL_USE_TLS`). Port 587.
    StartTls,
    /// TLS from the first byte (RFC 8314; `EMAIL_USE_SSL`). Port 465.
    Implicit,
}

impl SmtpSecurity {
    /// The usual port.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Plain => 25,
            Self::StartTls => 587,
            Self::Implicit => 465,
        }
    }
}

/// The password for a mail server, wiped from memory when dropped.
#[derive(Clone)]
pub struct SmtpPassword(Zeroizing<String>);

impl SmtpPassword {
    /// Takes the clear text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The clear text, for signing in.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SmtpPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpPassword(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(settings: &SmtpSettings) -> Vec<&'static str> {
        settings.faults().iter().map(|fault| fault.setting).collect()
    }

    #[test]
    fn mail_goes_in_clear_to_this_machine_only() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"] {
            assert_eq!(faults(&SmtpSettings::new(host, SmtpSecurity::Plain)), [""; 0], "{host}");
        }
        for host in ["smtp.app.example", "localhost.app.example", "10.0.0.1", "0.0.0.0", "::2", "::ffff:10.0.0.1"] {
            assert_eq!(faults(&SmtpSettings::new(host, SmtpSecurity::Plain)), ["EMAIL_USE_TLS"], "{host}");
            assert_eq!(faults(&SmtpSettings::new(host, SmtpSecurity::StartTls)), [""; 0], "{host}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for host in ["", " ", "smtp.app.example:25", "smtp app", "a\r\nb", "[localhost]", "smtp://x", "a@b"] {
            assert_eq!(faults(&SmtpSettings::new(host, SmtpSecurity::Implicit)), ["EMAIL_HOST"], "{host:?}");
        }
    }

    #[test]
    fn user_and_password_go_together_and_every_fault_is_reported() {
        let mut settings = SmtpSettings::new("", SmtpSecurity::StartTls);
        settings.user = Some("ann".to_owned());
        settings.timeout = Duration::ZERO;
        assert_eq!(faults(&settings), ["EMAIL_HOST", "EMAIL_HOST_PASSWORD", "smtp_timeout"]);
        settings.user = None;
        settings.password = Some(SmtpPassword::new("sentinel"));
        assert_eq!(faults(&settings), ["EMAIL_HOST", "EMAIL_HOST_USER", "smtp_timeout"]);
        assert!(!format!("{settings:?}").contains("sentinel"));
    }

    #[test]
    fn each_security_has_its_usual_port() {
        let port = |security| SmtpSettings::new("localhost", security).port();
        assert_eq!([SmtpSecurity::Plain, SmtpSecurity::StartTls, SmtpSecurity::Implicit].map(port), [25, 587, 465]);
    }
}
