//! Randomness as a value that is handed in.

use thiserror::Error;

/// A source of cryptographically secure random bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// When the source has no entropy to give. Nothing falls back to a weaker source.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The random source did not answer.
#[derive(Debug, Error)]
#[error("the random source failed")]
pub struct RandomError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl RandomError {
    /// Wraps what the source said.
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

/// The random source of the operating system; the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for entropy")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|source| RandomError::new(source.to_string()))
    }
}

/// `N` fresh random bytes.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

/// 128 random bits as 22 characters of URL-safe base64.
pub(crate) fn id128(random: &dyn Random) -> Result<String, RandomError> {
    use base64::Engine as _;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<16>(random)?))
}
