use std::time::Duration;

use super::claims::{Claims, VerifiedClaims, moment};
use super::compact::{Compact, decode, decode_signed};
use super::fault::TokenFault;
use super::header::{self, Kind};
use super::json::Object;
use super::key::VerifyingKey;
use super::keyring::KeyRing;
use super::member::Member;
use crate::clock::Timestamp;

/// How far `iat` and `nbf` may lie ahead: the clocks of two servers differ a little.
const SKEW: Duration = Duration::from_secs(30);

/// By what a token is measured.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// How long after `exp` a token is still good, for servers whose clocks differ. Zero by
    /// default: longer keeps a stolen token alive.
    pub leeway: Duration,
    /// The `iss` that a token must have. `None`: it needs none, and any is ignored.
    pub issuer: Option<&'a str>,
    /// The `aud` that a token must have, alone or in a list. `None`: it must have none
    /// (RFC 7519 §4.1.3).
    pub audience: Option<&'a str>,
    /// The longest time from `iat` to `exp`.
    pub max_life: Duration,
    /// Whether a token past its `exp` is refused.
    pub expiry: Expiry,
}

/// What `exp` means to the one who verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// At `exp` and later the token is refused (RFC 7519 §4.1.4).
    Enforce,
    /// The token may have expired: its session decides. For refreshing only.
    Ignore,
}

impl KeyRing {
    /// Checks size, form, header, signature and claims, in this order. Any text is safe to pass:
    /// nothing is decoded of an over-long token, and no claim is read before the signature held.
    ///
    /// # Errors
    /// The first rule that the token breaks; [`TokenFault::Expired`] only when it breaks no other.
    pub fn verify(&self, token: &str, rules: &Rules<'_>) -> Result<VerifiedClaims, TokenFault> {
        let compact = Compact::cut(token)?;
        let key = key_of(self, compact.header)?;
        if !key.verify(compact.signed.as_bytes(), &decode(compact.signature)?) {
            return Err(TokenFault::Signature);
        }
        let payload = decode_signed(compact.payload)?;
        let object = Object::parse(&payload).ok_or(TokenFault::Malformed)?;
        rules.accept(&object).map(VerifiedClaims::new)
    }
}

/// The key that a header names. A header of ours needs no reading: equal bytes say the same.
fn key_of<'r>(ring: &'r KeyRing, encoded: &str) -> Result<&'r VerifyingKey, TokenFault> {
    if let Some(key) = ring.by_header(encoded) {
        return Ok(key);
    }
    let json = decode(encoded)?;
    let kid = header::check(&json, ring.algorithm(), Kind::Required)?;
    ring.by_kid(kid.as_deref()).ok_or(TokenFault::UnknownKey)
}

impl Rules<'_> {
    fn accept(&self, object: &Object<'_>) -> Result<Claims, TokenFault> {
        let claims = Claims::read(object, self.audience)?;
        self.lifetime(&claims)?;
        self.begun(claims.issued_at)?;
        moment(object, Member::Nbf)?.map_or(Ok(()), |not_before| self.begun(not_before))?;
        if self.issuer.is_some() && claims.issuer.as_deref() != self.issuer {
            return Err(TokenFault::Issuer);
        }
        if claims.audience.as_deref() != self.audience {
            return Err(TokenFault::Audience);
        }
        if self.expiry == Expiry::Enforce && claims.expires_at <= self.now.minus(self.leeway) {
            return Err(TokenFault::Expired);
        }
        Ok(claims)
    }

    fn lifetime(&self, claims: &Claims) -> Result<(), TokenFault> {
        let life = claims.expires_at.since(claims.issued_at);
        if life.is_zero() || life > self.max_life { Err(TokenFault::Lifetime) } else { Ok(()) }
    }

    pub(super) fn begun(&self, moment: Timestamp) -> Result<(), TokenFault> {
        if moment > self.now + self.leeway.max(SKEW) { Err(TokenFault::NotYetValid) } else { Ok(()) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::account::{Epoch, UserId};
    use crate::session::{SessionId, TokenId};
    use crate::token::compact::encode;
    use crate::token::{Algorithm, KeyMaterial};

    pub(in crate::token) const CLAIMS: &str =
        r#"{"userid":"u","sub":"u","iat":1000,"exp":1900,"jti":"j","sid":"s","gen":3,"epoch":"e"}"#;
    pub(in crate::token) const SECRET: &str = "Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUEk7Vw1HyBs4DgMp0ArCjWe";

    pub(in crate::token) fn claims() -> Claims {
        Claims {
            role: None,
            user: UserId::stored("u"),
            session: SessionId::stored("s"),
            generation: 3,
            epoch: Epoch::stored("e"),
            jti: TokenId::stored("j"),
            issued_at: Timestamp::from_unix_seconds(1000),
            expires_at: Timestamp::from_unix_seconds(1900),
            issuer: None,
            audience: None,
        }
    }

    /// [`CLAIMS`] with one claim set to a JSON value.
    pub(in crate::token) fn replaced(name: &str, value: &str) -> String {
        let mut json: serde_json::Map<String, serde_json::Value> = serde_json::from_str(CLAIMS).unwrap();
        json.remove(name);
        let rest = serde_json::to_string(&json).unwrap();
        format!("{{\"{name}\":{value},{}", &rest[1..])
    }

    pub(in crate::token) fn rules() -> Rules<'static> {
        Rules {
            now: Timestamp::from_unix_seconds(1000),
            leeway: Duration::ZERO,
            issuer: None,
            audience: None,
            max_life: claims().expires_at.since(claims().issued_at),
            expiry: Expiry::Enforce,
        }
    }

    pub(in crate::token) fn ring() -> KeyRing {
        KeyRing::new(Algorithm::Hs256, &KeyMaterial::secret(SECRET), &[]).unwrap()
    }

    /// Any header and payload under a good signature.
    fn signed(header: &str, payload: impl AsRef<[u8]>) -> String {
        let signed = format!("{}.{}", encode(header), encode(payload));
        format!("{signed}.{}", encode(ring().signer().sign(signed.as_bytes()).unwrap()))
    }

    fn fault(payload: impl AsRef<[u8]>, rules: &Rules<'_>) -> Option<TokenFault> {
        ring().verify(&signed(r#"{"alg":"HS256","typ":"JWT"}"#, payload), rules).err()
    }

    fn at(millis: i64) -> Rules<'static> {
        Rules { now: Timestamp::from_millis(millis), ..rules() }
    }

    #[test]
    fn a_token_ends_at_the_exact_second() {
        assert_eq!(fault(CLAIMS, &at(1_899_999)), None);
        assert_eq!(fault(CLAIMS, &at(1_900_000)), Some(TokenFault::Expired));
    }

    #[test]
    fn leeway_moves_the_end_by_exactly_itself() {
        let leeway = Duration::from_secs(5);
        assert_eq!(fault(CLAIMS, &Rules { leeway, ..at(1_904_999) }), None);
        assert_eq!(fault(CLAIMS, &Rules { leeway, ..at(1_905_000) }), Some(TokenFault::Expired));
    }

    #[test]
    fn expiry_can_be_left_to_the_session() {
        assert_eq!(fault(CLAIMS, &Rules { expiry: Expiry::Ignore, ..at(i64::MAX) }), None);
    }

    #[test]
    fn a_token_from_the_future_waits() {
        assert_eq!(fault(CLAIMS, &at(970_000)), None);
        assert_eq!(fault(CLAIMS, &at(969_999)), Some(TokenFault::NotYetValid));
        assert_eq!(fault(replaced("nbf", "1030"), &rules()), None);
        assert_eq!(fault(replaced("nbf", "1031"), &rules()), Some(TokenFault::NotYetValid));
        assert_eq!(fault(replaced("nbf", "1031"), &Rules { leeway: Duration::from_secs(31), ..rules() }), None);
        assert_eq!(fault(replaced("nbf", "\"1\""), &rules()), Some(TokenFault::Claim("nbf")));
    }

    #[test]
    fn a_lifetime_is_positive_and_bounded() {
        for exp in ["0", "999", "1000", "1901", "9223372036854775807"] {
            assert_eq!(fault(replaced("exp", exp), &rules()), Some(TokenFault::Lifetime), "{exp}");
        }
        assert_eq!(fault(replaced("exp", "1001"), &rules()), None);
        assert_eq!(fault(replaced("iat", "9223372036854775807"), &rules()), Some(TokenFault::Lifetime));
    }

    #[test]
    fn the_issuer_is_required_exactly_when_configured() {
        let ours = Rules { issuer: Some("i"), ..rules() };
        assert_eq!(fault(replaced("iss", r#""i""#), &ours), None);
        assert_eq!(fault(replaced("iss", r#""I""#), &ours), Some(TokenFault::Issuer));
        assert_eq!(fault(CLAIMS, &ours), Some(TokenFault::Issuer));
        assert_eq!(fault(replaced("iss", r#"["i"]"#), &ours), Some(TokenFault::Claim("iss")));
        assert_eq!(fault(replaced("iss", r#""i""#), &rules()), None);
    }

    #[test]
    fn the_audience_is_required_exactly_when_configured() {
        let ours = Rules { audience: Some("a"), ..rules() };
        assert_eq!(fault(replaced("aud", r#""a""#), &ours), None);
        assert_eq!(fault(replaced("aud", r#"["b","a"]"#), &ours), None);
        assert_eq!(fault(replaced("aud", r#"["b","c"]"#), &ours), Some(TokenFault::Audience));
        assert_eq!(fault(CLAIMS, &ours), Some(TokenFault::Audience));
        assert_eq!(fault(replaced("aud", r#"["a",1]"#), &ours), Some(TokenFault::Claim("aud")));
        assert_eq!(fault(replaced("aud", r#""a""#), &rules()), Some(TokenFault::Audience));
    }

    #[test]
    fn expired_is_said_only_of_a_token_that_is_good_otherwise() {
        let late = Rules { issuer: Some("i"), ..at(i64::MAX) };
        assert_eq!(fault(CLAIMS, &late), Some(TokenFault::Issuer));
    }

    #[test]
    fn a_signed_payload_that_is_no_strict_object_is_malformed() {
        for payload in ["", "[]", "null", r#""x""#, &replaced("a", r#"1,"a":2"#), &format!("{CLAIMS} x")] {
            assert_eq!(fault(payload, &rules()), Some(TokenFault::Malformed), "{payload}");
        }
        assert_eq!(fault(b"{\"a\":\"\xff\"}", &rules()), Some(TokenFault::Malformed));
    }

    #[test]
    fn a_changed_part_breaks_the_signature_before_claims_are_read() {
        let token = ring().mint(&claims()).unwrap();
        let parts: Vec<_> = token.expose().split('.').collect();
        for payload in [encode("not json"), encode(replaced("userid", r#""root""#)), "!".into(), String::new()] {
            let forged = format!("{}.{payload}.{}", parts[0], parts[2]);
            assert_eq!(ring().verify(&forged, &rules()), Err(TokenFault::Signature), "{payload}");
        }
        assert_eq!(ring().verify(&format!("{}.{}.", parts[0], parts[1]), &rules()), Err(TokenFault::Signature));
        assert_eq!(ring().verify(&format!("{}=", token.expose()), &rules()), Err(TokenFault::Malformed));
    }

    #[test]
    fn a_signed_header_decides_nothing_but_the_key() {
        let header = |json: &str| ring().verify(&signed(json, CLAIMS), &rules()).err();
        assert_eq!(header(r#"{"alg":"HS256","typ":"jwt"}"#), None);
        assert_eq!(header(r#"{"alg":"none","typ":"JWT"}"#), Some(TokenFault::Algorithm));
        assert_eq!(header(r#"{"alg":"HS256","typ":"refresh+jwt"}"#), Some(TokenFault::Kind));
        assert_eq!(header(r#"{"alg":"HS256","typ":"JWT","crit":["b64"],"b64":false}"#), Some(TokenFault::Critical));
        assert_eq!(header(r#"{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}"#), Some(TokenFault::UnknownKey));
    }

    #[test]
    fn no_text_makes_verifying_panic() {
        let token = ring().mint(&claims()).unwrap();
        for end in 0..token.expose().len() {
            assert!(ring().verify(&token.expose()[..end], &rules()).is_err());
        }
        for text in ["\0", "é.é.é", "....", "eyJ.e30.", &"a.".repeat(5_000), "\u{1F980}.\u{1F980}.\u{1F980}"] {
            assert!(ring().verify(text, &rules()).is_err());
        }
    }

    #[test]
    fn a_fault_repeats_nothing_of_the_token() {
        let fault = fault(replaced("sub", r#""mallory""#), &rules()).unwrap();
        assert!(!format!("{fault} {fault:?}").contains("mallory"));
    }
}
