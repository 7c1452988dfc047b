use std::fmt;
use std::str::FromStr;

use jsonwebtoken::AlgorithmFamily;
use thiserror::Error;

/// How tokens are signed (RFC 7518 §3.1, RFC 8037 §3.1). One is chosen in the configuration; a
/// token that names another is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Algorithm {
    /// HMAC with SHA-256 and a shared secret; the default.
    #[default]
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    const ALL: [Self; 12] = [
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The JOSE name: the value of `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Whether the key is a shared secret; otherwise it is a private key in PEM.
    #[must_use]
    pub fn is_symmetric(self) -> bool {
        self.family() == AlgorithmFamily::Hmac
    }

    pub(super) fn family(self) -> AlgorithmFamily {
        self.jose().family()
    }

    pub(super) const fn jose(self) -> jsonwebtoken::Algorithm {
        use jsonwebtoken::Algorithm as Jose;
        match self {
            Self::Hs256 => Jose::HS256,
            Self::Hs384 => Jose::HS384,
            Self::Hs512 => Jose::HS512,
            Self::Rs256 => Jose::RS256,
            Self::Rs384 => Jose::RS384,
            Self::Rs512 => Jose::RS512,
            Self::Ps256 => Jose::PS256,
            Self::Ps384 => Jose::PS384,
            Self::Ps512 => Jose::PS512,
            Self::Es256 => Jose::ES256,
            Self::Es384 => Jose::ES384,
            Self::EdDsa => Jose::EdDSA,
        }
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Reads a JOSE name, case-sensitively (RFC 7515 §4.1.1). `none` is not an algorithm.
    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name).ok_or(UnknownAlgorithm)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is not one of an [`Algorithm`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA")]
#[non_exhaustive]
pub struct UnknownAlgorithm;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_is_read_by_its_name() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
            assert!(UnknownAlgorithm.to_string().contains(algorithm.as_str()));
        }
    }

    #[test]
    fn names_are_those_of_the_jose_registry() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.as_str().parse::<jsonwebtoken::Algorithm>().unwrap(), algorithm.jose());
        }
    }

    #[test]
    fn none_and_unknown_names_are_refused() {
        for name in ["none", "None", "", "hs256", "HS256 ", "ES256K", "ES512", "Ed25519", "dir"] {
            assert_eq!(name.parse::<Algorithm>(), Err(UnknownAlgorithm), "{name}");
        }
    }
}
