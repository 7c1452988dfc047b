use crate::error::AuthError;
use crate::token::TokenFault;

/// What the `Authorization` header of a request says (RFC 6750 §2.1).
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization {
    /// No header, or `Bearer` without a token.
    Absent,
    /// One word without a scheme. Nothing about it was checked.
    Bare(zeroize::Zeroizing<String>),
    /// Another scheme than `Bearer`.
    OtherScheme,
    /// `Bearer` with a token. Nothing about the token was checked.
    Bearer(zeroize::Zeroizing<String>),
    /// Two headers, or a `Bearer` that is not one token.
    Faulty,
}

impl Authorization {
    /// Reads the header from all its values in a request.
    ///
    /// ```
    /// use auth_core::http::Authorization;
    ///
    /// let header = |values: &[&str]| Authorization::read(values.iter().map(|value| value.as_bytes()));
    /// assert!(matches!(header(&["bearer  abc"]), Authorization::Bearer(_)));
    /// assert!(matches!(header(&["Basic abc"]), Authorization::OtherScheme));
    /// assert!(matches!(header(&["Bearer a", "Bearer a"]), Authorization::Faulty));
    /// ```
    pub fn read<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Self::Absent,
            (Some(value), None) => Self::one(value),
            (Some(_), Some(_)) => Self::Faulty,
        }
    }

    fn one(value: &[u8]) -> Self {
        let value = value.trim_ascii();
        let (scheme, rest) = value.split_at(value.iter().position(|byte| *byte == b' ').unwrap_or(value.len()));
        let (bearer, token) = (scheme.eq_ignore_ascii_case(b"Bearer"), rest.trim_ascii());
        match (bearer, token) {
            (true, []) => Self::Absent,
            (true, token) => word(token).map_or(Self::Faulty, Self::Bearer),
            (false, []) => match word(scheme) {
                Some(word) => Self::Bare(word),
                None if scheme.is_empty() => Self::Absent,
                None => Self::OtherScheme,
            },
            (false, _) => Self::OtherScheme,
        }
    }

    /// The token, where exactly one is demanded under this scheme.
    pub(crate) fn required(&self) -> Result<&str, AuthError> {
        match self {
            Self::Absent | Self::Bare(_) | Self::OtherScheme => Err(AuthError::TokenMissing),
            Self::Bearer(token) => Ok(token),
            Self::Faulty => Err(AuthError::TokenInvalid(TokenFault::Malformed)),
        }
    }

    /// The token, with the scheme or without; another scheme is a bad token.
    pub(super) fn required_even_bare(&self) -> Result<&str, AuthError> {
        match self {
            Self::Bare(token) => Ok(token),
            Self::OtherScheme => Err(AuthError::TokenInvalid(TokenFault::Malformed)),
            Self::Absent | Self::Bearer(_) | Self::Faulty => self.required(),
        }
    }

    /// Whether a bearer token was sent, good or bad: nobody else is signed in.
    #[must_use]
    pub const fn is_meant(&self) -> bool {
        matches!(self, Self::Bearer(_) | Self::Faulty)
    }
}

fn word(bytes: &[u8]) -> Option<zeroize::Zeroizing<String>> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty())?;
    text.bytes().all(|byte| byte.is_ascii_graphic()).then(|| text.to_owned().into())
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Bare(_) => "Bare(..)",
            Self::OtherScheme => "OtherScheme",
            Self::Bearer(_) => "Bearer(..)",
            Self::Faulty => "Faulty",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&[u8]]) -> Authorization {
        Authorization::read(values.iter().copied())
    }

    fn token(value: &[u8]) -> Option<String> {
        match read(&[value]) {
            Authorization::Bearer(token) => Some(token.to_string()),
            _ => None,
        }
    }

    #[test]
    fn the_scheme_is_read_in_any_case_and_with_any_spaces() {
        for value in ["Bearer abc", "bearer abc", "BEARER   abc", " Bearer abc "] {
            assert_eq!(token(value.as_bytes()).as_deref(), Some("abc"), "{value:?}");
        }
    }

    #[test]
    fn no_token_and_other_schemes_are_no_bearer() {
        for value in ["", "Bearer", "Bearer "] {
            assert_eq!(read(&[value.as_bytes()]), Authorization::Absent, "{value:?}");
        }
        assert_eq!(read(&[]), Authorization::Absent);
        for value in ["Basic YTpi", "abc", "Bearerabc", "Bearer\tabc"] {
            let header = read(&[value.as_bytes()]);
            assert!(!header.is_meant() && matches!(header.required(), Err(AuthError::TokenMissing)), "{value:?}");
        }
    }

    #[test]
    fn a_bare_token_is_one_word_and_another_scheme_is_a_bad_token() {
        assert_eq!(read(&[b"a.b.c"]).required_even_bare().ok(), Some("a.b.c"));
        assert_eq!(read(&[b"bearer  a.b.c"]).required_even_bare().ok(), Some("a.b.c"));
        for value in [&b"Basic YTpi"[..], b"Token a.b.c", b"a\xff"] {
            let refused = read(&[value]).required_even_bare().err();
            assert!(matches!(refused, Some(AuthError::TokenInvalid(_))), "{value:?}");
        }
        assert!(matches!(read(&[b" "]).required_even_bare(), Err(AuthError::TokenMissing)));
    }

    #[test]
    fn two_headers_or_two_tokens_are_faulty() {
        assert_eq!(read(&[b"Bearer a", b"Basic b"]), Authorization::Faulty);
        assert_eq!(read(&[b"Bearer a b"]), Authorization::Faulty);
        assert_eq!(read(&[b"Bearer \xff"]), Authorization::Faulty);
    }
}
