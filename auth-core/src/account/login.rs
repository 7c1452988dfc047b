use super::canonical::{caseless_form, compatibility_form};
use super::{EmailAddress, NameRule, Username};

/// What somebody typed to say who they are: a username, or the address of an account that has
/// its address as name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Login {
    given: Box<str>,
    canonical: Box<str>,
}

impl Login {
    /// Reads a login; `None` when no account can have such a name, which is no different from an
    /// unknown one to whoever asks.
    ///
    /// ```
    /// use auth_core::account::Login;
    ///
    /// assert_eq!(Login::parse("ANN").unwrap().canonical(), "ann");
    /// assert!(Login::parse("a\0").is_none());
    /// ```
    #[must_use]
    pub fn parse(given: &str) -> Option<Self> {
        Self::read(given, NameRule::Apart)
    }

    /// Reads a login where names follow `rule`.
    #[must_use]
    pub fn read(given: &str, rule: NameRule) -> Option<Self> {
        let canonical = match rule {
            NameRule::Apart if given.contains('@') => given.parse::<EmailAddress>().ok()?.canonical().as_str().into(),
            _ => Username::read(given, rule).ok()?.canonical().into(),
        };
        Some(Self { given: given.into(), canonical })
    }

    /// What any text is counted as: whatever a store finds one account by, under any rule of names,
    /// is one form here.
    pub(crate) fn coarsest(given: &str) -> String {
        let form = caseless_form(given);
        Self::parse(&form).map_or(form, |login| login.canonical.into())
    }

    /// As typed, for a table that compares exactly.
    #[must_use]
    pub fn given(&self) -> &str {
        &self.given
    }

    /// As typed, after NFKC: the form in which some tables keep names.
    #[must_use]
    pub fn normalized(&self) -> String {
        compatibility_form(&self.given)
    }

    /// The form that is compared.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

/// How an account with this name signs in.
impl From<&Username> for Login {
    fn from(name: &Username) -> Self {
        Self { given: name.as_str().into(), canonical: name.canonical().into() }
    }
}
