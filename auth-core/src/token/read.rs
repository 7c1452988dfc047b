use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::hmac;
use super::key::{KeyPair, VerifyingKey, unusable};
use super::material::{Form, KeyMaterial};
use super::secret;
use crate::fault::Fault;

impl VerifyingKey {
    /// Reads a key that verifies only; a private one gives its public half.
    pub(super) fn read(algorithm: Algorithm, material: &KeyMaterial) -> Result<Self, Fault> {
        match fitting(algorithm, material)? {
            Form::Secret(secret) => hmac_pair(algorithm, secret).map(|pair| pair.verifying),
            Form::Pem(pem) => asymmetric_key(algorithm, pem),
        }
    }
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
