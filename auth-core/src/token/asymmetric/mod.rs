//! RSA, ECDSA and Ed25519. jsonwebtoken reads the keys; which library computes is a feature, and
//! `aws-lc-rs` wins where both are on. The provider that jsonwebtoken keeps for the whole process
//! belongs to the host and is never read: it panics when a host's features disagree.

mod pem;
mod public;

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(feature = "aws-lc-rs")]
use aws_lc as backend;

#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
mod rust_crypto;
#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
use rust_crypto as backend;

use self::pem::Half;
use self::public::PublicKey;
use super::algorithm::Algorithm;
use super::key::{KeyPair, VerifyingKey, unusable};
use crate::fault::Fault;

/// Reads a private key; its public half is derived, never taken from elsewhere.
pub(super) fn pair(algorithm: Algorithm, text: &str) -> Result<KeyPair, Fault> {
    if pem::half(text)? == Half::Public {
        return Err(Fault::new(
            "JWT_SECRET",
            "is a public key, which cannot sign",
            "Give the private key; the public one goes to those who verify",
        ));
    }
    let private = pem::private(algorithm, text)?;
    let public = PublicKey::of_private(algorithm, &private, backend::KEY_UTILS)?;
    let signer = backend::signer(algorithm, &private).ok_or_else(|| unusable(algorithm))?;
    Ok(KeyPair { signer, verifying: verifying(algorithm, &public)? })
}

/// Reads a key that verifies only, from either half.
pub(super) fn verifying_key(algorithm: Algorithm, text: &str) -> Result<VerifyingKey, Fault> {
    let public = match pem::half(text)? {
        Half::Private => PublicKey::of_private(algorithm, &pem::private(algorithm, text)?, backend::KEY_UTILS),
        Half::Public => PublicKey::of_public(algorithm, &pem::public(algorithm, text)?, backend::KEY_UTILS),
    }?;
    verifying(algorithm, &public)
}

fn verifying(algorithm: Algorithm, public: &PublicKey) -> Result<VerifyingKey, Fault> {
    let verifier = backend::verifier(algorithm, public).ok_or_else(|| unusable(algorithm))?;
    Ok(VerifyingKey::new(algorithm, public.thumbprint(), verifier))
}

#[cfg(test)]
mod tests;
