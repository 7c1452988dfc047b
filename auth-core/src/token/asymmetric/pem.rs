use jsonwebtoken::errors::Error;
use jsonwebtoken::{AlgorithmFamily, DecodingKey, EncodingKey};

use crate::fault::Fault;
use crate::token::algorithm::Algorithm;

/// Which half of a pair a PEM text holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Half {
    Private,
    Public,
}

/// Judges by the label (RFC 7468). Needed because jsonwebtoken takes either half as either, and a
/// certificate as a key.
pub(super) fn half(text: &str) -> Result<Half, Fault> {
    match label(text) {
        Some("PRIVATE KEY" | "RSA PRIVATE KEY") => Ok(Half::Private),
        Some("PUBLIC KEY" | "RSA PUBLIC KEY") => Ok(Half::Public),
        Some("EC PRIVATE KEY" | "EC PARAMETERS") => Err(fault("is an EC key in SEC1 form", TO_PKCS8)),
        Some("ENCRYPTED PRIVATE KEY") => Err(fault("is encrypted with a passphrase", TO_PKCS8)),
        Some("CERTIFICATE") => Err(fault("is a certificate", TO_PKCS8)),
        Some(_) => Err(fault("is not a key", TO_PKCS8)),
        None => Err(fault("is not in PEM form", TO_PKCS8)),
    }
}

fn label(text: &str) -> Option<&str> {
    text.strip_prefix("-----BEGIN ")?.split_once("-----").map(|(label, _)| label)
}

pub(super) fn private(algorithm: Algorithm, text: &str) -> Result<EncodingKey, Fault> {
    let pem = text.as_bytes();
    read(algorithm, EncodingKey::from_rsa_pem(pem), EncodingKey::from_ec_pem(pem), EncodingKey::from_ed_pem(pem))
}

pub(super) fn public(algorithm: Algorithm, text: &str) -> Result<DecodingKey, Fault> {
    let pem = text.as_bytes();
    read(algorithm, DecodingKey::from_rsa_pem(pem), DecodingKey::from_ec_pem(pem), DecodingKey::from_ed_pem(pem))
}

fn read<K>(
    algorithm: Algorithm,
    rsa: Result<K, Error>,
    ec: Result<K, Error>,
    ed: Result<K, Error>,
) -> Result<K, Fault> {
    let (wanted, found) = match algorithm.family() {
        AlgorithmFamily::Rsa => ("RSA", rsa),
        AlgorithmFamily::Ec => ("EC", ec),
        _ => ("Ed25519", ed),
    };
    found.map_err(|_| fault(format!("is not an {wanted} key, which {algorithm} needs"), FITTING))
}

const TO_PKCS8: &str = "Give a PKCS#8 key; `openssl pkcs8 -topk8 -nocrypt -in key.pem` turns a private key into one";
const FITTING: &str = "Give a key of that kind, or set JWT_ALGORITHM to that of the key";

fn fault(problem: impl Into<std::borrow::Cow<'static, str>>, mend: &'static str) -> Fault {
    Fault::new("JWT_SECRET", problem, mend)
}
