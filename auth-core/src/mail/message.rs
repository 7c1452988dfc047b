use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Sender;
use crate::account::EmailAddress;
use crate::clock::Timestamp;

/// One mail to one recipient, ready to be sent.
///
/// Its bodies can carry a live token: `Debug` shows neither them nor the subject, and they are
/// wiped from memory when dropped.
#[derive(Clone)]
pub struct Mail {
    from: Sender,
    to: EmailAddress,
    content: Rendered,
    message_id: MessageId,
    date: Timestamp,
}

impl Mail {
    /// A mail to the address that is stored for an account, never to one from a request.
    #[must_use]
    pub fn new(from: Sender, to: EmailAddress, content: Rendered, message_id: MessageId, date: Timestamp) -> Self {
        Self { from, to, content, message_id, date }
    }

    /// Who it is from.
    #[must_use]
    pub fn from(&self) -> &Sender {
        &self.from
    }

    /// The only recipient.
    #[must_use]
    pub fn to(&self) -> &EmailAddress {
        &self.to
    }

    /// The subject, one line.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.content.subject()
    }

    /// The plain text.
    #[must_use]
    pub fn expose_text(&self) -> &str {
        self.content.expose_text()
    }

    /// The HTML, if the mail has any.
    #[must_use]
    pub fn expose_html(&self) -> Option<&str> {
        self.content.expose_html()
    }

    /// The value of `Message-ID`.
    #[must_use]
    pub fn message_id(&self) -> &MessageId {
        &self.message_id
    }

    /// The value of `Date`.
    #[must_use]
    pub const fn date(&self) -> Timestamp {
        self.date
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("message_id", &self.message_id)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

/// Subject and bodies, as the templates made them.
#[derive(Clone)]
pub struct Rendered {
    subject: Zeroizing<String>,
    text: Zeroizing<String>,
    html: Option<Zeroizing<String>>,
}

impl Rendered {
    /// Content that a host wrote by other means. The subject is made one line.
    #[must_use]
    pub fn new(subject: &str, text: String, html: Option<String>) -> Self {
        let subject = Zeroizing::new(one_line(subject));
        Self { subject, text: Zeroizing::new(text), html: html.map(Zeroizing::new) }
    }

    /// The subject, one line.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The plain text.
    #[must_use]
    pub fn expose_text(&self) -> &str {
        &self.text
    }

    /// The HTML, if there is any.
    #[must_use]
    pub fn expose_html(&self) -> Option<&str> {
        self.html.as_ref().map(|html| html.as_str())
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered(..)")
    }
}

/// White space, control characters and the line separators of Unicode as single spaces.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The identity of a mail (RFC 5322 §3.6.4), with its angle brackets.
///
/// The same for each try to send one job, so that a receiver can tell a repeated delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageId(Box<str>);

impl MessageId {
    /// Made of a digest of `unique`, for instance the key of the job, and the sender's domain.
    #[must_use]
    pub fn derived(unique: &str, from: &Sender) -> Self {
        let digest = Sha256::digest(unique.as_bytes());
        let left = URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or(&digest));
        Self(format!("<{left}@{}>", from.domain()).into())
    }

    /// The text, as in the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::mail) fn mail_to(to: &str, content: Rendered) -> Mail {
        let from: Sender = "The App <mail@app.example>".parse().unwrap();
        let id = MessageId::derived("job 1", &from);
        Mail::new(from, EmailAddress::stored(to), content, id, Timestamp::from_unix_seconds(1_700_000_000))
    }

    #[test]
    fn debug_shows_neither_subject_nor_body() {
        let content = Rendered::new("sentinel", "sentinel".to_owned(), Some("sentinel".to_owned()));
        assert_eq!(format!("{content:?}"), "Rendered(..)");
        assert!(!format!("{:?}", mail_to("ann@x.example", content)).contains("sentinel"));
    }

    #[test]
    fn a_subject_is_one_line() {
        let content = Rendered::new(" a\r\nBcc: b@x.example\u{2028}c\0\td ", String::new(), None);
        assert_eq!(content.subject(), "a Bcc: b@x.example c d");
    }

    #[test]
    fn a_message_id_is_stable_unique_and_holds_nothing_of_its_origin() {
        let from: Sender = "mail@app.example".parse().unwrap();
        let id = |unique| MessageId::derived(unique, &from);
        assert_eq!(id("job 1"), id("job 1"));
        assert_ne!(id("job 1"), id("job 2"));
        assert_eq!(id("a>\r\nBcc: b").as_str().len(), "<@app.example>".len() + 22);
    }
}
