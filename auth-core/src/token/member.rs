use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// One list for the members, their names and how many there are.
macro_rules! members {
    ($($member:ident $name:literal,)*) => {
        /// A member that is read, of a header (RFC 7515 §4.1) or of the claims (RFC 7519 §4.1).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Member {
            $($member,)*
        }

        impl Member {
            pub(super) const ALL: [Self; [$(Self::$member,)*].len()] = [$(Self::$member,)*];
            pub(super) const COUNT: usize = Self::ALL.len();

            pub(super) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$member),)*
                    _ => None,
                }
            }

            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$member => $name,)*
                }
            }
        }
    };
}

members! {
    Typ "typ",
    Alg "alg",
    Kid "kid",
    Crit "crit",
    B64 "b64",
    Role "role",
    UserId "userid",
    Sub "sub",
    Iat "iat",
    Nbf "nbf",
    Exp "exp",
    Jti "jti",
    Sid "sid",
    Gen "gen",
    Epoch "epoch",
    Iss "iss",
    Aud "aud",
}

/// What each member has.
pub(super) type Values<'t> = [Option<Value<'t>>; Member::COUNT];

/// A value that nobody has asked for yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'t> {
    /// A text whose JSON escapes nothing.
    Plain(&'t str),
    /// JSON of any type.
    Json(&'t str),
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
