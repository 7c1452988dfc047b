use std::fmt;

use serde::{Deserialize, Serialize};

use crate::random::{self, Random, RandomError};

/// The present period of an account's credential: opaque, compared for equality only.
///
/// It changes with the password, the address, deactivation and "sign out everywhere", in the same
/// write. Whatever carries an older one (a session, a token, a restoring link) is then dead. It is
/// random, never a counter: databases hand deleted ids out again.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(Box<str>);

impl Epoch {
    /// A fresh epoch of 128 random bits.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn random(random: &dyn Random) -> Result<Self, RandomError> {
        random::id128(random).map(|text| Self(text.into()))
    }

    /// An epoch read from a store, or derived by one.
    #[must_use]
    pub fn stored(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text, for a store or a token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Epoch(..)")
    }
}
