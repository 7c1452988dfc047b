//! Argon2 (RFC 9106) in the PHC string format: what a hash costs, how one is computed and written.

mod memory;
mod params;
mod password_hasher;
mod pepper;
mod rust_crypto;
mod stored;

pub use params::Argon2Params;
pub(super) use password_hasher::{Argon2Input, PasswordHasher, Variant, Version};
pub use pepper::{Pepper, Peppers};
pub(super) use rust_crypto::RustCrypto;
pub(super) use stored::{Argon2Hash, OUTPUT_BYTES, SALT_BYTES};
