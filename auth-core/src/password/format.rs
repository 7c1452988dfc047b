use super::foreign::{ForeignHash, Pbkdf2Iterations};

/// The format in which new passwords are stored.
///
/// Ours, unless another program reads the same table and must be able to verify what is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashFormat {
    /// Argon2id as a PHC string. Whatever else is stored is replaced by it at the next sign-in.
    #[default]
    Argon2id,
    /// `pbkdf2_sha256$600000$salt$hash`, which every Django reads. No stored hash is replaced, so
    /// that nothing is in the table that an older program cannot read.
    DjangoPbkdf2Sha256(Pbkdf2Iterations),
    /// `argon2$argon2id$…`, for a Django with `Argon2PasswordHasher` in `PASSWORD_HASHERS`. Whatever
    /// else is stored, or is weaker, is replaced by it at the next sign-in.
    DjangoArgon2,
}

impl HashFormat {
    /// The foreign format that it is; it is then read too.
    pub(crate) fn foreign(self) -> Option<ForeignHash> {
        match self {
            Self::Argon2id => None,
            Self::DjangoPbkdf2Sha256(_) => Some(ForeignHash::DjangoPbkdf2Sha256),
            Self::DjangoArgon2 => Some(ForeignHash::DjangoArgon2),
        }
    }
}
