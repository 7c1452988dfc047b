use crate::password::argon2id::{Argon2Hash, Peppers};
use crate::password::foreign::{ForeignHash, ForeignStored, Pbkdf2Hash};
use crate::password::secret::PasswordHash;

/// What the text in a store turns out to be.
#[derive(Clone)]
pub(super) enum StoredHash {
    /// Argon2id of version 19: ours, or of any other program.
    Argon2id(Argon2Hash),
    Foreign(ForeignStored),
    /// The dummy of a server that writes PBKDF2.
    Pbkdf2(Pbkdf2Hash),
}

/// Why nobody signs in with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unusable {
    /// On purpose: Django marks an account without a password by an exclamation mark.
    Locked,
    /// What is wrong with it, for the operator.
    Broken(&'static str),
}

impl StoredHash {
    pub(super) fn parse(stored: &PasswordHash, accepted: &[ForeignHash], peppers: &Peppers) -> Result<Self, Unusable> {
        let text = stored.expose();
        if text.starts_with('!') {
            return Err(Unusable::Locked);
        }
        if !text.starts_with("$argon2id$") {
            return ForeignStored::parse(text, accepted).map(Self::Foreign).map_err(Unusable::Broken);
        }
        let hash = Argon2Hash::parse(text).map_err(Unusable::Broken)?;
        match hash.is_argon2id() {
            true if hash.has_pepper(peppers) => Ok(Self::Argon2id(hash)),
            true => Err(Unusable::Broken("its pepper is not configured")),
            false => ForeignStored::parse(text, accepted).map(Self::Foreign).map_err(Unusable::Broken),
        }
    }
}
