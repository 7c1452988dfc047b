use super::ForeignHash;
use super::bcrypt::BcryptHash;
use super::pbkdf2::{Digest, Pbkdf2Hash};
use super::scrypt::ScryptHash;
use crate::password::argon2id::{Argon2Hash, Argon2Params, PasswordHasher, Peppers};
use crate::password::error::HashError;

/// No format of these writes more; a longer row was written by nobody who means well.
const MOST_TEXT_BYTES: usize = 512;

/// A hash of another program, taken apart and within its bounds.
#[derive(Clone)]
pub(in crate::password) struct ForeignStored {
    format: ForeignHash,
    hash: Hash,
}

#[derive(Clone)]
enum Hash {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash),
    Pbkdf2(Pbkdf2Hash),
    Scrypt(ScryptHash),
}

impl ForeignStored {
    /// Takes apart what is in a format that is accepted; otherwise why not.
    pub(in crate::password) fn parse(text: &str, accepted: &[ForeignHash]) -> Result<Self, &'static str> {
        let format = ForeignHash::of(text).ok_or("its format is not known")?;
        if !accepted.contains(&format) {
            return Err("its format is not in the list of foreign hashes");
        }
        if text.len() > MOST_TEXT_BYTES {
            return Err("it is longer than any hash");
        }
        let hash = Hash::parse(format, text)?;
        Ok(Self { format, hash })
    }

    /// Compared in constant time.
    pub(in crate::password) fn matches(
        &self,
        password: &[u8],
        kernel: &mut dyn PasswordHasher,
    ) -> Result<bool, HashError> {
        match &self.hash {
            Hash::Argon2(hash) => hash.matches(password, &Peppers::default(), kernel),
            Hash::Bcrypt(hash) => Ok(hash.matches(password)),
            Hash::Pbkdf2(hash) => hash.matches(password),
            Hash::Scrypt(hash) => hash.matches(password),
        }
    }

    /// Whether Django's Argon2id would be written no stronger than it is.
    /// Whether another password with the same beginning would match as well. What replaced such a hash
    /// would hold somebody to their typing error.
    pub(in crate::password) fn cuts(&self, password: &[u8]) -> bool {
        matches!(&self.hash, Hash::Bcrypt(hash) if hash.cuts(password))
    }

    pub(in crate::password) fn is_django_argon2id(&self, params: Argon2Params) -> bool {
        match &self.hash {
            Hash::Argon2(hash) if self.format == ForeignHash::DjangoArgon2 => {
                hash.is_argon2id() && hash.is_as_strong_as(params)
            }
            _ => false,
        }
    }
}

impl Hash {
    fn parse(format: ForeignHash, text: &str) -> Result<Self, &'static str> {
        let after = |prefix| text.strip_prefix(prefix).ok_or("it is cut");
        match format {
            ForeignHash::DjangoPbkdf2Sha256 => {
                Pbkdf2Hash::parse_django(Digest::Sha256, after("pbkdf2_sha256$")?).map(Self::Pbkdf2)
            }
            ForeignHash::DjangoPbkdf2Sha1 => {
                Pbkdf2Hash::parse_django(Digest::Sha1, after("pbkdf2_sha1$")?).map(Self::Pbkdf2)
            }
            ForeignHash::DjangoArgon2 => without_pepper(after("argon2")?),
            ForeignHash::DjangoBcryptSha256 => BcryptHash::parse(after("bcrypt_sha256$")?, true).map(Self::Bcrypt),
            ForeignHash::DjangoBcrypt => BcryptHash::parse(after("bcrypt$")?, false).map(Self::Bcrypt),
            ForeignHash::DjangoScrypt => ScryptHash::parse_django(after("scrypt$")?).map(Self::Scrypt),
            ForeignHash::Argon2 => without_pepper(text),
            ForeignHash::Bcrypt => BcryptHash::parse(text, false).map(Self::Bcrypt),
            ForeignHash::Scrypt => ScryptHash::parse_phc(after("$scrypt$")?).map(Self::Scrypt),
            ForeignHash::Pbkdf2 => Pbkdf2Hash::parse_crypt(text).map(Self::Pbkdf2),
        }
    }
}

fn without_pepper(text: &str) -> Result<Hash, &'static str> {
    let hash = Argon2Hash::parse(text)?;
    if hash.has_pepper(&Peppers::default()) { Ok(Hash::Argon2(hash)) } else { Err("it names a key") }
}
