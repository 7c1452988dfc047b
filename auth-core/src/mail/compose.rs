//! The RFC 5322 form of a mail, the same for every way to send it.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, MessageBuilder, MultiPart, SinglePart};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{Mail, MailError};
use crate::clock::Timestamp;

/// The longest line without its end (RFC 5322 §2.1.1).
const MAX_LINE: usize = 998;
/// The last second of the year 9999; `lettre` panics beyond it, and before 1970.
const LAST_SECOND: i64 = 253_402_300_799;

/// What the next hop takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// ASCII only: other text is encoded.
    #[cfg_attr(not(any(feature = "smtp", test)), expect(dead_code, reason = "only a mail server can ask for it"))]
    SevenBit,
    /// UTF-8 as it stands (RFC 6152, or a file).
    EightBit,
}

/// The mail as `lettre` knows it, with its envelope.
pub(super) fn compose(mail: &Mail, wire: Wire) -> Result<lettre::Message, MailError> {
    let headers = headers(mail)?;
    let text = part(ContentType::TEXT_PLAIN, mail.expose_text(), wire);
    let message = match mail.expose_html() {
        None => headers.singlepart(text),
        Some(html) => headers.multipart(alternative(text, part(ContentType::TEXT_HTML, html, wire))),
    };
    message.map_err(MailError::permanent)
}

/// The mail as it is written to a file.
pub(super) fn eml(mail: &Mail) -> Result<Zeroizing<Vec<u8>>, MailError> {
    compose(mail, Wire::EightBit).map(|message| Zeroizing::new(message.formatted()))
}

fn headers(mail: &Mail) -> Result<MessageBuilder, MailError> {
    Ok(lettre::Message::builder()
        .from(mail.from().mailbox())
        .to(recipient(mail)?.into())
        .subject(mail.subject())
        .date(system_time(mail.date()))
        .message_id(Some(mail.message_id().as_str().to_owned()))
        // Nobody's holiday notice shall answer (RFC 3834 §5).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())))
}

/// A host's own table can hold addresses that were never checked: what is no single plain ASCII
/// mailbox is not mailed to.
fn recipient(mail: &Mail) -> Result<Address, MailError> {
    let text = mail.to().mailbox_text();
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
        return Err(MailError::permanent(UnmailableAddress));
    }
    text.parse().map_err(|_| MailError::permanent(UnmailableAddress))
}

#[derive(Debug, Error)]
#[error("the stored address is not one that mail can be sent to")]
struct UnmailableAddress;

fn system_time(moment: Timestamp) -> SystemTime {
    let seconds = moment.unix_seconds().clamp(0, LAST_SECOND);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs())
}

fn alternative(text: SinglePart, html: SinglePart) -> MultiPart {
    // RFC 2045 §6.4: a whole is labelled by its most demanding part.
    let eight = [&text, &html].iter().any(|part| part.headers().get() == Some(ContentTransferEncoding::EightBit));
    let whole = MultiPart::alternative();
    let whole = if eight { whole.header(ContentTransferEncoding::EightBit) } else { whole };
    whole.singlepart(text).singlepart(html)
}

fn part(kind: ContentType, text: &str, wire: Wire) -> SinglePart {
    SinglePart::builder().header(kind).body(body(text, wire))
}

/// As it stands wherever the line length allows: `lettre` itself would wrap lines from 76 bytes
/// on, and break the link for whoever reads the mail undecoded.
fn body(text: &str, wire: Wire) -> Body {
    let encoding = match wire {
        _ if !fits_lines(text) => return quoted_printable(text),
        _ if text.is_ascii() => ContentTransferEncoding::SevenBit,
        Wire::EightBit => ContentTransferEncoding::EightBit,
        Wire::SevenBit => return quoted_printable(text),
    };
    Body::dangerous_pre_encoded(text.lines().collect::<Vec<_>>().join("\r\n").into_bytes(), encoding)
}

fn quoted_printable(text: &str) -> Body {
    // `lettre` never refuses this encoding; if it did, the text would go as base64.
    Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable).unwrap_or_else(Body::new)
}

/// No over-long line and nothing that a mail server may not see in one: NUL, a bare CR.
fn fits_lines(text: &str) -> bool {
    text.lines().all(|line| line.len() <= MAX_LINE && !line.contains(|c: char| c.is_ascii_control() && c != '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Rendered;
    use crate::mail::message::tests::mail_to;

    fn mail(text: &str, html: Option<&str>) -> Mail {
        mail_to("ann@x.example", Rendered::new("Hello", text.to_owned(), html.map(str::to_owned)))
    }

    fn composed(mail: &Mail, wire: Wire) -> String {
        String::from_utf8(compose(mail, wire).unwrap().formatted()).unwrap()
    }

    fn headers(eml: &str) -> &str {
        eml.split_once("\r\n\r\n").unwrap().0
    }

    #[test]
    fn the_headers_are_those_of_one_automatic_mail_to_one_recipient() {
        let eml = composed(&mail("Hi", None), Wire::EightBit);
        assert_eq!(
            headers(&eml),
            "From: \"The App\" <mail@app.example>\r\n\
             To: ann@x.example\r\n\
             Subject: Hello\r\n\
             Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n\
             Message-ID: <W6I8h1-M1raV5qmU7b-NhQ@app.example>\r\n\
             Auto-Submitted: auto-generated\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 7bit"
        );
        assert!(eml.ends_with("\r\n\r\nHi\r\n"));
    }

    #[test]
    fn a_long_link_stays_whole_in_both_parts() {
        let link = format!("https://app.example/{}?restoring={}", "a".repeat(400), "b".repeat(140));
        let eml = composed(&mail(&format!("Grüße\n{link}\n"), Some(&format!("<p>{link}</p>"))), Wire::EightBit);
        assert!(headers(&eml).contains("Content-Type: multipart/alternative;"));
        assert!(eml.lines().any(|line| line == link));
        assert!(eml.contains(&format!("<p>{link}</p>")));
        assert_eq!(eml.matches("Content-Transfer-Encoding: 8bit").count(), 2);
        assert_eq!(eml.matches("Content-Transfer-Encoding: 7bit").count(), 1);
        assert!(eml.find("text/plain").unwrap() < eml.find("text/html").unwrap(), "the preferred part is the last");
    }

    #[test]
    fn a_seven_bit_server_gets_ascii_only() {
        let eml = composed(&mail("Grüße\n", Some("<p>Grüße, Straße</p>")), Wire::SevenBit);
        assert!(eml.is_ascii() && !eml.contains("8bit"));
        assert!(eml.contains("Gr=C3=BC=C3=9Fe"));
    }

    #[test]
    fn lines_that_no_server_takes_are_encoded() {
        for text in ["x".repeat(999), "a\rb".to_owned(), "a\0b".to_owned()] {
            let eml = composed(&mail(&text, None), Wire::EightBit);
            assert!(eml.lines().all(|line| line.len() <= 998 && !line.contains(['\r', '\0'])));
        }
    }

    #[test]
    fn line_ends_are_those_of_mail() {
        let eml = composed(&mail("a\nb\r\nc\n", None), Wire::EightBit);
        assert!(eml.ends_with("\r\n\r\na\r\nb\r\nc\r\n"));
    }

    #[test]
    fn the_envelope_has_the_stored_local_part_and_an_ascii_domain() {
        let mail = mail_to("Ann.O'Neil@Bücher.Example", Rendered::new("s", "t".to_owned(), None));
        let message = compose(&mail, Wire::EightBit).unwrap();
        let recipients: Vec<_> = message.envelope().to().iter().map(ToString::to_string).collect();
        assert_eq!(recipients, ["Ann.O'Neil@xn--bcher-kva.example"]);
        assert_eq!(message.envelope().from().map(ToString::to_string).as_deref(), Some("mail@app.example"));
    }

    #[test]
    fn an_unchecked_stored_address_cannot_reach_a_second_mailbox() {
        for to in [
            "",
            "ann",
            "a@x.example,b@x.example",
            "a@x.example b@x.example",
            "\"a,b@y\"@x.example",
            "Ann <a@x.example>",
            "a@x.example\r\nBcc: b@x.example",
            "mıke@x.example",
            "a@x.example>",
        ] {
            let error = compose(&mail_to(to, Rendered::new("s", "t".to_owned(), None)), Wire::EightBit).unwrap_err();
            assert!(matches!(error, MailError::Permanent(_)), "{to:?}");
        }
    }

    #[test]
    fn a_subject_cannot_start_a_header() {
        let content = Rendered::new("Hi\r\nBcc: b@x.example\r\n\r\nbody", "t".to_owned(), None);
        let eml = composed(&mail_to("ann@x.example", content), Wire::EightBit);
        assert!(headers(&eml).contains("Subject: Hi Bcc: b@x.example body\r\n"));
        assert!(!eml.contains("\nBcc:"));
    }

    #[test]
    fn a_date_outside_the_calendar_does_not_panic() {
        for seconds in [i64::MIN, -1, LAST_SECOND + 1, i64::MAX] {
            system_time(Timestamp::from_unix_seconds(seconds));
        }
    }
}
