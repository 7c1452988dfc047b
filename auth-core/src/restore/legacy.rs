use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::token::LONGEST_TOKEN;
use super::{RestoreKeys, TokenDigest};
use crate::clock::Timestamp;

/// A restoring token of the service from which this one takes over: Fernet around the moment at
/// which it ends. It names nobody; whose it is says the column, in which it stands in clear.
#[derive(Clone)]
pub struct LegacyRestoreToken {
    text: Zeroizing<String>,
    expires_at: Timestamp,
}

impl LegacyRestoreToken {
    /// The text, for a store that compares it with the column.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// What stands for it where only digests are known: no store has it.
    pub(crate) fn digest(&self) -> TokenDigest {
        TokenDigest::of(self.text.as_bytes())
    }
}

impl fmt::Debug for LegacyRestoreToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LegacyRestoreToken(..)")
    }
}

impl RestoreKeys {
    /// Reads such a token, live or not; `None` for any text that our keys did not seal as one.
    /// Without this check a digest that leaked from the column would be a token.
    pub(crate) fn legacy(&self, token: &str, now: Timestamp) -> Option<LegacyRestoreToken> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let plaintext = self.tokens().open(token, now, None).ok()?;
        // Not into a struct: `serde` reads one from a list too.
        let members: Map<String, Value> = serde_json::from_slice(&plaintext).ok()?;
        let expired_time = members.get("expired_time")?.as_f64()?;
        // Out of range is long ago.
        let since_1970 = Duration::try_from_secs_f64(expired_time).unwrap_or_default();
        let expires_at = Timestamp::from_unix_seconds(0) + since_1970;
        Some(LegacyRestoreToken { text: Zeroizing::new(token.to_owned()), expires_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::EncryptKey;

    fn now() -> Timestamp {
        Timestamp::from_unix_seconds(1_800_000_000)
    }

    fn keys(seed: u8) -> RestoreKeys {
        RestoreKeys::new(&[EncryptKey::from_bytes([seed; 32])]).unwrap()
    }

    fn sealed(plaintext: &str) -> String {
        keys(1).tokens().seal(plaintext.as_bytes(), now()).unwrap()
    }

    #[test]
    fn a_token_ends_at_the_moment_inside_it() {
        let token = keys(1).legacy(&sealed(r#"{"expired_time": 1800000060}"#), now()).unwrap();
        assert!(!token.has_expired(now() + Duration::from_secs(59)));
        assert!(token.has_expired(now() + Duration::from_secs(60)));
    }

    #[test]
    fn a_moment_out_of_range_has_passed() {
        for moment in ["-1", "-1e300", "1e300", "0"] {
            let token = sealed(&format!(r#"{{"expired_time": {moment}}}"#));
            assert!(keys(1).legacy(&token, now()).unwrap().has_expired(now()), "{moment}");
        }
    }

    #[test]
    fn what_our_keys_did_not_seal_as_such_a_token_is_none() {
        let good = sealed(r#"{"expired_time": 1800000060}"#);
        assert!(keys(2).legacy(&good, now()).is_none());
        let digest = keys(1).legacy(&good, now()).unwrap().digest();
        for text in [digest.as_str(), "", &sealed("{}"), &sealed("[1]"), &sealed(r#"{"expired_time": "1800000060"}"#)] {
            assert!(keys(1).legacy(text, now()).is_none(), "{text}");
        }
    }
}
