use std::time::Duration;

use super::SignupIdentity;
use crate::account::NameRule;
use crate::mail::LinkForm;

/// What `/restore` takes for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestoreRequests {
    /// An address, and nothing else.
    Addresses,
    /// Any text that fits the column, answered the same whether or not somebody has it.
    AnyText,
}

/// How the actions behave where profiles differ.
#[derive(Clone, Copy)]
pub(crate) struct Conduct {
    pub(crate) token_life: Duration,
    pub(crate) restore_life: Duration,
    pub(crate) identity: SignupIdentity,
    pub(crate) names: NameRule,
    pub(crate) records_last_login: bool,
    pub(crate) password_notice: bool,
    pub(crate) restore_requests: RestoreRequests,
    pub(crate) restore_link: LinkForm,
    /// Whether tokens without a session are honoured, where the stores know of a takeover.
    pub(crate) legacy_tokens: bool,
}
