use std::borrow::Cow;

use super::algorithm::Algorithm;
use super::compact::encode;
use super::fault::TokenFault;
use super::json::Object;
use super::member::Member;

/// The `typ` of an access token. A token of another kind has another one and is refused here.
const KIND: &str = "JWT";

/// What becomes of a token whose header has no `typ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Required,
    MayBeAbsent,
}

/// The encoded header of every token that one key signs.
pub(super) fn encoded(algorithm: Algorithm, kid: &str) -> String {
    encode(format!(r#"{{"typ":"{KIND}","alg":"{algorithm}","kid":"{kid}"}}"#))
}

/// Checks a header and gives its `kid`.
///
/// `jku`, `jwk`, `x5u` and `x5c` are ignored: keys come from the configuration only.
pub(super) fn check(json: &[u8], algorithm: Algorithm, kind: Kind) -> Result<Option<Cow<'_, str>>, TokenFault> {
    let header = Object::parse(json).ok_or(TokenFault::Malformed)?;
    if header.contains(Member::Crit) || header.contains(Member::B64) {
        return Err(TokenFault::Critical);
    }
    if header.text(Member::Alg) != Ok(Some(algorithm.as_str().into())) {
        return Err(TokenFault::Algorithm);
    }
    match header.text(Member::Typ) {
        Ok(Some(kind)) if kind.eq_ignore_ascii_case(KIND) => {}
        Ok(None) if kind == Kind::MayBeAbsent => {}
        _ => return Err(TokenFault::Kind),
    }
    header.text(Member::Kid).map_err(|_| TokenFault::UnknownKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::compact::decode;

    fn checked(json: &str) -> Result<Option<Cow<'_, str>>, TokenFault> {
        check(json.as_bytes(), Algorithm::Hs256, Kind::Required)
    }

    #[test]
    fn what_is_written_is_read() {
        let json = decode(&encoded(Algorithm::Hs256, "k")).unwrap();
        assert_eq!(json, br#"{"typ":"JWT","alg":"HS256","kid":"k"}"#);
        assert_eq!(check(&json, Algorithm::Hs256, Kind::Required), Ok(Some("k".into())));
    }

    #[test]
    fn another_algorithm_is_refused() {
        for alg in [r#""none""#, r#""None""#, r#""HS384""#, r#""RS256""#, r#""hs256""#, r#"["HS256"]"#, "null", "1"] {
            let json = format!(r#"{{"typ":"JWT","alg":{alg}}}"#);
            assert_eq!(checked(&json), Err(TokenFault::Algorithm), "{alg}");
        }
        assert_eq!(checked(r#"{"typ":"JWT"}"#), Err(TokenFault::Algorithm));
    }

    #[test]
    fn another_kind_is_refused() {
        for kind in [r#""refresh+jwt""#, r#""at+jwt""#, r#""application/jwt""#, r#""""#, "null", "1", r#"["JWT"]"#] {
            let json = format!(r#"{{"alg":"HS256","typ":{kind}}}"#);
            assert_eq!(checked(&json), Err(TokenFault::Kind), "{kind}");
        }
        assert_eq!(checked(r#"{"alg":"HS256"}"#), Err(TokenFault::Kind));
        assert_eq!(checked(r#"{"alg":"HS256","typ":"jwt"}"#), Ok(None));
    }

    #[test]
    fn extensions_are_refused_whatever_they_say() {
        for member in [r#""crit":["exp"]"#, r#""crit":[]"#, r#""crit":null"#, r#""b64":true"#, r#""b64":false"#] {
            let json = format!(r#"{{"typ":"JWT","alg":"HS256",{member}}}"#);
            assert_eq!(checked(&json), Err(TokenFault::Critical), "{member}");
        }
    }

    #[test]
    fn keys_inside_a_token_are_ignored() {
        let json = r#"{"typ":"JWT","alg":"HS256","jku":"https://e","jwk":{"kty":"oct","k":"AA"},"x5u":1,"x5c":[]}"#;
        assert_eq!(checked(json), Ok(None));
    }

    #[test]
    fn a_kid_that_is_not_text_is_unknown() {
        for kid in ["1", "null", "[]", "{}"] {
            let json = format!(r#"{{"typ":"JWT","alg":"HS256","kid":{kid}}}"#);
            assert_eq!(checked(&json), Err(TokenFault::UnknownKey), "{kid}");
        }
    }

    #[test]
    fn duplicate_keys_are_refused() {
        assert_eq!(checked(r#"{"typ":"JWT","alg":"HS256","alg":"HS256"}"#), Err(TokenFault::Malformed));
    }
}
