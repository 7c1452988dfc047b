//! Passwords: what is accepted, how it is stored, who computes it.

mod proven;
mod secret;

pub use proven::Proven;
pub use secret::{Password, PasswordHash};
