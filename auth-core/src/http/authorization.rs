use crate::error::AuthError;
use crate::token::TokenFault;

/// What the `Authorization` header of a request says (RFC 6750 §2.1).
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization {
    /// No header, another scheme than `Bearer`, or `Bearer` without a token.
    Absent,
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
    /// assert!(matches!(header(&["Basic abc"]), Authorization::Absent));
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
        if !scheme.eq_ignore_ascii_case(b"Bearer") {
            return Self::Absent;
        }
        let token = rest.trim_ascii();
        match std::str::from_utf8(token) {
            Ok("") => Self::Absent,
            Ok(token) if token.bytes().all(|byte| byte.is_ascii_graphic()) => Self::Bearer(token.to_owned().into()),
            _ => Self::Faulty,
        }
    }

    /// The token, where exactly one is demanded.
    pub(crate) fn required(&self) -> Result<&str, AuthError> {
        match self {
            Self::Absent => Err(AuthError::TokenMissing),
            Self::Bearer(token) => Ok(token),
            Self::Faulty => Err(AuthError::TokenInvalid(TokenFault::Malformed)),
        }
    }
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
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
    fn no_token_and_other_schemes_are_absent() {
        for value in ["", "Bearer", "Bearer ", "Basic YTpi", "abc", "Bearerabc", "Bearer\tabc"] {
            assert_eq!(read(&[value.as_bytes()]), Authorization::Absent, "{value:?}");
        }
        assert_eq!(read(&[]), Authorization::Absent);
    }

    #[test]
    fn two_headers_or_two_tokens_are_faulty() {
        assert_eq!(read(&[b"Bearer a", b"Basic b"]), Authorization::Faulty);
        assert_eq!(read(&[b"Bearer a b"]), Authorization::Faulty);
        assert_eq!(read(&[b"Bearer \xff"]), Authorization::Faulty);
    }
}
