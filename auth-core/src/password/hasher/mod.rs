//! What a hashing thread does with a password: the work for everybody, and the upgrade.

mod scheme;
mod stored;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::argon2id::PasswordHasher;
use super::error::HashError;
use super::policy::{BoundedPassword, NewPassword};
use super::proven::Proven;
use super::secret::PasswordHash;
use super::verification::{Refusal, Verification};
use crate::account::User;
use stored::{StoredHash, Unusable};

pub(super) use scheme::{HashingScheme, Prepared};

/// One thread's way to compute hashes: the scheme and memory of its own.
pub(super) struct Hasher {
    scheme: Arc<HashingScheme>,
    kernel: Box<dyn PasswordHasher>,
}

impl Hasher {
    pub(super) fn new(scheme: Arc<HashingScheme>, kernel: Box<dyn PasswordHasher>) -> Self {
        Self { scheme, kernel }
    }

    pub(super) fn hash(&mut self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        self.scheme.fresh(&mut *self.kernel, password.as_bytes())
    }

    /// One computation whatever there is to verify, and one more for an upgrade.
    pub(super) fn verify(&mut self, user: Option<User>, password: &BoundedPassword) -> Result<Verification, HashError> {
        let verification = match user {
            None => self.pretend(password, Refusal::UnknownUser),
            Some(user) => self.verify_known(user, password),
        };
        self.kernel.shrink(self.scheme.params)?;
        verification
    }

    /// Forgets what the last computation left in memory.
    pub(super) fn wipe(&mut self) {
        self.kernel.wipe();
    }

    fn verify_known(&mut self, user: User, password: &BoundedPassword) -> Result<Verification, HashError> {
        let hash = match self.scheme.parse(&user.password) {
            Ok(hash) => hash,
            Err(why) => {
                tell(&user, why);
                return self.pretend(password, Refusal::UnusableHash);
            }
        };
        if !self.scheme.matches(&mut *self.kernel, &hash, password.as_bytes())? {
            return Ok(Verification::Refused(Refusal::WrongPassword));
        }
        if !user.is_active {
            return Ok(Verification::Refused(Refusal::Inactive));
        }
        let upgrade = self.upgrade(&hash, password);
        Ok(Verification::Proven { proven: Proven::new(user), upgrade })
    }

    /// The work of a verification without its meaning, so that the time tells nothing.
    fn pretend(&mut self, password: &BoundedPassword, refusal: Refusal) -> Result<Verification, HashError> {
        let scheme = &self.scheme;
        std::hint::black_box(scheme.matches(&mut *self.kernel, &scheme.dummy, password.as_bytes())?);
        Ok(Verification::Refused(refusal))
    }

    /// Without it the person still signs in; the next sign-in tries again.
    fn upgrade(&mut self, hash: &StoredHash, password: &BoundedPassword) -> Option<PasswordHash> {
        let cut = matches!(hash, StoredHash::Foreign(hash) if hash.cuts(password.as_bytes()));
        if cut || !self.scheme.is_outdated(hash) {
            return None;
        }
        self.scheme
            .fresh(&mut *self.kernel, password.as_bytes())
            .inspect_err(|error| tracing::error!(error = error as &dyn std::error::Error, "a hash was not upgraded"))
            .ok()
    }
}

/// What an operator should know of a hash that opens nothing.
fn tell(user: &User, why: Unusable) {
    match why {
        Unusable::Locked => tracing::info!(user = user.id.as_str(), "somebody tried an account without a password"),
        Unusable::Broken(why) => {
            tracing::error!(user = user.id.as_str(), why, "a stored password hash is unusable");
        }
    }
}
