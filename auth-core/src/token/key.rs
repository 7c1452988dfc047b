use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::fault::SigningError;
use super::header;
use super::hmac;
use super::material::{Form, KeyMaterial};
use super::secret;
use crate::fault::Fault;

/// Signs with a parsed key.
pub(super) trait Signer: Send + Sync {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError>;
}

/// Verifies with a parsed key.
pub(super) trait Verifier: Send + Sync {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// A key that verifies, and the header of the tokens it signed.
pub(super) struct VerifyingKey {
    pub(super) kid: String,
    pub(super) header: String,
    verifier: Box<dyn Verifier>,
}

impl VerifyingKey {
    pub(super) fn new(algorithm: Algorithm, kid: String, verifier: Box<dyn Verifier>) -> Self {
        Self { header: header::encoded(algorithm, &kid), kid, verifier }
    }

    /// Reads a key that verifies only; a private one gives its public half.
    pub(super) fn read(algorithm: Algorithm, material: &KeyMaterial) -> Result<Self, Fault> {
        match fitting(algorithm, material)? {
            Form::Secret(secret) => hmac_pair(algorithm, secret).map(|pair| pair.verifying),
            Form::Pem(pem) => asymmetric_key(algorithm, pem),
        }
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifier.verify(message, signature)
    }
}

/// A key that signs, with the one that verifies what it signs.
pub(super) struct KeyPair {
    pub(super) signer: Box<dyn Signer>,
    pub(super) verifying: VerifyingKey,
}

impl KeyPair {
    /// Reads a signing key and tries it once.
    pub(super) fn read(algorithm: Algorithm, material: &KeyMaterial) -> Result<Self, Fault> {
        let pair = match fitting(algorithm, material)? {
            Form::Secret(secret) => hmac_pair(algorithm, secret)?,
            Form::Pem(pem) => asymmetric_pair(algorithm, pem)?,
        };
        if pair.works() { Ok(pair) } else { Err(unusable(algorithm)) }
    }

    fn works(&self) -> bool {
        const TRIAL: &[u8] = b"trial signature";
        self.signer.sign(TRIAL).is_ok_and(|signature| self.verifying.verify(TRIAL, &signature))
    }
}

fn fitting(algorithm: Algorithm, material: &KeyMaterial) -> Result<&Form, Fault> {
    match (&material.0, algorithm.is_symmetric()) {
        (Form::Secret(_), false) => Err(Fault::new(
            "JWT_SECRET",
            format!("is a shared secret, and {algorithm} takes a key in PEM"),
            "Give a PKCS#8 private key in PEM, or set JWT_ALGORITHM to HS256",
        )),
        (Form::Pem(_), true) => Err(Fault::new(
            "JWT_SECRET",
            format!("is a key in PEM, and {algorithm} takes a shared secret"),
            "Set JWT_ALGORITHM to that of the key, or give random bytes",
        )),
        (form, _) => Ok(form),
    }
}

fn hmac_pair(algorithm: Algorithm, bytes: &Zeroizing<Vec<u8>>) -> Result<KeyPair, Fault> {
    secret::check(algorithm, bytes)?;
    hmac::pair(algorithm, bytes).map_err(|_| unusable(algorithm))
}

#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
use super::asymmetric::{pair as asymmetric_pair, verifying_key as asymmetric_key};

#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
fn asymmetric_pair(algorithm: Algorithm, _pem: &str) -> Result<KeyPair, Fault> {
    Err(feature_off(algorithm))
}

#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
fn asymmetric_key(algorithm: Algorithm, _pem: &str) -> Result<VerifyingKey, Fault> {
    Err(feature_off(algorithm))
}

#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
fn feature_off(algorithm: Algorithm) -> Fault {
    Fault::new(
        "JWT_ALGORITHM",
        format!("{algorithm} needs the feature `aws-lc-rs` or `rust-crypto` of auth-core, and both are off"),
        "Turn one of them on in Cargo.toml, or choose HS256, HS384 or HS512",
    )
}

pub(super) fn unusable(algorithm: Algorithm) -> Fault {
    Fault::new(
        "JWT_SECRET",
        format!("does not work as a key for {algorithm}"),
        "Make a new one for that algorithm (RSA: 2048 bits or more), or set JWT_ALGORITHM to that of the key",
    )
}
