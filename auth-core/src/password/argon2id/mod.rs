//! Argon2id (RFC 9106) in the PHC string format: what a hash costs, how one is made and verified.

mod hasher;
mod memory;
mod params;
mod pepper;
mod stored;

pub(super) use hasher::{Hasher, HashingScheme};
pub use params::Argon2Params;
pub use pepper::{Pepper, Peppers};
