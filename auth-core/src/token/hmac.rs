//! HMAC with SHA-2 (RFC 7518 §3.2). The key schedule runs once; each message starts from a copy of
//! the keyed state.

use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::algorithm::Algorithm;
use super::compact::encode;
use super::fault::SigningError;
use super::key::{KeyPair, Signer, Verifier, VerifyingKey};

/// What a `kid` is the HMAC of. A signed text has a dot and no space, so the two never meet.
const KID_LABEL: &[u8] = b"auth-core key id";
const KID_BYTES: usize = 12;

struct Keyed<M>(M);

impl<M: Mac + Clone + Send + Sync> Keyed<M> {
    fn mac(&self, message: &[u8]) -> M {
        self.0.clone().chain_update(message)
    }
}

impl<M: Mac + Clone + Send + Sync> Signer for Keyed<M> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        Ok(self.mac(message).finalize().into_bytes().to_vec())
    }
}

impl<M: Mac + Clone + Send + Sync> Verifier for Keyed<M> {
    /// In constant time, over the whole length.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.mac(message).verify_slice(signature).is_ok()
    }
}

/// The key that signs and the same that verifies.
pub(super) fn pair(algorithm: Algorithm, secret: &[u8]) -> Result<KeyPair, InvalidLength> {
    match algorithm {
        Algorithm::Hs384 => keyed::<Hmac<Sha384>>(algorithm, secret),
        Algorithm::Hs512 => keyed::<Hmac<Sha512>>(algorithm, secret),
        _ => keyed::<Hmac<Sha256>>(algorithm, secret),
    }
}

fn keyed<M>(algorithm: Algorithm, secret: &[u8]) -> Result<KeyPair, InvalidLength>
where
    M: Mac + KeyInit + Clone + Send + Sync + 'static,
{
    let mac = <M as KeyInit>::new_from_slice(secret)?;
    let mut id = mac.clone().chain_update(KID_LABEL).finalize().into_bytes().to_vec();
    id.truncate(KID_BYTES);
    let verifying = VerifyingKey::new(algorithm, encode(id), Box::new(Keyed(mac.clone())));
    Ok(KeyPair { signer: Box::new(Keyed(mac)), verifying })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::compact::{Compact, decode};
    use crate::token::secret::RFC_7515_A_1;

    const A_1: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_example_of_rfc_7515_a_1_is_signed_and_verified() {
        let pair = pair(Algorithm::Hs256, &RFC_7515_A_1).unwrap();
        let token = Compact::cut(A_1).unwrap();
        let signature = decode(token.signature).unwrap();
        assert_eq!(pair.signer.sign(token.signed.as_bytes()).unwrap(), signature);
        assert!(pair.verifying.verify(token.signed.as_bytes(), &signature));
    }

    #[test]
    fn the_case_of_rfc_4231_4_3_gives_its_three_macs() {
        let start = |algorithm| pair(algorithm, b"Jefe").unwrap().signer.sign(b"what do ya want for nothing?").unwrap();
        assert_eq!(start(Algorithm::Hs256)[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(start(Algorithm::Hs384)[..4], [0xaf, 0x45, 0xd2, 0xe3]);
        assert_eq!(start(Algorithm::Hs512)[..4], [0x16, 0x4b, 0x7a, 0x7b]);
    }

    #[test]
    fn a_shortened_or_changed_signature_does_not_match() {
        let pair = pair(Algorithm::Hs256, b"key").unwrap();
        let mut signature = pair.signer.sign(b"m").unwrap();
        assert!(!pair.verifying.verify(b"m", &signature[..31]));
        assert!(!pair.verifying.verify(b"m", b""));
        signature[31] ^= 1;
        assert!(!pair.verifying.verify(b"m", &signature));
    }

    #[test]
    fn a_kid_depends_on_the_secret_and_the_algorithm() {
        let kid = |algorithm, secret| pair(algorithm, secret).unwrap().verifying.kid;
        assert_eq!(kid(Algorithm::Hs256, b"a"), kid(Algorithm::Hs256, b"a"));
        assert_ne!(kid(Algorithm::Hs256, b"a"), kid(Algorithm::Hs256, b"b"));
        assert_ne!(kid(Algorithm::Hs256, b"a"), kid(Algorithm::Hs384, b"a"));
    }

    #[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
    #[test]
    fn jsonwebtoken_signs_and_verifies_the_same() {
        #[cfg(feature = "aws-lc-rs")]
        use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
        #[cfg(not(feature = "aws-lc-rs"))]
        use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
        for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
            for length in [0, 1, 63, 64, 65, 127, 128, 129, 300] {
                let (secret, message) = (vec![7; length], vec![9; 3 * length]);
                let key = jsonwebtoken::EncodingKey::from_secret(&secret);
                let theirs = (DEFAULT_PROVIDER.signer_factory)(&algorithm.jose(), &key).unwrap();
                let ours = pair(algorithm, &secret).unwrap().signer.sign(&message).unwrap();
                assert_eq!(theirs.try_sign(&message).unwrap(), ours, "{algorithm} {length}");
            }
        }
    }
}
