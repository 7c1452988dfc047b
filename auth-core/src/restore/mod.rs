//! The restoring token: what stands in the mail, and what of it stands in a store.

mod digest;

pub use digest::TokenDigest;
