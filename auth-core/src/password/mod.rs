//! Passwords: what is accepted, how it is stored, who computes it.
//!
//! A password comes in as [`Password`]; [`PasswordPolicy::bounded`] measures it, and
//! [`PasswordPolicy::accept`] makes of it a [`NewPassword`], which alone can become a
//! [`PasswordHash`]. Hashing and verifying happen in the [`HashingPool`], for whoever holds a
//! [`Ticket`]. A right password gives [`Proven`], which alone opens a session.

mod argon2id;
mod breach;
mod error;
mod foreign;
mod format;
mod hasher;
mod policy;
mod pool;
mod proven;
mod secret;
#[cfg(test)]
mod testing;
mod verification;

pub use argon2id::{Argon2Params, Pepper, Peppers};
pub use breach::BreachCheck;
pub use error::HashError;
pub use foreign::{ForeignHash, Pbkdf2Iterations};
pub use format::HashFormat;
pub use policy::{BoundedPassword, NewPassword, PasswordPolicy, PasswordTooLong, PolicyContext, Weakness};
pub(crate) use pool::Approach;
pub use pool::{HashingPool, HashingSettings, PoolFull, PoolState, Purpose, Ticket};
pub use proven::Proven;
pub use secret::{Password, PasswordHash};
pub use verification::{Computed, Refusal, Verification, Verified};
