use jsonwebtoken::crypto::KeyUtils;
use jsonwebtoken::errors::Error;
use jsonwebtoken::jwk::EllipticCurve;
use jsonwebtoken::{AlgorithmFamily, DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::token::algorithm::Algorithm;
use crate::token::compact::encode;
use crate::token::key::unusable;

/// Below this an RSA key is refused (RFC 7518 §3.3).
const LEAST_RSA_BITS: usize = 2048;

/// A public key by its numbers, checked to be of the size that the algorithm takes.
pub(super) enum PublicKey {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ec { curve: &'static str, x: Vec<u8>, y: Vec<u8> },
    Ed { x: Vec<u8> },
}

impl PublicKey {
    pub(super) fn of_private(algorithm: Algorithm, key: &EncodingKey, utils: &KeyUtils) -> Result<Self, Fault> {
        let der = key.as_bytes();
        let numbers = match algorithm.family() {
            AlgorithmFamily::Rsa => (utils.rsa_pub_components_from_private_key)(der).map(|(n, e)| Self::Rsa { n, e }),
            AlgorithmFamily::Ec => (utils.ec_pub_components_from_private_key)(der, algorithm.jose())
                .map(|(_, x, y)| Self::Ec { curve: curve(algorithm), x, y }),
            _ => (utils.ed_pub_components_from_private_key)(der, &EllipticCurve::Ed25519).map(|x| Self::Ed { x }),
        };
        numbers.map_err(|_| unusable(algorithm))?.sized(algorithm)
    }

    pub(super) fn of_public(algorithm: Algorithm, key: &DecodingKey, utils: &KeyUtils) -> Result<Self, Fault> {
        let read = |bytes: &[u8]| -> Result<Self, Error> {
            Ok(match algorithm.family() {
                AlgorithmFamily::Rsa => {
                    (utils.rsa_pub_components_from_public_key)(bytes).map(|(n, e)| Self::Rsa { n, e })?
                }
                AlgorithmFamily::Ec => Self::of_point(algorithm, bytes),
                _ => Self::Ed { x: bytes.to_vec() },
            })
        };
        key.try_get_as_bytes().and_then(read).map_err(|_| unusable(algorithm))?.sized(algorithm)
    }

    /// An uncompressed point (SEC1 §2.3.3); another form gives coordinates of a wrong size.
    fn of_point(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let coordinates = bytes.strip_prefix(&[4]).unwrap_or_default();
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        Self::Ec { curve: curve(algorithm), x: x.to_vec(), y: y.to_vec() }
    }

    /// Checked here, because the libraries check it late, with a panic, or not at all.
    fn sized(self, algorithm: Algorithm) -> Result<Self, Fault> {
        let coordinate = if algorithm == Algorithm::Es384 { 48 } else { 32 };
        match &self {
            Self::Rsa { n, .. } if bits(n) < LEAST_RSA_BITS => Err(unusable(algorithm)),
            Self::Ec { x, y, .. } if x.len() != coordinate || y.len() != coordinate => Err(unusable(algorithm)),
            Self::Ed { x } if x.len() != coordinate => Err(unusable(algorithm)),
            _ => Ok(self),
        }
    }

    /// The uncompressed point (SEC1 §2.3.3), or the 32 bytes of Ed25519; nothing for RSA.
    pub(super) fn point(&self) -> Vec<u8> {
        match self {
            Self::Rsa { .. } => Vec::new(),
            Self::Ec { x, y, .. } => [&[4], x.as_slice(), y].concat(),
            Self::Ed { x } => x.clone(),
        }
    }

    /// The JWK thumbprint with SHA-256 (RFC 7638, RFC 8037 §2): the `kid`.
    pub(super) fn thumbprint(&self) -> String {
        let jwk = match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n)),
            Self::Ec { curve, x, y } => {
                format!(r#"{{"crv":"{curve}","kty":"EC","x":"{}","y":"{}"}}"#, encode(x), encode(y))
            }
            Self::Ed { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(x)),
        };
        encode(Sha256::digest(jwk))
    }
}

fn curve(algorithm: Algorithm) -> &'static str {
    if algorithm == Algorithm::Es384 { "P-384" } else { "P-256" }
}

fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros).map_or(0, |first| (number.len() - zeros) * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::compact::decode;

    #[test]
    fn the_thumbprint_of_rfc_7638_3_1_is_computed() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let key = PublicKey::Rsa { n: decode(n).unwrap(), e: decode("AQAB").unwrap() };
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn the_thumbprint_of_rfc_8037_a_3_is_computed() {
        let key = PublicKey::Ed { x: decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap() };
        assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn leading_zeros_do_not_count_as_bits() {
        assert_eq!((bits(&[0, 0, 1, 0]), bits(&[0x80]), bits(&[]), bits(&[0])), (9, 8, 0, 0));
    }
}
