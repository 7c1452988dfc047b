//! The restoring token: what stands in the mail, and what of it stands in a store.

mod digest;
mod fernet;
mod keys;
mod legacy;
mod token;

pub use digest::TokenDigest;
pub use keys::{EncryptKey, RestoreKeys};
pub use token::{RestoreFault, RestoreToken};

pub use legacy::LegacyRestoreToken;

pub(crate) use token::Opened;
