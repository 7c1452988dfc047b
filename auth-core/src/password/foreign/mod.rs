//! Hashes that other programs left in the table: recognised, bounded, verified.

mod bcrypt;
mod formats;
mod pbkdf2;
mod scrypt;
mod stored;
#[cfg(test)]
mod tests;

pub use formats::ForeignHash;
pub(super) use pbkdf2::Pbkdf2Hash;
pub use pbkdf2::Pbkdf2Iterations;
pub(super) use stored::ForeignStored;
