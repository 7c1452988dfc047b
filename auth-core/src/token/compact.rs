use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::access_token::MAX_BYTES;
use super::fault::TokenFault;

/// A JWS in compact form, cut but not decoded (RFC 7515 §7.1).
#[derive(Debug)]
pub(super) struct Compact<'t> {
    pub(super) header: &'t str,
    pub(super) payload: &'t str,
    pub(super) signature: &'t str,
    /// Header and payload with the dot between: what is signed.
    pub(super) signed: &'t str,
}

impl<'t> Compact<'t> {
    /// Cuts a token of exactly three parts.
    pub(super) fn cut(token: &'t str) -> Result<Self, TokenFault> {
        if token.len() > MAX_BYTES {
            return Err(TokenFault::TooLong);
        }
        let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
        let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
            return Err(TokenFault::Malformed);
        };
        let (signed, signature) = cut_at(token, second)?;
        let (header, payload) = cut_at(signed, first)?;
        Ok(Self { header, payload, signature, signed })
    }
}

/// What stands on either side of the dot at this place.
fn cut_at(text: &str, dot: usize) -> Result<(&str, &str), TokenFault> {
    let (before, rest) = text.split_at_checked(dot).ok_or(TokenFault::Malformed)?;
    Ok((before, rest.strip_prefix('.').ok_or(TokenFault::Malformed)?))
}

/// Decodes one part: no padding, no foreign characters, no stray bits at the end.
pub(super) fn decode(part: &str) -> Result<Vec<u8>, TokenFault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFault::Malformed)
}

/// Decodes the same three times as fast, with code that is not safe Rust: for a long part that one of our
/// keys has signed, and for nothing that a stranger can write.
pub(super) fn decode_signed(part: &str) -> Result<Vec<u8>, TokenFault> {
    WIDE.decode(part).map_err(|_| TokenFault::Malformed)
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
static WIDE: std::sync::LazyLock<base64::engine::simd::Simd> =
    std::sync::LazyLock::new(|| base64::engine::simd::Simd::url_safe(base64::engine::general_purpose::NO_PAD));

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use base64::engine::general_purpose::URL_SAFE_NO_PAD as WIDE;

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_exactly_three_parts() {
        for token in ["", ".", "a", "a.b", "a.b.c.d", "a.b.c.", ".a.b.c", "...."] {
            assert_eq!(Compact::cut(token).err(), Some(TokenFault::Malformed), "{token}");
        }
        let compact = Compact::cut("a.b.c").unwrap();
        assert_eq!((compact.header, compact.payload, compact.signature, compact.signed), ("a", "b", "c", "a.b"));
    }

    #[test]
    fn an_over_long_token_is_refused_before_decoding() {
        assert_eq!(Compact::cut(&".".repeat(MAX_BYTES + 1)).err(), Some(TokenFault::TooLong));
        assert_eq!(Compact::cut(&".".repeat(MAX_BYTES)).err(), Some(TokenFault::Malformed));
    }

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(decode("YQ").unwrap(), b"a");
        for part in ["YQ==", "YQ=", "YR", "Y", "Y Q", "YQ\n", "+/+/", "é"] {
            assert_eq!(decode(part), Err(TokenFault::Malformed), "{part}");
        }
    }

    /// Of a length that reaches every width of register, each byte replaced by each other in turn.
    #[test]
    fn wide_registers_decode_to_the_same_and_refuse_the_same() {
        for length in 0..=100 {
            let part = encode((0..length).map(|n: u8| n.wrapping_mul(89)).collect::<Vec<_>>());
            assert_eq!(decode_signed(&part), decode(&part), "{part}");
            for place in 0..part.len() {
                for foreign in "=+/ .A-_z9\n\0é".chars() {
                    let changed = format!("{}{foreign}{}", &part[..place], &part[place + 1..]);
                    assert_eq!(decode_signed(&changed), decode(&changed), "{changed}");
                }
            }
        }
    }
}
