use std::time::Duration;

use super::{AttemptKey, Rule};

/// One thing that an attempt is counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Which limit this is, for the operator.
    pub limit: Limit,
    /// What is counted. No two tiers of one attempt have the same key.
    pub key: AttemptKey,
    /// How it is limited.
    pub rule: Rule,
    /// What an earlier success means here.
    pub trust: Trust,
}

/// What an earlier success means to a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Nothing.
    Ignored,
    /// A success makes this key known for so long.
    Given(Duration),
    /// The tier refuses nobody while another key of the same attempt is known. It still counts.
    Honoured,
}

/// A limit, for the operator. A client never learns which one refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Failed tries of a client, whatever the login.
    Client,
    /// Failures of a client at one login.
    LoginAndClient,
    /// Failures at one login, whoever tries.
    Login,
    /// The hard lock of a login.
    Lock,
    /// Sign-ups of a client.
    SignUp,
    /// Mails that a client asks for.
    MailClient,
    /// Mails to an address in an hour.
    MailAddress,
    /// The pause between two mails to an address.
    MailPause,
    /// All mails together.
    Mail,
}

impl Limit {
    /// A stable name for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::LoginAndClient => "login_and_client",
            Self::Login => "login",
            Self::Lock => "lock",
            Self::SignUp => "signup",
            Self::MailClient => "mail_client",
            Self::MailAddress => "mail_address",
            Self::MailPause => "mail_pause",
            Self::Mail => "mail",
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
