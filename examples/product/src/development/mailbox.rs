use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use auth_core::mail::{Mail, MemoryMailer};
use serde::Serialize;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::Answer;
use crate::pages::{Visit, render_mailbox};

/// The page that shows what would have been mailed. Whoever opens it can take over any account
/// here, so it is opened by a key, from this machine, without a proxy in between.
#[derive(Clone)]
pub struct Mailbox {
    mails: MemoryMailer,
    key: Zeroizing<String>,
}

impl Mailbox {
    /// The mailbox of `mails`, opened by `key`.
    #[must_use]
    pub fn new(mails: MemoryMailer, key: Zeroizing<String>) -> Self {
        Self { mails, key }
    }

    /// The path that opens it, for the person at the terminal only.
    pub(crate) fn path(&self) -> String {
        format!("/dev/mailbox?key={}", self.key.as_str())
    }

    /// The page; `None` for everybody who may not see that there is one.
    #[must_use]
    pub fn open(&self, visit: &Visit<'_>) -> Option<Answer> {
        let key = visit.parameter("key").unwrap_or_default();
        let is_key = bool::from(key.as_bytes().ct_eq(self.key.as_bytes()));
        let admitted = is_key && is_for_this_machine(visit) && !visit.header_names().any(is_forwarding);
        admitted.then(|| render_mailbox(&self.shown()))
    }

    fn shown(&self) -> Shown {
        Shown { mails: self.mails.sent().iter().rev().map(ShownMail::of).collect() }
    }
}

/// A name of another machine that leads here is how a hostile page would read this one (DNS
/// rebinding).
fn is_for_this_machine(visit: &Visit<'_>) -> bool {
    let mut hosts = visit.header("host");
    match (hosts.next().map(std::str::from_utf8), hosts.next()) {
        (Some(Ok(host)), None) => is_loopback(host),
        _ => false,
    }
}

fn is_loopback(host: &str) -> bool {
    if let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return is_port(port) && address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback());
    }
    let (name, port) = host.find(':').map_or((host, ""), |colon| host.split_at(colon));
    is_port(port)
        && (name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback()))
}

fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_forwarding(header: &str) -> bool {
    header.starts_with("x-forwarded") || matches!(header, "forwarded" | "via" | "x-real-ip")
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(..)")
    }
}

#[derive(Serialize)]
struct Shown {
    mails: Vec<ShownMail>,
}

#[derive(Serialize)]
struct ShownMail {
    subject: String,
    to: String,
    date: String,
    parts: Vec<TextPart>,
}

impl ShownMail {
    fn of(mail: &Mail) -> Self {
        Self {
            subject: mail.subject().to_owned(),
            to: mail.to().as_str().to_owned(),
            date: mail.date().to_rfc3339(),
            parts: parts(mail.expose_text()),
        }
    }
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct TextPart {
    text: String,
    link: bool,
}

/// Cuts a text at white space, so that its links stand alone.
fn parts(text: &str) -> Vec<TextPart> {
    let is_link = |word: &str| word.starts_with("http://") || word.starts_with("https://");
    let words = text.split_inclusive(char::is_whitespace).flat_map(|word| {
        let (body, space) = word.split_at(word.trim_end().len());
        [body, space]
    });
    let parts = words.filter(|word| !word.is_empty());
    parts.map(|word| TextPart { text: word.to_owned(), link: is_link(word) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::Timestamp;
    use auth_core::account::EmailAddress;
    use auth_core::mail::{Mailer as _, MessageId, Rendered, Sender};

    const KEY: &str = "key=the-key";

    fn mailbox() -> Mailbox {
        Mailbox::new(MemoryMailer::new(), Zeroizing::new("the-key".to_owned()))
    }

    fn opens(query: &str, headers: &[(&str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (*name, value.as_bytes()));
        mailbox().open(&Visit::new("GET", "/dev/mailbox", Some(query), headers)).is_some()
    }

    #[test]
    fn the_key_opens_it_from_this_machine() {
        for host in ["127.0.0.1:3000", "localhost", "LOCALHOST:3000", "[::1]:3000", "127.8.8.8"] {
            assert!(opens(KEY, &[("host", host)]), "{host}");
        }
    }

    #[test]
    fn without_the_right_key_it_stays_closed() {
        for query in ["", "key=", "key=the-kez", "key=the-key2", "KEY=the-key", "key=x&key=the-key"] {
            assert!(!opens(query, &[("host", "localhost")]), "{query}");
        }
    }

    #[test]
    fn another_name_for_this_machine_does_not_open_it() {
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", "", "[::]", "localhost:a"]
        {
            assert!(!opens(KEY, &[("host", host)]), "{host}");
        }
        assert!(!opens(KEY, &[]));
        assert!(!opens(KEY, &[("host", "localhost"), ("host", "localhost")]));
    }

    #[test]
    fn a_proxy_in_between_closes_it() {
        for header in ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via", "x-real-ip"] {
            assert!(!opens(KEY, &[("host", "localhost"), (header, "")]), "{header}");
        }
    }

    #[tokio::test]
    async fn a_mail_is_shown_escaped_and_its_link_is_one() {
        let mailbox = mailbox();
        let from: Sender = "app@x.example".parse().unwrap();
        let content = Rendered::new("<b>", "Open\nhttp://127.0.0.1/r?a=1&restoring=T\n<i>".to_owned(), None);
        let id = MessageId::derived("1", &from);
        let to = EmailAddress::stored("ann@x.example");
        mailbox.mails.send(&Mail::new(from, to, content, id, Timestamp::from_millis(0))).await.unwrap();
        let visit = Visit::new("GET", "/dev/mailbox", Some(KEY), [("host", &b"localhost"[..])]);
        let page = String::from_utf8(mailbox.open(&visit).unwrap().body).unwrap();
        assert!(!page.contains("<b>") && !page.contains("<i>"), "{page}");
        assert!(page.contains("restoring=T\" rel=\"noreferrer\">http"), "{page}");
    }

    #[test]
    fn a_text_is_cut_into_links_and_the_rest() {
        let cut = parts("Go http://a\n\nnow");
        assert_eq!(cut.iter().map(|part| part.text.as_str()).collect::<String>(), "Go http://a\n\nnow");
        assert_eq!(
            cut.iter().filter(|part| part.link).map(|part| part.text.as_str()).collect::<Vec<_>>(),
            ["http://a"]
        );
    }
}
