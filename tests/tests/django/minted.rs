//! What the Python service hands out.

use auth_core::Settings;
use auth_core::password::Argon2Params;
use auth_core::restore::EncryptKey;
use auth_core::token::KeyMaterial;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fernet::Fernet;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::project::now;

pub(crate) const JWT_SECRET: &str = "Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUE";
const ENCRYPT_KEY: &str = "T3JhY2xlRmVybmV0S2V5MDEyMzQ1Njc4OWFiY2RlZmc=";

/// With its keys.
pub(crate) fn settings() -> Settings {
    let key = EncryptKey::parse(ENCRYPT_KEY).unwrap();
    Settings::new(KeyMaterial::secret(JWT_SECRET), key, "https://app.example.org/restore")
        .from_email("notes@example.org")
        .argon2(Argon2Params::danger_weak(8, 1, 1).unwrap())
        .without_limits()
}

/// Its token for a user, which ends so many seconds after the takeover.
pub(crate) fn token(user: i64, ends: i64) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let exp = now().unix_seconds() + ends;
    let payload = URL_SAFE_NO_PAD.encode(format!(r#"{{"role":"api","userid":"{user}","exp":{exp}}}"#));
    let signed = format!("{header}.{payload}");
    let mut mac = Hmac::<Sha256>::new_from_slice(JWT_SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// Its restoring token, which ends so many seconds after the takeover.
pub(crate) fn restoring_token(ends: i64) -> String {
    let made = u64::try_from(now().unix_seconds()).unwrap();
    let plaintext = format!(r#"{{"expired_time": {}}}"#, now().unix_seconds() + ends);
    Fernet::new(ENCRYPT_KEY).unwrap().encrypt_at_time(plaintext.as_bytes(), made)
}
