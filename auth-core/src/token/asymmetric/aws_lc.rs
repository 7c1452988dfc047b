//! Over aws-lc-rs itself: jsonwebtoken's signers parse an RSA key on every call, and are not `Send`.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature as lc;
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::{KeyUtils, aws_lc};

use super::public::PublicKey;
use crate::token::algorithm::Algorithm;
use crate::token::fault::SigningError;
use crate::token::key::{Signer, Verifier};

pub(super) const KEY_UTILS: &KeyUtils = &aws_lc::DEFAULT_PROVIDER.key_utils;

/// `None` when the key is not one for the algorithm.
pub(super) fn signer(algorithm: Algorithm, key: &EncodingKey) -> Option<Box<dyn Signer>> {
    let der = key.as_bytes();
    Some(match algorithm {
        Algorithm::Rs256 => rsa(&lc::RSA_PKCS1_SHA256, der)?,
        Algorithm::Rs384 => rsa(&lc::RSA_PKCS1_SHA384, der)?,
        Algorithm::Rs512 => rsa(&lc::RSA_PKCS1_SHA512, der)?,
        Algorithm::Ps256 => rsa(&lc::RSA_PSS_SHA256, der)?,
        Algorithm::Ps384 => rsa(&lc::RSA_PSS_SHA384, der)?,
        Algorithm::Ps512 => rsa(&lc::RSA_PSS_SHA512, der)?,
        Algorithm::Es256 => Box::new(lc::EcdsaKeyPair::from_pkcs8(&lc::ECDSA_P256_SHA256_FIXED_SIGNING, der).ok()?),
        Algorithm::Es384 => Box::new(lc::EcdsaKeyPair::from_pkcs8(&lc::ECDSA_P384_SHA384_FIXED_SIGNING, der).ok()?),
        Algorithm::EdDsa => Box::new(lc::Ed25519KeyPair::from_pkcs8(der).ok()?),
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => return None,
    })
}

struct RsaSigner {
    pair: lc::RsaKeyPair,
    encoding: &'static dyn lc::RsaEncoding,
}

fn rsa(encoding: &'static dyn lc::RsaEncoding, der: &[u8]) -> Option<Box<dyn Signer>> {
    Some(Box::new(RsaSigner { pair: lc::RsaKeyPair::from_der(der).ok()?, encoding }))
}

impl Signer for RsaSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(self.encoding, &SystemRandom::new(), message, &mut signature).map_err(failed)?;
        Ok(signature)
    }
}

impl Signer for lc::EcdsaKeyPair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.sign(&SystemRandom::new(), message).map(|signature| signature.as_ref().to_vec()).map_err(failed)
    }
}

impl Signer for lc::Ed25519KeyPair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.try_sign(message).map(|signature| signature.as_ref().to_vec()).map_err(failed)
    }
}

fn failed(source: aws_lc_rs::error::Unspecified) -> SigningError {
    SigningError::Key(Box::new(source))
}

impl Verifier for lc::ParsedPublicKey {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_sig(message, signature).is_ok()
    }
}

/// `None` when the key is not one for the algorithm.
pub(super) fn verifier(algorithm: Algorithm, key: &PublicKey) -> Option<Box<dyn Verifier>> {
    let parsed = match key {
        PublicKey::Rsa { n, e } => lc::RsaPublicKeyComponents { n, e }.to_parsed_public_key(rsa_parameters(algorithm)?),
        PublicKey::Ec { .. } if algorithm == Algorithm::Es384 => {
            lc::ParsedPublicKey::new(&lc::ECDSA_P384_SHA384_FIXED, key.point())
        }
        PublicKey::Ec { .. } => lc::ParsedPublicKey::new(&lc::ECDSA_P256_SHA256_FIXED, key.point()),
        PublicKey::Ed { .. } => lc::ParsedPublicKey::new(&lc::ED25519, key.point()),
    };
    Some(Box::new(parsed.ok()?))
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static lc::RsaParameters> {
    match algorithm {
        Algorithm::Rs256 => Some(&lc::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Some(&lc::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Some(&lc::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Some(&lc::RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Some(&lc::RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Some(&lc::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}
