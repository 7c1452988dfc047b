use super::algorithm::Algorithm;
use super::fault::SigningError;
use super::header;
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
    /// Whether it verifies what it signs: tried once, when it is read.
    pub(super) fn works(&self) -> bool {
        const TRIAL: &[u8] = b"trial signature";
        self.signer.sign(TRIAL).is_ok_and(|signature| self.verifying.verify(TRIAL, &signature))
    }
}

pub(super) fn unusable(algorithm: Algorithm) -> Fault {
    Fault::new(
        "JWT_SECRET",
        format!("does not work as a key for {algorithm}"),
        "Make a new one for that algorithm (RSA: 2048 bits or more), or set JWT_ALGORITHM to that of the key",
    )
}
