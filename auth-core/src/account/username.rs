use std::fmt;

use thiserror::Error;

use super::canonical::{caseless_form, compatibility_form};
use super::{EmailAddress, NameRule};

/// The longest username, in characters after NFKC.
const MAX_CHARACTERS: usize = 150;

/// The name of an account, as its owner wrote it.
///
/// 1 to 150 characters after NFKC, no control characters and, under
/// [`NameRule::Apart`], no `@`. Two usernames are the same account when they agree after
/// NFKC and case folding.
///
/// ```
/// use auth_core::account::Username;
///
/// let name: Username = "Ann".parse()?;
/// assert_eq!(name.as_str(), "Ann");
/// assert_eq!(name.canonical(), "ann");
/// assert!("ann@example.org".parse::<Username>().is_err());
/// # Ok::<(), auth_core::account::UsernameFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username {
    given: Box<str>,
    canonical: Box<str>,
}

impl Username {
    /// A name read back from a store, where it was checked when it was written.
    #[must_use]
    pub fn stored(given: impl Into<Box<str>>) -> Self {
        let given = given.into();
        if given.contains('@') {
            return Self::from(&EmailAddress::stored(given));
        }
        let canonical = caseless_form(&given).into();
        Self { given, canonical }
    }

    /// Checks a name that somebody wants, or says they have.
    ///
    /// # Errors
    /// When it is no username under `rule`.
    pub fn read(given: &str, rule: NameRule) -> Result<Self, UsernameFault> {
        let shown = compatibility_form(given);
        if given.chars().chain(shown.chars()).any(char::is_control) {
            return Err(UsernameFault::Control);
        }
        if rule == NameRule::Apart && shown.contains('@') {
            return Err(UsernameFault::At);
        }
        match shown.chars().count() {
            0 => Err(UsernameFault::Empty),
            1..=MAX_CHARACTERS => Ok(Self::stored(given)),
            _ => Err(UsernameFault::TooLong),
        }
    }

    /// The name as first given: what is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The name after NFKC, for a table that keeps names in that form.
    #[must_use]
    pub fn normalized(&self) -> String {
        compatibility_form(&self.given)
    }

    /// The form that is compared; unique among accounts.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

/// An account made with its address as name.
impl From<&EmailAddress> for Username {
    fn from(address: &EmailAddress) -> Self {
        Self { given: address.as_str().into(), canonical: address.canonical().as_str().into() }
    }
}

impl std::str::FromStr for Username {
    type Err = UsernameFault;

    fn from_str(given: &str) -> Result<Self, UsernameFault> {
        Self::read(given, NameRule::Apart)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

/// Why a text is no username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UsernameFault {
    /// Nothing was given.
    #[error("the username is empty")]
    Empty,
    /// More than 150 characters after NFKC.
    #[error("the username has more than 150 characters")]
    TooLong,
    /// A control character, NUL included.
    #[error("the username has a control character")]
    Control,
    /// An `@`: an address cannot be squatted as a name.
    #[error("the username has an @")]
    At,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Username, UsernameFault> {
        text.parse()
    }

    #[test]
    fn case_and_normal_form_do_not_make_two_names() {
        let canonical = |text: &str| parse(text).map(|name| name.canonical().to_owned());
        assert_eq!(canonical("Straße"), canonical("STRASSE"));
        assert_eq!(canonical("ﬁn"), canonical("FIN"));
        assert_eq!(canonical("e\u{301}"), canonical("É"));
        assert_eq!(canonical("\u{212a}im"), canonical("kim"));
    }

    #[test]
    fn a_canonical_form_is_its_own_canonical_form() {
        for text in ["Straße", "ﬁn", "ΌΣΟΣ", "İstanbul", "\u{fdfa}", "ẞ", "\u{345}α"] {
            let once = caseless_form(text);
            assert_eq!(caseless_form(&once), once, "{text}");
        }
    }

    #[test]
    fn a_stored_address_is_the_same_name_as_the_address() {
        let address: EmailAddress = "Ann@B\u{fc}cher.example".parse().unwrap();
        assert_eq!(Username::stored(address.as_str()), Username::from(&address));
    }

    #[test]
    fn an_at_sign_in_any_width_is_refused() {
        for text in ["a@b", "a\u{ff20}b", "a\u{fe6b}b"] {
            assert_eq!(parse(text), Err(UsernameFault::At), "{text}");
        }
    }

    #[test]
    fn under_djangos_rule_an_address_is_a_username_and_compared_as_an_address() {
        let name = Username::read("Ann@B\u{fc}cher.example", NameRule::Django).unwrap();
        assert_eq!(name.canonical(), "ann@xn--bcher-kva.example");
        assert!(Username::read("@", NameRule::Django).is_ok());
        assert_eq!(Username::read("a\n@b", NameRule::Django), Err(UsernameFault::Control));
    }

    #[test]
    fn length_is_counted_in_characters_after_nfkc() {
        assert!(parse(&"é".repeat(150)).is_ok());
        assert!(parse(&"e\u{301}".repeat(150)).is_ok());
        assert_eq!(parse(&"x".repeat(151)), Err(UsernameFault::TooLong));
        assert_eq!(parse(&"\u{fdfa}".repeat(9)), Err(UsernameFault::TooLong));
        assert_eq!(parse(""), Err(UsernameFault::Empty));
    }

    #[test]
    fn control_characters_are_refused() {
        for text in ["a\0", "a\nb", "\u{1b}[31m", "a\u{85}"] {
            assert_eq!(parse(text), Err(UsernameFault::Control));
        }
    }
}
