use std::fmt;

use sha2::{Digest, Sha256};

/// What a store keeps of a restoring token: the SHA-256 of the id inside it, in lower-case
/// hexadecimal. It opens nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenDigest(Box<str>);

impl TokenDigest {
    /// The digest of the id in a token.
    pub(crate) fn of(id: &[u8]) -> Self {
        let hex = Sha256::digest(id).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Self(hex.into())
    }

    /// The 64 characters, for a store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(..)")
    }
}
