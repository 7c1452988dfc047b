use std::fmt;
use std::str::FromStr;

use lettre::Address;
use lettre::message::Mailbox;
use thiserror::Error;

use crate::account::EmailAddress;

/// Who mails are from (`FROM_EMAIL`): `mail@app.example` or `The App <mail@app.example>`.
///
/// The operator's own, so that a display name and a domain without a dot (`mail@localhost`) are
/// welcome here, unlike in the address of an account.
///
/// ```
/// use auth_core::mail::Sender;
///
/// let sender: Sender = "The App <mail@bücher.example>".parse()?;
/// assert_eq!(sender.address(), "mail@xn--bcher-kva.example");
/// assert_eq!(sender.name(), Some("The App"));
/// # Ok::<(), auth_core::mail::SenderFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl Sender {
    /// The address, its domain in ASCII.
    #[must_use]
    pub fn address(&self) -> &str {
        self.0.email.as_ref()
    }

    /// The display name, if there is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    pub(super) fn domain(&self) -> &str {
        self.0.email.domain()
    }

    pub(super) fn mailbox(&self) -> Mailbox {
        self.0.clone()
    }
}

impl FromStr for Sender {
    type Err = SenderFault;

    fn from_str(given: &str) -> Result<Self, SenderFault> {
        let given = given.trim_matches(' ');
        let (name, address) = match given.strip_suffix('>') {
            None => ("", given),
            Some(open) => open.rsplit_once('<').ok_or(SenderFault::Address)?,
        };
        Ok(Self(Mailbox::new(display_name(name)?, sender_address(address)?)))
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} <{}>", self.address()),
            None => f.write_str(self.address()),
        }
    }
}

fn display_name(name: &str) -> Result<Option<String>, SenderFault> {
    let name = name.trim_matches(' ');
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    if name.contains(|c: char| c.is_control() || matches!(c, '"' | '\\' | '<' | '>')) {
        return Err(SenderFault::Name);
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

fn sender_address(text: &str) -> Result<Address, SenderFault> {
    let ascii = text.parse::<EmailAddress>().map_or_else(|_| text.to_owned(), |address| address.mailbox_text());
    // `lettre` would also take a quoted local part, which can hide a second address.
    if !ascii.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
        return Err(SenderFault::Address);
    }
    ascii.parse().map_err(|_| SenderFault::Address)
}

/// Why a text is no [`Sender`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SenderFault {
    /// The address is none.
    #[error("it is neither an address nor `Name <address>`")]
    Address,
    /// A character in the name that could end it.
    #[error("its name has a quote, a backslash, an angle bracket or a control character in it")]
    Name,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(Option<String>, String), SenderFault> {
        text.parse().map(|sender: Sender| (sender.name().map(str::to_owned), sender.address().to_owned()))
    }

    #[test]
    fn both_documented_forms_are_read() {
        for (text, name, address) in [
            ("a@x.example", None, "a@x.example"),
            ("webmaster@localhost", None, "webmaster@localhost"),
            ("<a@x.example>", None, "a@x.example"),
            ("App <a@x.example>", Some("App"), "a@x.example"),
            ("The App, Inc. <a@x.example>", Some("The App, Inc."), "a@x.example"),
            ("\"The App, Inc.\" <a@x.example>", Some("The App, Inc."), "a@x.example"),
            ("Bücher <a@bücher.example>", Some("Bücher"), "a@xn--bcher-kva.example"),
        ] {
            assert_eq!(parts(text), Ok((name.map(str::to_owned), address.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_single_address_is_refused() {
        for text in [
            "",
            "App",
            "App <>",
            "a@x.example, b@x.example",
            "a@x.example>",
            "\"a,b@y\"@x.example",
            "a@x.example\n",
            "a b@x.example",
        ] {
            assert_eq!(parts(text), Err(SenderFault::Address), "{text:?}");
        }
    }

    #[test]
    fn a_name_cannot_start_a_header_or_another_address() {
        for text in ["App\r\nBcc: b@x.example <a@x.example>", "A <b@x.example> <a@x.example>", "A\" <a@x.example>"] {
            assert_eq!(parts(text), Err(SenderFault::Name), "{text:?}");
        }
    }
}
