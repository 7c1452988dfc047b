use super::params::Argon2Params;
use super::pepper::Pepper;
use crate::password::error::HashError;

/// Which Argon2 (RFC 9106 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::password) enum Variant {
    D,
    I,
    Id,
}

/// Which version of it: the first was 16, the one of RFC 9106 is 19.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::password) enum Version {
    V16,
    V19,
}

/// What Argon2 is given.
pub(in crate::password) struct Argon2Input<'a> {
    pub(in crate::password) variant: Variant,
    pub(in crate::password) version: Version,
    pub(in crate::password) params: Argon2Params,
    pub(in crate::password) pepper: Option<&'a Pepper>,
    pub(in crate::password) password: &'a [u8],
    pub(in crate::password) salt: &'a [u8],
}

/// Computes Argon2 for one hashing thread, in memory of its own that it keeps from one hash to the
/// next. The pool, the formats and the order of things do not know which code that is.
///
/// Another kernel is another implementation: it computes every [`Variant`] and [`Version`] up to
/// the upper bounds of [`Argon2Params`], gives the same bytes as [`RustCrypto`](super::RustCrypto)
/// for all of them, answers with [`HashError::Memory`] where the system has none, and forgets when
/// it is told to. It is chosen where the threads are started.
pub(in crate::password) trait PasswordHasher: Send {
    /// Fills `output`.
    fn argon2(&mut self, input: &Argon2Input<'_>, output: &mut [u8]) -> Result<(), HashError>;

    /// Takes the memory that these parameters need.
    fn warm(&mut self, params: Argon2Params) -> Result<(), HashError>;

    /// Gives back what is above the need of these parameters.
    fn shrink(&mut self, params: Argon2Params) -> Result<(), HashError>;

    /// Forgets what the last computation left in memory.
    fn wipe(&mut self);

    /// How many KiB it keeps.
    #[cfg(test)]
    fn kept(&self) -> usize;
}
