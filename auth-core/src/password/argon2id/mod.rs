//! Argon2 (RFC 9106) in the PHC string format: what a hash costs, how one is computed and written.

mod kernel;
mod memory;
mod params;
mod pepper;
mod stored;

pub(super) use kernel::{Argon2Input, Kernel};
pub use params::Argon2Params;
pub use pepper::{Pepper, Peppers};
pub(super) use stored::{Argon2Hash, OUTPUT_BYTES, SALT_BYTES};
