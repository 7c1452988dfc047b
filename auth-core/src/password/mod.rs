//! Passwords: what is accepted, how it is stored, who computes it.
//!
//! A password comes in as [`Password`]; [`PasswordPolicy::bounded`] measures it, and
//! [`PasswordPolicy::accept`] makes of it a [`NewPassword`], which alone can become a
//! [`PasswordHash`].

mod breach;
mod policy;
mod proven;
mod secret;
#[cfg(test)]
mod testing;

pub use breach::BreachCheck;
pub use policy::{BoundedPassword, NewPassword, PasswordPolicy, PasswordTooLong, PolicyContext, Weakness};
pub use proven::Proven;
pub use secret::{Password, PasswordHash};
