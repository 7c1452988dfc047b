use std::io::{self, Write};

use async_trait::async_trait;

use super::compose::eml;
use super::{Mail, MailError, Mailer};

/// Prints each mail whole to the standard output, links included; for development.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConsoleMailer;

#[async_trait]
impl Mailer for ConsoleMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        print_to(&mut io::stdout().lock(), mail)
    }
}

fn print_to(out: &mut impl Write, mail: &Mail) -> Result<(), MailError> {
    let eml = eml(mail)?;
    out.write_all(&eml)
        .and_then(|()| writeln!(out, "{}", "-".repeat(79)))
        .and_then(|()| out.flush())
        .map_err(MailError::temporary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Rendered;
    use crate::mail::message::tests::mail_to;

    #[test]
    fn the_whole_mail_is_printed_and_mails_are_told_apart() {
        let mut out = Vec::new();
        for text in ["first", "second"] {
            print_to(&mut out, &mail_to("ann@x.example", Rendered::new("s", text.to_owned(), None))).unwrap();
        }
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("From: ") && out.contains("\r\n\r\nfirst\r\n---") && out.contains("---\nFrom: "));
        assert!(out.contains("\r\n\r\nsecond\r\n---"));
    }
}
