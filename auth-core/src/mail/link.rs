use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::{Host, Url, form_urlencoded};
use zeroize::Zeroizing;

/// The query parameter that carries the restoring token.
const PARAMETER: &str = "restoring";
/// With the token, and escaped in HTML, the link still fits an unfolded line (998 bytes, RFC 5322 §2.1.1).
const MAX_LENGTH: usize = 700;

/// The front-end's page where a new password is chosen (`PATH_TO_RESTORE`).
///
/// An absolute `https` URL, or `http` to the machine itself. Mails link to it and to nothing
/// else: no header of a request has a say in it.
///
/// ```
/// use auth_core::mail::RestoreUrl;
///
/// let url: RestoreUrl = "https://app.example/new?lang=en#form".parse()?;
/// assert_eq!(url.link("T").expose(), "https://app.example/new?lang=en&restoring=T#form");
/// assert!("http://app.example/new".parse::<RestoreUrl>().is_err());
/// # Ok::<(), auth_core::mail::RestoreUrlFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreUrl {
    /// Up to the fragment, ready for one more parameter, exactly as the operator wrote it.
    open: Box<str>,
    /// Empty, or from the `#` on.
    fragment: Box<str>,
}

impl RestoreUrl {
    /// The same page, linked to in this form.
    #[must_use]
    pub(crate) fn with_form(self, form: LinkForm) -> Self {
        let (page, query) = self.open.split_at(self.open.find('?').unwrap_or(self.open.len()));
        let slash = if form == LinkForm::SlashBeforeQuery && !page.ends_with('/') { "/" } else { "" };
        Self { open: format!("{page}{slash}{query}").into(), fragment: self.fragment }
    }

    /// The link for one token.
    #[must_use]
    pub fn link(&self, token: &str) -> Link {
        let token = form_urlencoded::byte_serialize(token.as_bytes());
        let length = self.open.len() + PARAMETER.len() + 1 + 3 * token.size_hint().0 + self.fragment.len();
        let mut link = Zeroizing::new(String::with_capacity(length));
        link.push_str(&self.open);
        link.push_str(PARAMETER);
        link.push('=');
        link.extend(token);
        link.push_str(&self.fragment);
        Link(link)
    }
}

/// How the parameter is joined to the page's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkForm {
    /// Nothing is added but the parameter.
    AsWritten,
    /// The path ends in a slash, as the Python service always wrote it.
    SlashBeforeQuery,
}

impl FromStr for RestoreUrl {
    type Err = RestoreUrlFault;

    fn from_str(given: &str) -> Result<Self, RestoreUrlFault> {
        check(given)?;
        let (page, fragment) = given.find('#').map_or((given, ""), |at| given.split_at(at));
        let joint = match page.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        Ok(Self { open: format!("{page}{joint}").into(), fragment: fragment.into() })
    }
}

fn check(given: &str) -> Result<(), RestoreUrlFault> {
    if given.len() > MAX_LENGTH {
        return Err(RestoreUrlFault::TooLong);
    }
    // `url` drops white space and reads a backslash as a slash; mail programs do neither.
    if !given.bytes().all(is_url_byte) {
        return Err(RestoreUrlFault::Characters);
    }
    let url = Url::parse(given).map_err(|_| RestoreUrlFault::NotAbsolute)?;
    // `url` takes `https:host` and `https:///host` too; in a mail these lead nowhere.
    let (_, rest) = given.split_once("://").ok_or(RestoreUrlFault::NotAbsolute)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(RestoreUrlFault::NotAbsolute);
    }
    if authority.contains('@') {
        return Err(RestoreUrlFault::UserInfo);
    }
    match url.scheme() {
        "https" => {}
        "http" if url.host().is_some_and(|host| is_loopback(&host)) => {}
        _ => return Err(RestoreUrlFault::Insecure),
    }
    let taken = url.query_pairs().any(|(name, _)| name == PARAMETER);
    if taken { Err(RestoreUrlFault::ParameterTaken) } else { Ok(()) }
}

/// The characters of RFC 3986 §2.
const fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || (byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'))
}

/// Whether a host is this machine by its own text, without asking a resolver.
pub(super) fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => name.as_ref().eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Why a text is no [`RestoreUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RestoreUrlFault {
    /// Not `scheme://host…`.
    #[error("it is not an absolute URL")]
    NotAbsolute,
    /// `http` to another machine, or another scheme.
    #[error("it is neither https nor http to this machine")]
    Insecure,
    /// A user name or password before the host.
    #[error("it has a user name or a password in it")]
    UserInfo,
    /// White space, a letter outside ASCII or another character that must be encoded.
    #[error("it has a character that must be percent-encoded (a domain name: written as xn--)")]
    Characters,
    /// Its query has the parameter for the token already.
    #[error("its query has a parameter `restoring` already")]
    ParameterTaken,
    /// Over 700 bytes.
    #[error("it is longer than 700 characters")]
    TooLong,
}

/// A link with a live restoring token in it: whoever holds it can set a password.
#[derive(Clone)]
pub struct Link(Zeroizing<String>);

impl Link {
    /// The link as text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Link {
    pub(super) const SAMPLE_TOKEN: &str = "SAMPLE";

    /// A dead link, to try templates with.
    pub(super) fn sample() -> Self {
        Self(Zeroizing::new(format!("https://app.example/restore?{PARAMETER}={}", Self::SAMPLE_TOKEN)))
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(url: &str, token: &str) -> String {
        url.parse::<RestoreUrl>().unwrap().link(token).expose().to_owned()
    }

    #[test]
    fn the_token_is_added_to_the_url_as_the_operator_wrote_it() {
        for (url, expected) in [
            ("https://app.example", "https://app.example?restoring=T"),
            ("https://app.example/", "https://app.example/?restoring=T"),
            ("https://App.Example/Restore", "https://App.Example/Restore?restoring=T"),
            ("https://app.example/restore/", "https://app.example/restore/?restoring=T"),
            ("https://app.example:8443/a/../b", "https://app.example:8443/a/../b?restoring=T"),
            ("https://app.example?", "https://app.example?restoring=T"),
            ("https://app.example/?lang=en", "https://app.example/?lang=en&restoring=T"),
            ("https://app.example/?lang=en&", "https://app.example/?lang=en&restoring=T"),
            ("https://app.example#/restore", "https://app.example?restoring=T#/restore"),
            ("https://app.example/?a=%20b#c?d", "https://app.example/?a=%20b&restoring=T#c?d"),
            ("https://xn--bcher-kva.example/x", "https://xn--bcher-kva.example/x?restoring=T"),
            ("http://localhost:3000/app", "http://localhost:3000/app?restoring=T"),
            ("http://127.9.9.9/", "http://127.9.9.9/?restoring=T"),
            ("http://[::1]:3000", "http://[::1]:3000?restoring=T"),
        ] {
            assert_eq!(link(url, "T"), expected);
        }
    }

    #[test]
    fn a_slash_ends_the_path_where_that_form_is_asked_for() {
        for (url, expected) in [
            ("https://app.example/reset", "https://app.example/reset/?restoring=T"),
            ("https://app.example/reset/", "https://app.example/reset/?restoring=T"),
            ("https://app.example?lang=en#f", "https://app.example/?lang=en&restoring=T#f"),
        ] {
            let url: RestoreUrl = url.parse().unwrap();
            assert_eq!(url.clone().with_form(LinkForm::AsWritten), url);
            assert_eq!(url.with_form(LinkForm::SlashBeforeQuery).link("T").expose(), expected);
        }
    }

    #[test]
    fn a_token_cannot_leave_its_parameter() {
        assert_eq!(link("https://a.example", "gA-_1=="), "https://a.example?restoring=gA-_1%3D%3D");
        assert_eq!(link("https://a.example#f", "a&b#c d"), "https://a.example?restoring=a%26b%23c+d#f");
    }

    #[test]
    fn each_unfit_url_is_refused_for_its_reason() {
        use RestoreUrlFault::{Characters, Insecure, NotAbsolute, ParameterTaken, TooLong, UserInfo};
        for (url, fault) in [
            ("", NotAbsolute),
            ("app.example/restore", NotAbsolute),
            ("/restore", NotAbsolute),
            ("//app.example/restore", NotAbsolute),
            ("https:app.example", NotAbsolute),
            ("https:/app.example", NotAbsolute),
            ("https:///app.example", NotAbsolute),
            ("https://", NotAbsolute),
            ("http://app.example", Insecure),
            ("http://localhost.app.example", Insecure),
            ("http://128.0.0.1", Insecure),
            ("http://0.0.0.0", Insecure),
            ("http://[::2]", Insecure),
            ("ftp://localhost", Insecure),
            ("javascript://localhost/%0aalert(1)", Insecure),
            ("https://ann@app.example", UserInfo),
            ("https://@app.example", UserInfo),
            ("http://localhost:1@app.example", UserInfo),
            (" https://app.example", Characters),
            ("https://app.example/\r\nBcc:", Characters),
            ("https://app.example\\restore", Characters),
            ("https://app.example/\"onclick=", Characters),
            ("https://bücher.example", Characters),
            ("https://app.example/?restoring=x", ParameterTaken),
            ("https://app.example/?restorin%67", ParameterTaken),
        ] {
            assert_eq!(url.parse::<RestoreUrl>(), Err(fault), "{url}");
        }
        assert_eq!(format!("https://a.example/{}", "x".repeat(700)).parse::<RestoreUrl>(), Err(TooLong));
    }

    #[test]
    fn debug_shows_no_token() {
        let link = "https://app.example".parse::<RestoreUrl>().unwrap().link("sentinel");
        assert_eq!(format!("{link:?}"), "Link(..)");
    }
}
