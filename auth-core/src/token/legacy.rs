//! Tokens of the service from which this one takes over: `role`, `userid` and `exp` under the same
//! key, and no session.

use sha2::{Digest as _, Sha256};

use super::claims::{Claims, VerifiedClaims, claim, moment, required, text};
use super::compact::{Compact, decode, decode_signed, encode};
use super::fault::TokenFault;
use super::header::{self, Kind};
use super::json::Object;
use super::keyring::KeyRing;
use super::member::Member;
use super::verify::{Expiry, Rules};
use crate::account::{Epoch, UserId};
use crate::clock::Timestamp;
use crate::session::{Forerunner, SessionId, TokenId};

/// A verified token without a session.
#[derive(Debug, Clone)]
pub(crate) struct LegacyClaims {
    role: Option<String>,
    pub(crate) forerunner: Forerunner,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl KeyRing {
    /// Verifies a token that names no session.
    ///
    /// Issuer and audience are not asked for: that service wrote neither, and a token with an
    /// audience was none of its own.
    pub(crate) fn verify_legacy(&self, token: &str, rules: &Rules<'_>) -> Result<LegacyClaims, TokenFault> {
        let compact = Compact::cut(token)?;
        let header = decode(compact.header)?;
        let kid = header::check(&header, self.algorithm(), Kind::MayBeAbsent)?;
        let (signed, signature) = (compact.signed.as_bytes(), decode(compact.signature)?);
        // That service names no key, and ours may have been replaced since.
        let mut keys = self.keys().filter(|key| kid.as_ref().is_none_or(|kid| *kid == *key.kid));
        if !keys.any(|key| key.verify(signed, &signature)) {
            return Err(TokenFault::Signature);
        }
        let payload = decode_signed(compact.payload)?;
        let object = Object::parse(&payload).ok_or(TokenFault::Malformed)?;
        let claims = LegacyClaims::read(&object, compact.signed, rules)?;
        if rules.expiry == Expiry::Enforce && claims.expires_at <= rules.now.minus(rules.leeway) {
            return Err(TokenFault::Expired);
        }
        Ok(claims)
    }
}

impl LegacyClaims {
    fn read(object: &Object<'_>, signed: &str, rules: &Rules<'_>) -> Result<Self, TokenFault> {
        if object.contains(Member::Sid) {
            return Err(claim(Member::Sid));
        }
        if object.contains(Member::Aud) {
            return Err(TokenFault::Audience);
        }
        text(object, Member::Sub)?;
        let user = required(object, Member::UserId)?;
        if !user.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(claim(Member::UserId));
        }
        for member in [Member::Iat, Member::Nbf] {
            moment(object, member)?.map_or(Ok(()), |begin| rules.begun(begin))?;
        }
        let expires_at = moment(object, Member::Exp)?.ok_or(claim(Member::Exp))?;
        Ok(Self {
            role: text(object, Member::Role)?.map(std::borrow::Cow::into_owned),
            forerunner: Forerunner { session: session(signed), user: UserId::stored(user) },
            issued_at: moment(object, Member::Iat)?.unwrap_or(rules.now).min(expires_at).whole_seconds(),
            expires_at,
        })
    }

    /// The claims of such a token as generation 0 of its session.
    pub(crate) fn into_claims(self, epoch: Epoch) -> VerifiedClaims {
        VerifiedClaims::new(Claims {
            role: self.role,
            user: self.forerunner.user,
            jti: TokenId::stored(self.forerunner.session.as_str()),
            session: self.forerunner.session,
            generation: 0,
            epoch,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            issuer: None,
            audience: None,
        })
    }
}

/// The session of a token with this header and payload.
fn session(signed: &str) -> SessionId {
    SessionId::stored(encode(Sha256::new_with_prefix("legacy").chain_update(signed).finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::verify::tests::{CLAIMS, ring, rules};

    const LEGACY: &str = r#"{"role":"api","userid":"7","exp":1900}"#;
    const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

    fn signed(header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", encode(header), encode(payload));
        format!("{signed}.{}", encode(ring().signer().sign(signed.as_bytes()).unwrap()))
    }

    fn fault(payload: &str) -> Option<TokenFault> {
        ring().verify_legacy(&signed(HEADER, payload), &rules()).err()
    }

    #[test]
    fn what_that_service_wrote_is_read_and_is_no_token_of_ours() {
        let token = signed(HEADER, LEGACY);
        let claims = ring().verify_legacy(&token, &rules()).unwrap();
        assert_eq!((claims.forerunner.user.as_i64(), claims.expires_at.unix_seconds()), (Some(7), 1_900));
        assert_eq!(claims.forerunner.session.as_str().len(), 43);
        assert!(ring().verify(&token, &rules()).is_err());
        let headless = signed(r#"{"alg":"HS256"}"#, r#"{"userid":"7","exp":1900}"#);
        assert_ne!(ring().verify_legacy(&headless, &rules()).unwrap().forerunner, claims.forerunner);
    }

    #[test]
    fn a_token_of_a_session_is_none_of_that_service() {
        assert_eq!(fault(CLAIMS), Some(TokenFault::Claim("sid")));
        assert_eq!(fault(r#"{"userid":"7","exp":1900,"sid":null}"#), Some(TokenFault::Claim("sid")));
    }

    #[test]
    fn odd_claims_make_a_bad_token() {
        for (payload, expected) in [
            (r#"{"exp":1900}"#, TokenFault::Claim("userid")),
            (r#"{"userid":7,"exp":1900}"#, TokenFault::Claim("userid")),
            (r#"{"userid":" 7 ","exp":1900}"#, TokenFault::Claim("userid")),
            (r#"{"userid":"-7","exp":1900}"#, TokenFault::Claim("userid")),
            (r#"{"userid":"7"}"#, TokenFault::Claim("exp")),
            (r#"{"userid":"7","exp":"1900"}"#, TokenFault::Claim("exp")),
            (r#"{"userid":"7","exp":1900.5}"#, TokenFault::Claim("exp")),
            (r#"{"userid":"7","exp":1900,"role":1}"#, TokenFault::Claim("role")),
            (r#"{"userid":"7","exp":1900,"sub":7}"#, TokenFault::Claim("sub")),
            (r#"{"userid":"7","exp":1900,"aud":"a"}"#, TokenFault::Audience),
            (r#"{"userid":"7","exp":1900,"nbf":9999}"#, TokenFault::NotYetValid),
            (r#"{"userid":"7","exp":1000}"#, TokenFault::Expired),
            ("[]", TokenFault::Malformed),
        ] {
            assert_eq!(fault(payload), Some(expected), "{payload}");
        }
    }

    #[test]
    fn another_key_kind_or_algorithm_is_refused() {
        let token = signed(HEADER, LEGACY);
        let (head, _) = token.rsplit_once('.').unwrap();
        let forged = format!("{head}.{}", encode([0; 32]));
        assert_eq!(ring().verify_legacy(&forged, &rules()).err(), Some(TokenFault::Signature));
        let refused = |header: &str| ring().verify_legacy(&signed(header, LEGACY), &rules()).err();
        assert_eq!(refused(r#"{"alg":"none","typ":"JWT"}"#), Some(TokenFault::Algorithm));
        assert_eq!(refused(r#"{"alg":"HS256","typ":"refresh+jwt"}"#), Some(TokenFault::Kind));
        assert_eq!(refused(r#"{"alg":"HS256","kid":"x"}"#), Some(TokenFault::Signature));
    }
}
