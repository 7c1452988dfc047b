use std::fmt;

use zeroize::Zeroizing;

/// The longest token that is looked at. Ours are a few hundred bytes; servers cap a head at 8 KiB.
pub(super) const MAX_BYTES: usize = 8 * 1024;

/// A signed token, wiped from memory when dropped. Whoever holds it acts as the user.
#[derive(Clone)]
pub struct AccessToken(Zeroizing<String>);

impl AccessToken {
    pub(super) fn new(compact: String) -> Self {
        Self(Zeroizing::new(compact))
    }

    /// The compact form, for the answer to the one who signed in.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_a_token_hides_it() {
        assert_eq!(format!("{:?}", AccessToken::new("a.b.c".into())), "AccessToken(..)");
    }
}
