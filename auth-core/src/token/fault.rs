use thiserror::Error;

use super::access_token::MAX_BYTES;

/// Why a token was refused. Names the rule, never anything that the token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// Longer than any token of ours; nothing of it was decoded.
    #[error("the token is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// Not three parts of unpadded base64url around JSON objects with distinct keys.
    #[error("the token is not a JWS in compact form")]
    Malformed,
    /// `alg` is not the configured algorithm.
    #[error("the token is not signed with the configured algorithm")]
    Algorithm,
    /// `typ` is not `JWT`: a token of another kind.
    #[error("the token is of another kind")]
    Kind,
    /// `crit` or `b64`: an extension that must be understood, and is not (RFC 7515 §4.1.11).
    #[error("the token asks for an extension")]
    Critical,
    /// `kid` names no key of the ring.
    #[error("the token is signed with an unknown key")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("the signature does not match")]
    Signature,
    /// A required claim is absent, or a known one has a value of the wrong type.
    #[error("the claim `{0}` is absent or has an unacceptable value")]
    Claim(&'static str),
    /// It lives longer than any token of ours, or ends before it begins.
    #[error("the token has an unacceptable lifetime")]
    Lifetime,
    /// `iat` or `nbf` lies in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iss` is not the configured one.
    #[error("the token is from another issuer")]
    Issuer,
    /// `aud` does not contain the configured one, or is there and none is configured.
    #[error("the token is for another audience")]
    Audience,
    /// Good in every other respect, but its time is over.
    #[error("the token has expired")]
    Expired,
}

/// A token could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SigningError {
    /// The claims could not be written as JSON.
    #[error("the claims cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// The claims are so long that verifying would refuse the token.
    #[error("the claims do not fit into a token of {MAX_BYTES} bytes")]
    TooLong,
    /// The key did not sign.
    #[error("the key did not sign")]
    Key(#[source] Box<dyn std::error::Error + Send + Sync>),
}
