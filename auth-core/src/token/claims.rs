use std::borrow::Cow;
use std::ops::Deref;

use serde::Serialize;

use super::fault::TokenFault;
use super::json::Object;
use super::member::Member;
use crate::account::{Epoch, UserId};
use crate::clock::Timestamp;
use crate::session::{SessionId, TokenId};

/// What an access token says. It holds no secret and nothing about the person but the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Claim `role`: one constant of the configuration, for gateways. It grants nothing here.
    pub role: Option<String>,
    /// Claims `userid` and `sub`.
    pub user: UserId,
    /// Claim `sid`.
    pub session: SessionId,
    /// Claim `gen`: how often the session's token had been replaced; never negative.
    pub generation: i64,
    /// Claim `epoch`: the session's, fixed at sign-in.
    pub epoch: Epoch,
    /// Claim `jti`.
    pub jti: TokenId,
    /// Claim `iat`, whole seconds.
    pub issued_at: Timestamp,
    /// Claim `exp`, whole seconds: the first moment at which the token is no longer good.
    pub expires_at: Timestamp,
    /// Claim `iss`.
    pub issuer: Option<String>,
    /// Claim `aud`.
    pub audience: Option<String>,
}

/// [`Claims`] under a signature of ours, within the rules. Only
/// [`KeyRing::verify`](super::KeyRing::verify) makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedClaims(Claims);

impl VerifiedClaims {
    pub(super) fn new(claims: Claims) -> Self {
        Self(claims)
    }

    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.0
    }

    pub(crate) fn into_claims(self) -> Claims {
        self.0
    }
}

impl Deref for VerifiedClaims {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.0
    }
}

/// The names and the order on the wire. Clients and gateways read them: never change one.
#[derive(Serialize)]
struct Wire<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'c str>,
    userid: &'c str,
    sub: &'c str,
    iat: i64,
    exp: i64,
    jti: &'c str,
    sid: &'c str,
    #[serde(rename = "gen")]
    generation: i64,
    epoch: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'c str>,
}

impl Claims {
    pub(super) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Wire {
            role: self.role.as_deref(),
            userid: self.user.as_str(),
            sub: self.user.as_str(),
            iat: self.issued_at.unix_seconds(),
            exp: self.expires_at.unix_seconds(),
            jti: self.jti.as_str(),
            sid: self.session.as_str(),
            generation: self.generation,
            epoch: self.epoch.as_str(),
            iss: self.issuer.as_deref(),
            aud: self.audience.as_deref(),
        })
    }

    /// Reads the claims by name and type. Whether they are acceptable now is for the rules to say.
    ///
    /// `audience` is the one to look for where `aud` lists several (RFC 7519 §4.1.3).
    pub(super) fn read(object: &Object<'_>, audience: Option<&str>) -> Result<Self, TokenFault> {
        let role = text(object, Member::Role)?.map(Cow::into_owned);
        let user = required(object, Member::UserId)?;
        if required(object, Member::Sub)? != user {
            return Err(claim(Member::Sub));
        }
        Ok(Self {
            role,
            user: UserId::stored(user),
            issued_at: moment(object, Member::Iat)?.ok_or(claim(Member::Iat))?,
            expires_at: moment(object, Member::Exp)?.ok_or(claim(Member::Exp))?,
            jti: TokenId::stored(required(object, Member::Jti)?),
            session: SessionId::stored(required(object, Member::Sid)?),
            generation: count(object, Member::Gen)?.ok_or(claim(Member::Gen))?,
            epoch: Epoch::stored(required(object, Member::Epoch)?),
            issuer: text(object, Member::Iss)?.map(Cow::into_owned),
            audience: listed(object, audience)?,
        })
    }
}

pub(super) fn claim(member: Member) -> TokenFault {
    TokenFault::Claim(member.name())
}

/// A `NumericDate` (RFC 7519 §2) in whole seconds, not before 1970.
pub(super) fn moment(object: &Object<'_>, member: Member) -> Result<Option<Timestamp>, TokenFault> {
    Ok(count(object, member)?.map(Timestamp::from_unix_seconds))
}

fn count(object: &Object<'_>, member: Member) -> Result<Option<i64>, TokenFault> {
    let number = object.integer(member).map_err(|_| claim(member))?;
    if number.is_some_and(i64::is_negative) { Err(claim(member)) } else { Ok(number) }
}

pub(super) fn text<'t>(object: &Object<'t>, member: Member) -> Result<Option<Cow<'t, str>>, TokenFault> {
    object.text(member).map_err(|_| claim(member))
}

pub(super) fn required<'t>(object: &Object<'t>, member: Member) -> Result<Cow<'t, str>, TokenFault> {
    text(object, member)?.filter(|text| !text.is_empty()).ok_or(claim(member))
}

fn listed(object: &Object<'_>, wanted: Option<&str>) -> Result<Option<String>, TokenFault> {
    let Some(list) = object.texts(Member::Aud).map_err(|_| claim(Member::Aud))? else { return Ok(None) };
    let ours = list.iter().find(|entry| Some(&***entry) == wanted).or(list.first());
    ours.map(|entry| Some(entry.to_string())).ok_or(claim(Member::Aud))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::verify::tests::{CLAIMS, claims, replaced};

    fn read(json: &str) -> Result<Claims, TokenFault> {
        Claims::read(&Object::parse(json.as_bytes()).unwrap(), None)
    }

    #[test]
    fn the_names_and_the_order_on_the_wire_are_fixed() {
        assert_eq!(String::from_utf8(claims().to_json().unwrap()).unwrap(), CLAIMS);
        assert_eq!(read(CLAIMS), Ok(claims()));
    }

    #[test]
    fn role_issuer_and_audience_are_written_when_set() {
        let some = |text: &str| Some(text.to_owned());
        let full = Claims { role: some("api"), issuer: some("i"), audience: some("a"), ..claims() };
        let json = String::from_utf8(full.to_json().unwrap()).unwrap();
        assert!(
            json.starts_with(r#"{"role":"api","userid":"u""#) && json.ends_with(r#""iss":"i","aud":"a"}"#),
            "{json}"
        );
        assert_eq!(read(&json), Ok(full));
    }

    #[test]
    fn every_required_claim_is_required() {
        for name in ["userid", "sub", "iat", "exp", "jti", "sid", "gen", "epoch"] {
            let json = CLAIMS.replacen(&format!("\"{name}\":"), "\"other\":", 1);
            assert_eq!(read(&json), Err(TokenFault::Claim(name)));
        }
    }

    #[test]
    fn texts_of_another_type_or_empty_are_refused() {
        for name in ["userid", "sub", "jti", "sid", "epoch"] {
            for value in ["1", "null", "true", "[\"u\"]", "{}", "\"\""] {
                assert_eq!(read(&replaced(name, value)), Err(TokenFault::Claim(name)), "{value}");
            }
        }
    }

    #[test]
    fn numbers_of_another_type_or_size_are_refused() {
        for name in ["iat", "exp", "gen"] {
            for value in ["1.0", "1e300", "\"1\"", "null", "true", "-1", "18446744073709551615", "1e3"] {
                assert_eq!(read(&replaced(name, value)), Err(TokenFault::Claim(name)), "{value}");
            }
        }
    }

    #[test]
    fn optional_claims_of_another_type_are_refused() {
        for (name, value) in
            [("role", "1"), ("role", "null"), ("iss", "[\"i\"]"), ("iss", "{}"), ("aud", "123"), ("aud", "[]")]
        {
            assert_eq!(read(&replaced(name, value)), Err(TokenFault::Claim(name)), "{value}");
        }
    }

    #[test]
    fn sub_must_equal_userid() {
        assert_eq!(read(&replaced("sub", "\"other\"")), Err(TokenFault::Claim("sub")));
    }

    #[test]
    fn unknown_claims_are_ignored() {
        assert_eq!(read(&replaced("scope", "{\"a\":[1.5,null]}")), Ok(claims()));
    }
}
