use std::fmt;

use thiserror::Error;

use super::NameRule;

/// Longest address and longest local part, in bytes (RFC 5321 §4.5.3.1 with its errata).
const MAX_ADDRESS: usize = 254;
const MAX_LOCAL: usize = 64;

/// One e-mail address, as its owner wrote it.
///
/// An ASCII dot-atom before the `@` (RFC 5322 §3.2.3, no quoted form), a domain with a dot after
/// it, at most 254 bytes. No display name, no list, no white space: nothing here can become a
/// second recipient or a header.
///
/// Two addresses are the same when the lower-cased local part and the A-label of the domain
/// (UTS 46) agree. Mail always goes to the address in the store, never to one in a request.
///
/// ```
/// use auth_core::account::EmailAddress;
///
/// let address: EmailAddress = "Ann@Bücher.example".parse()?;
/// assert_eq!(address.as_str(), "Ann@Bücher.example");
/// assert_eq!(address.canonical().as_str(), "ann@xn--bcher-kva.example");
/// assert!("Ann <ann@example.org>".parse::<EmailAddress>().is_err());
/// # Ok::<(), auth_core::account::EmailFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    given: Box<str>,
    canonical: CanonicalEmail,
}

/// The form in which addresses are compared; unique among accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalEmail(Box<str>);

impl EmailAddress {
    /// An address as it stands in a host's own table, which may be older than these rules.
    ///
    /// An address that these rules do not accept is compared by its lower-cased text.
    #[must_use]
    pub fn stored(given: impl Into<Box<str>>) -> Self {
        let given = given.into();
        let canonical = canonical_as_stored(&given).into();
        Self { given, canonical: CanonicalEmail(canonical) }
    }

    /// Checks an address that somebody wants to be known by.
    ///
    /// # Errors
    /// When it is no address under `rule`.
    pub fn read(given: &str, rule: NameRule) -> Result<Self, EmailFault> {
        let canonical = match rule {
            NameRule::Apart => canonicalize(given)?,
            NameRule::Django => canonicalize_as_django(given)?,
        };
        Ok(Self { given: given.into(), canonical: CanonicalEmail(canonical.into()) })
    }

    /// The address as first given: what is shown and where mail goes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The form that is compared.
    #[must_use]
    pub fn canonical(&self) -> &CanonicalEmail {
        &self.canonical
    }

    /// The form that mail servers take: as given, with a domain that is not ASCII as A-label.
    #[must_use]
    pub fn mailbox_text(&self) -> String {
        match self.canonical.0.rsplit_once('@') {
            Some((_, domain)) if !self.given.is_ascii() => format!("{}@{domain}", self.local_part()),
            _ => self.given.to_string(),
        }
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.given.rsplit_once('@').map_or(&*self.given, |(local, _)| local)
    }
}

impl CanonicalEmail {
    /// A canonical address that one of ours wrote earlier, for instance into the outbox.
    #[must_use]
    pub fn stored(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// A text that need be no address. A table that is older than our rules may have it all the
    /// same, and it is compared as [`EmailAddress::stored`] compares.
    ///
    /// # Errors
    /// Over 254 characters.
    pub(crate) fn of_any_text(text: &str) -> Result<Self, EmailFault> {
        if text.chars().count() > MAX_ADDRESS {
            return Err(EmailFault::TooLong);
        }
        // Not every database can be asked for a NUL.
        let printable = text.to_lowercase().replace(char::is_control, "\u{fffd}");
        Ok(Self(printable.into()))
    }

    /// The text, for a store to compare.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = EmailFault;

    fn from_str(given: &str) -> Result<Self, EmailFault> {
        Self::read(given, NameRule::Apart)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

/// Local part and domain of an address that is short enough; of the domain nothing is known yet.
fn split(given: &str) -> Result<(&str, &str), EmailFault> {
    if given.len() > MAX_ADDRESS {
        return Err(EmailFault::TooLong);
    }
    let (local, domain) = given.split_once('@').ok_or(EmailFault::Shape)?;
    if local.len() > MAX_LOCAL {
        return Err(EmailFault::TooLong);
    }
    if is_dot_atom(local) { Ok((local, domain)) } else { Err(EmailFault::LocalPart) }
}

fn canonicalize_as_django(given: &str) -> Result<String, EmailFault> {
    let (local, domain) = split(given)?;
    if domain.eq_ignore_ascii_case("localhost") {
        return Ok(given.to_ascii_lowercase());
    }
    if domain.rsplit('.').next().is_some_and(|label| label.chars().count() < 2) {
        return Err(EmailFault::Domain);
    }
    joined(local, domain)
}

/// Whether it is an address or not. Where nothing has to be decoded, either gives small letters.
fn canonical_as_stored(given: &str) -> String {
    let plain = given.is_ascii() && !given.as_bytes().windows(4).any(|four| four.eq_ignore_ascii_case(b"xn--"));
    if plain { given.to_ascii_lowercase() } else { canonicalize(given).unwrap_or_else(|_| given.to_lowercase()) }
}

fn canonicalize(given: &str) -> Result<String, EmailFault> {
    let (local, domain) = split(given)?;
    joined(local, domain)
}

fn joined(local: &str, domain: &str) -> Result<String, EmailFault> {
    let domain = domain_a_label(domain).ok_or(EmailFault::Domain)?;
    let canonical = format!("{}@{domain}", local.to_ascii_lowercase());
    // The A-label can be longer than what was typed; mail servers measure the A-label.
    if canonical.len() > MAX_ADDRESS { Err(EmailFault::TooLong) } else { Ok(canonical) }
}

fn is_dot_atom(local: &str) -> bool {
    local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_text))
}

/// `atext` of RFC 5322 §3.2.3.
const fn is_atom_text(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'/'
                | b'='
                | b'?'
                | b'^'
                | b'_'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
        )
}

fn domain_a_label(domain: &str) -> Option<String> {
    // The strict form refuses empty, over-long and hyphen-edged labels and all but letters,
    // digits and hyphens, so that no full-width dot or at sign survives it.
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    // `idna` also takes `。` for a dot: such an address would be shown and mailed in a form that
    // mail programs do not read as this domain.
    let dots = |text: &str| text.bytes().filter(|byte| *byte == b'.').count();
    let last = ascii.rsplit('.').next()?;
    let acceptable = dots(&ascii) > 0
        && dots(&ascii) == dots(domain)
        && !last.is_empty()
        && !last.bytes().all(|byte| byte.is_ascii_digit());
    acceptable.then_some(ascii)
}

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EmailFault {
    /// There is no `@`.
    #[error("the address has no @")]
    Shape,
    /// Over 254 bytes, or over 64 before the `@`.
    #[error("the address is too long")]
    TooLong,
    /// Not an ASCII dot-atom before the `@`.
    #[error("the part before the @ is not a plain local part")]
    LocalPart,
    /// Not a domain name with a dot, or a numeric last label.
    #[error("the part after the @ is not a domain name")]
    Domain,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<EmailAddress, EmailFault> {
        text.parse()
    }

    #[test]
    fn case_and_the_form_of_the_domain_do_not_make_two_addresses() {
        let canonical = |text: &str| parse(text).map(|address| address.canonical().clone());
        assert_eq!(canonical("Ann@X.com"), canonical("aNN@x.COM"));
        assert_eq!(canonical("a@Bücher.example"), canonical("A@xn--bcher-kva.example"));
        assert_eq!(canonical("a@ＢÜCHER.example"), canonical("a@bücher.example"));
    }

    #[test]
    fn mail_servers_see_the_address_as_given_and_an_ascii_domain() {
        let mailbox = |text: &str| EmailAddress::stored(text).mailbox_text();
        assert_eq!(mailbox("Ann.O'Neil@Bücher.Example"), "Ann.O'Neil@xn--bcher-kva.example");
        assert_eq!(mailbox("Ann@Example.ORG"), "Ann@Example.ORG");
        assert_eq!(mailbox("no address"), "no address");
    }

    #[test]
    fn what_could_reach_a_second_mailbox_is_refused() {
        for text in [
            "",
            "a",
            "@x.com",
            "a@",
            "a@x",
            "a@localhost",
            "a@x.com ",
            " a@x.com",
            "a@x.com\n",
            "a@x.com\r\nBcc: b@x.com",
            "a\0@x.com",
            "Ann <a@x.com>",
            "<a@x.com>",
            "a@x.com,b@x.com",
            "a@x.com b@x.com",
            "a@x.com;b@x.com",
            "a@b@x.com",
            "\"a,b@y.com\"@x.com",
            "\"a\"@x.com",
            "a..b@x.com",
            ".a@x.com",
            "a.@x.com",
            "a@x..com",
            "a@.x.com",
            "a@x.com.",
            "a@-x.com",
            "a@x_y.com",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@x.123",
            "mıke@example.org",
            "mi\u{212a}e@example.org",
            "ﬁ@example.org",
            "a@x.c。om",
            "a＠x.com",
            "a@x\u{ff0e}com",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn django_also_takes_localhost_and_no_last_label_of_one_character() {
        let read = |text| EmailAddress::read(text, NameRule::Django);
        let local = read("Ann@LocalHost").unwrap();
        assert_eq!(local.canonical().as_str(), "ann@localhost");
        assert_eq!(EmailAddress::stored("Ann@LocalHost"), local);
        assert_eq!(read("a@example.c"), Err(EmailFault::Domain));
        for text in ["a", "a@", "a@x.com\n", ".a@x.com", "ä@x.com", "a@local host", "a\0@localhost"] {
            assert!(read(text).is_err(), "{text:?}");
        }
        assert!(read("a@xn--bcher-kva.example").is_ok() && read("a@EXAMPLE.COM").is_ok());
    }

    #[test]
    fn a_stored_text_without_anything_to_decode_is_compared_as_any_other_is() {
        let asciis = (0_u8..128).map(char::from);
        let texts = asciis.flat_map(|c| [format!("A{c}b@Example.Com"), format!("a@X{c}.Org"), format!("a@x.Or{c}")]);
        for text in texts.chain(["", "a", "A@LocalHost", "a@X.Org.", "a@B@x.org", "a@127.0.0.1"].map(str::to_owned)) {
            let whole = canonicalize(&text).unwrap_or_else(|_| text.to_lowercase());
            assert_eq!(canonical_as_stored(&text), whole, "{text:?}");
        }
        assert_eq!(canonical_as_stored("A@XN--bcher-kva.Example"), canonical_as_stored("a@BÜCHER.example"));
    }

    #[test]
    fn any_text_is_compared_as_it_would_be_stored() {
        let of = |text: &str| CanonicalEmail::of_any_text(text).map(|text| text.as_str().to_owned());
        assert_eq!(of("Not an email\0"), Ok("not an email\u{fffd}".to_owned()));
        assert_eq!(of("A@b_c"), Ok(EmailAddress::stored("A@b_c").canonical().as_str().to_owned()));
        assert_eq!(of(&"é".repeat(254)).map(|text| text.chars().count()), Ok(254));
        assert_eq!(of(&"x".repeat(255)), Err(EmailFault::TooLong));
    }

    #[test]
    fn lengths_are_those_of_rfc_5321() {
        let domain = format!("{}.{}.{}.com", "d".repeat(63), "d".repeat(63), "d".repeat(57));
        assert_eq!(domain.len(), 189);
        assert!(parse(&format!("{}@{domain}", "l".repeat(64))).is_ok());
        assert_eq!(parse(&format!("{}@x.com", "l".repeat(65))), Err(EmailFault::TooLong));
        assert_eq!(parse(&format!("{}@d{domain}", "l".repeat(64))), Err(EmailFault::TooLong));
        assert_eq!(parse(&format!("a@{}.com", "d".repeat(64))), Err(EmailFault::Domain));
    }

    #[test]
    fn sub_addresses_and_plain_atoms_are_kept_apart() {
        assert_ne!(parse("a+b@x.com").map(|a| a.canonical().clone()), parse("a@x.com").map(|a| a.canonical().clone()));
        assert!(parse("o'neil_-/=?^`{|}~!#$%&*@x.com").is_ok());
    }
}
