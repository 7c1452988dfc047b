use std::fmt;

use zeroize::Zeroizing;

/// A password in clear as somebody sent it, wiped from memory when dropped.
///
/// Used exactly as received (ASVS 6.2.8): no trimming, no normal form, no truncation. It has not
/// been measured yet; [`PasswordPolicy`](super::PasswordPolicy) makes of it what may be hashed.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the clear text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The clear text, for a [`BreachCheck`](super::BreachCheck) and nothing else: it must not be
    /// logged, stored or sent anywhere.
    #[must_use]
    pub fn expose_to_breach_check(&self) -> &str {
        self.expose()
    }

    /// Whether nothing was sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The clear text, for hashing and for the policy.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// A stored hash as text: a PHC string of ours, or whatever an older system left there.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(Zeroizing<String>);

impl PasswordHash {
    /// A hash read from a store. It may be unusable; nobody signs in with it then.
    #[must_use]
    pub fn stored(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for a store to write or to compare.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}
