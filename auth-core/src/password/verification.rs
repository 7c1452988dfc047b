use std::time::{Duration, Instant};

use thiserror::Error;

use super::proven::Proven;
use super::secret::PasswordHash;

/// What came of verifying a password.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one for a sign-in, taken apart at once")]
#[must_use = "nobody is signed in by a verification that is not looked at"]
pub enum Verification {
    /// The password is right and the account active.
    Proven {
        /// Whose it is; this opens a session.
        proven: Proven,
        /// The same password under the present parameters, where the stored hash is outdated.
        /// To be written by compare-and-set on the hash that was read.
        upgrade: Option<PasswordHash>,
    },
    /// Anything else. The client hears nothing more than this.
    Refused(Refusal),
}

/// A [`Verification`] and when a thread was busy with it, which tells what kind of hash it was.
#[derive(Debug)]
#[must_use = "nobody is signed in by a verification that is not looked at"]
pub struct Verified {
    /// What came of it.
    pub verification: Verification,
    /// When that was.
    pub computed: Computed,
}

/// When a thread was busy with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Computed {
    /// When it began, after all waiting.
    pub begun: Instant,
    /// How long it took.
    pub took: Duration,
}

/// Why a verification was refused: for events, never for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such account.
    #[error("there is no such account")]
    UnknownUser,
    /// The password is not the account's.
    #[error("the password is not the account's")]
    WrongPassword,
    /// The password is right and the account may not sign in.
    #[error("the account may not sign in")]
    Inactive,
    /// The stored hash is one that nobody can sign in with.
    #[error("the stored hash is unusable")]
    UnusableHash,
}
