//! HS256 with nothing but what nobody can do without: an HMAC whose key is read already, base64,
//! and the claims as JSON into a struct that owns them.

use auth_core::token::Claims;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::setup::JWT_SECRET;

/// `{"typ":"JWT","alg":"HS256"}`
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

/// Signs and verifies.
#[derive(Debug, Clone)]
pub struct Hs256(hmac::Key);

/// The claims of an access token as they stand on the wire, each in a field of its name.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the claims")]
pub struct WireClaims {
    pub userid: String,
    pub sub: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
    pub sid: String,
    pub r#gen: i64,
    pub epoch: String,
}

impl Default for Hs256 {
    /// With the key of every server here.
    fn default() -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, JWT_SECRET.as_bytes()))
    }
}

impl Hs256 {
    /// When a token of ours expires, in seconds since 1970; `None` for one that is not.
    #[must_use]
    pub fn expiry(&self, token: &str) -> Option<i64> {
        self.claims(token).map(|claims| claims.exp)
    }

    fn claims(&self, token: &str) -> Option<WireClaims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac::verify(&self.0, signed.as_bytes(), &signature).ok()?;
        let (_, payload) = signed.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    }

    /// A token with these claims.
    #[must_use]
    pub fn sign(&self, claims: &Claims) -> Option<String> {
        let payload = serde_json::to_vec(&WireClaims {
            userid: claims.user.as_str().to_owned(),
            sub: claims.user.as_str().to_owned(),
            iat: claims.issued_at.unix_seconds(),
            exp: claims.expires_at.unix_seconds(),
            jti: claims.jti.as_str().to_owned(),
            sid: claims.session.as_str().to_owned(),
            r#gen: claims.generation,
            epoch: claims.epoch.as_str().to_owned(),
        });
        let mut token = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(payload.ok()?));
        let signature = hmac::sign(&self.0, token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Some(token)
    }
}
