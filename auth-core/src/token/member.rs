use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A member that is read, of a header (RFC 7515 §4.1) or of the claims (RFC 7519 §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Typ,
    Alg,
    Kid,
    Crit,
    B64,
    Role,
    UserId,
    Sub,
    Iat,
    Nbf,
    Exp,
    Jti,
    Sid,
    Gen,
    Epoch,
    Iss,
    Aud,
}

impl Member {
    pub(super) const COUNT: usize = Self::Aud as usize + 1;

    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "typ" => Self::Typ,
            "alg" => Self::Alg,
            "kid" => Self::Kid,
            "crit" => Self::Crit,
            "b64" => Self::B64,
            "role" => Self::Role,
            "userid" => Self::UserId,
            "sub" => Self::Sub,
            "iat" => Self::Iat,
            "nbf" => Self::Nbf,
            "exp" => Self::Exp,
            "jti" => Self::Jti,
            "sid" => Self::Sid,
            "gen" => Self::Gen,
            "epoch" => Self::Epoch,
            "iss" => Self::Iss,
            "aud" => Self::Aud,
            _ => return None,
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Typ => "typ",
            Self::Alg => "alg",
            Self::Kid => "kid",
            Self::Crit => "crit",
            Self::B64 => "b64",
            Self::Role => "role",
            Self::UserId => "userid",
            Self::Sub => "sub",
            Self::Iat => "iat",
            Self::Nbf => "nbf",
            Self::Exp => "exp",
            Self::Jti => "jti",
            Self::Sid => "sid",
            Self::Gen => "gen",
            Self::Epoch => "epoch",
            Self::Iss => "iss",
            Self::Aud => "aud",
        }
    }
}

/// The key of a member, whether it is read or not.
pub(super) enum Key<'t> {
    Read(Member),
    Ignored(Cow<'t, str>),
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AKey)
    }
}

struct AKey;

impl<'de> Visitor<'de> for AKey {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Member::named(key).map_or(Key::Ignored(Cow::Borrowed(key)), Key::Read))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Member::named(key).map_or_else(|| Key::Ignored(Cow::Owned(key.to_owned())), Key::Read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_found_by_its_name() {
        let names = [
            "typ", "alg", "kid", "crit", "b64", "role", "userid", "sub", "iat", "nbf", "exp", "jti", "sid", "gen",
            "epoch", "iss", "aud",
        ];
        assert_eq!(names.len(), Member::COUNT);
        for (at, name) in names.into_iter().enumerate() {
            let member = Member::named(name).unwrap();
            assert_eq!((member as usize, member.name()), (at, name));
        }
        assert_eq!(Member::named("Sub"), None);
    }
}
