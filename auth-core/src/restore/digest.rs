use std::fmt;

use sha2::{Digest, Sha256};

/// What a store keeps of a restoring token: the SHA-256 of the id inside it, in lower-case
/// hexadecimal. It opens nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenDigest(Box<str>);

impl TokenDigest {
    /// The digest of the id in a token.
    pub(crate) fn of(id: &[u8]) -> Self {
        Self(hex(&Sha256::digest(id)).into())
    }

    /// A text that is the digest of nothing, to test a store with.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn of_nothing(text: String) -> Self {
        Self(text.into())
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

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
