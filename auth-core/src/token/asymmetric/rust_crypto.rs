//! Through the factories of jsonwebtoken's Rust provider. What they make is not `Send`, so the ring
//! keeps the checked key and makes one for each call.

use jsonwebtoken::crypto::{CryptoProvider, KeyUtils, rust_crypto};
use jsonwebtoken::{DecodingKey, EncodingKey};

use super::public::PublicKey;
use crate::token::algorithm::Algorithm;
use crate::token::fault::SigningError;
use crate::token::key::{Signer, Verifier};

const PROVIDER: &CryptoProvider = &rust_crypto::DEFAULT_PROVIDER;
pub(super) const KEY_UTILS: &KeyUtils = &PROVIDER.key_utils;

struct PrivateKey {
    algorithm: jsonwebtoken::Algorithm,
    key: EncodingKey,
}

impl Signer for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let signer =
            (PROVIDER.signer_factory)(&self.algorithm, &self.key).map_err(|e| SigningError::Key(Box::new(e)))?;
        signer.try_sign(message).map_err(|e| SigningError::Key(Box::new(e)))
    }
}

/// `None` when the key is not one for the algorithm.
pub(super) fn signer(algorithm: Algorithm, key: &EncodingKey) -> Option<Box<dyn Signer>> {
    let algorithm = algorithm.jose();
    (PROVIDER.signer_factory)(&algorithm, key).ok()?;
    Some(Box::new(PrivateKey { algorithm, key: key.clone() }))
}

struct PublicHalf {
    algorithm: jsonwebtoken::Algorithm,
    key: DecodingKey,
}

impl Verifier for PublicHalf {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        (PROVIDER.verifier_factory)(&self.algorithm, &self.key)
            .is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok())
    }
}

/// `None` when the key is not one for the algorithm.
pub(super) fn verifier(algorithm: Algorithm, key: &PublicKey) -> Option<Box<dyn Verifier>> {
    let algorithm = algorithm.jose();
    let key = match key {
        PublicKey::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
        PublicKey::Ec { .. } => DecodingKey::from_ec_der(&key.point()),
        PublicKey::Ed { .. } => DecodingKey::from_ed_der(&key.point()),
    };
    (PROVIDER.verifier_factory)(&algorithm, &key).ok()?;
    Some(Box::new(PublicHalf { algorithm, key }))
}
