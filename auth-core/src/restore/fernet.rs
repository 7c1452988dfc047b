//! Fernet with the clock handed in and the crate's traps closed.
//!
//! `fernet` 0.2.2 adds a time to live to a timestamp that it has not authenticated yet, which
//! overflows for a forged one; it has no time to live for several keys; and it takes a token with
//! any number of `=`. So the frame is parsed here first, the age is checked here, keys are tried
//! one by one, and no caller may identify a token by its text.

use std::time::Duration;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};
use fernet::Fernet;
use zeroize::Zeroizing;

use crate::clock::Timestamp;
use crate::random::RandomError;

/// How far in the future a token may have been made (Fernet specification, "Verifying").
const CLOCK_SKEW: Duration = Duration::from_secs(60);

const VERSION: u8 = 0x80;
/// Version, time, initialisation vector, at least one block, HMAC.
const SHORTEST_FRAME: usize = 1 + 8 + 16 + 16 + 32;

const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a token is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejected {
    /// Not a token of these keys.
    Malformed,
    /// Older than its life, or from the future.
    Expired,
}

/// Several keys: the first one encrypts, all of them open.
#[derive(Clone)]
pub(super) struct FernetRing(Vec<Fernet>);

impl FernetRing {
    /// `None` without a key.
    pub(super) fn new(keys: impl IntoIterator<Item = [u8; 32]>) -> Option<Self> {
        let ring: Vec<Fernet> = keys
            .into_iter()
            .filter_map(|key| Fernet::new(&Zeroizing::new(general_purpose::URL_SAFE.encode(Zeroizing::new(key)))))
            .collect();
        if ring.is_empty() { None } else { Some(Self(ring)) }
    }

    /// Encrypts with the first key.
    pub(super) fn seal(&self, plaintext: &[u8], now: Timestamp) -> Result<String, RandomError> {
        let seconds = u64::try_from(now.unix_seconds()).unwrap_or(0);
        let key = self.0.first().ok_or_else(|| RandomError::new("there is no key"))?;
        // The crate panics when the system has no entropy for the initialisation vector.
        std::panic::catch_unwind(|| key.encrypt_at_time(plaintext, seconds))
            .map_err(|_| RandomError::new("no initialisation vector"))
    }

    /// Opens a token that one of the keys made at most `life` ago; without a life, at any time.
    pub(super) fn open(
        &self,
        token: &str,
        now: Timestamp,
        life: Option<Duration>,
    ) -> Result<Zeroizing<Vec<u8>>, Rejected> {
        let frame = ANY_PADDING.decode(token).map_err(|_| Rejected::Malformed)?;
        let made = made_at(&frame).ok_or(Rejected::Malformed)?;
        let canonical = general_purpose::URL_SAFE.encode(&frame);
        let seconds = u64::try_from(now.unix_seconds()).map_err(|_| Rejected::Expired)?;
        // The age is judged after the signature, so that a stranger cannot learn the life of ours.
        let plaintext = if made <= now + CLOCK_SKEW {
            self.0.iter().find_map(|key| key.decrypt_at_time(&canonical, None, seconds).ok())
        } else {
            None
        };
        let plaintext = plaintext.map(Zeroizing::new).ok_or(Rejected::Malformed)?;
        match life {
            Some(life) if now.since(made) > life => Err(Rejected::Expired),
            _ => Ok(plaintext),
        }
    }
}

/// The time in the frame, if it is a frame and the time is one that arithmetic survives.
fn made_at(frame: &[u8]) -> Option<Timestamp> {
    if frame.len() < SHORTEST_FRAME || frame.first() != Some(&VERSION) {
        return None;
    }
    let time = frame.get(1..9)?.try_into().ok().map(u64::from_be_bytes)?;
    let seconds = i64::try_from(time).ok().filter(|seconds| *seconds < i64::MAX / 1_000)?;
    Some(Timestamp::from_unix_seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(key: &str) -> FernetRing {
        let bytes: [u8; 32] = ANY_PADDING.decode(key).unwrap().try_into().unwrap();
        FernetRing::new([bytes]).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    const MINUTE: Option<Duration> = Some(Duration::from_secs(60));

    const SECRET: &str = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    /// The specification's `verify.json` and, with its fixed vector, `generate.json`.
    const HELLO: &str =
        "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

    #[test]
    fn the_verify_vector_of_the_specification_opens() {
        let opened = ring(SECRET).open(HELLO, at("1985-10-26T01:20:01-07:00"), MINUTE).unwrap();
        assert_eq!(&**opened, b"hello");
    }

    #[test]
    fn the_generate_vector_of_the_specification_has_our_frame() {
        let frame = ANY_PADDING.decode(HELLO).unwrap();
        let made = at("1985-10-26T01:20:00-07:00");
        assert_eq!(made_at(&frame), Some(made));
        let ours = ANY_PADDING.decode(ring(SECRET).seal(b"hello", made).unwrap()).unwrap();
        assert_eq!(ours.len(), frame.len());
        assert_eq!(ours[..9], frame[..9]);
    }

    /// `invalid.json` of the specification: what is wrong, the token, the present moment.
    const INVALID: [(&str, &str, &str); 8] = [
        (
            "incorrect mac",
            "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
            "1985-10-26T01:20:01-07:00",
        ),
        ("too short", "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==", "1985-10-26T01:20:01-07:00"),
        (
            "invalid base64",
            "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
            "1985-10-26T01:20:01-07:00",
        ),
        (
            "payload size not multiple of block size",
            "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm",
            "1985-10-26T01:20:01-07:00",
        ),
        (
            "payload padding error",
            "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==",
            "1985-10-26T01:20:01-07:00",
        ),
        (
            "far-future TS (unacceptable clock skew)",
            "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==",
            "1985-10-26T01:20:01-07:00",
        ),
        (
            "expired TTL",
            "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
            "1985-10-26T01:21:31-07:00",
        ),
        (
            "incorrect IV (causes padding error)",
            "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==",
            "1985-10-26T01:20:01-07:00",
        ),
    ];

    #[test]
    fn every_invalid_vector_of_the_specification_is_refused() {
        for (what, token, now) in INVALID {
            assert!(ring(SECRET).open(token, at(now), MINUTE).is_err(), "{what}");
        }
    }

    #[test]
    fn a_forged_timestamp_does_not_overflow() {
        let mut frame = vec![VERSION];
        frame.extend([0xff; 8]);
        frame.extend([0; 64]);
        for padding in ["", "=", "==", "==="] {
            let token = general_purpose::URL_SAFE_NO_PAD.encode(&frame) + padding;
            let refused = ring(SECRET).open(&token, at("2026-01-01T00:00:00Z"), Some(Duration::MAX));
            assert_eq!(refused, Err(Rejected::Malformed));
        }
    }

    /// The crate opens all four, so a list of used token texts would be bypassed by a `=`.
    #[test]
    fn padding_does_not_make_another_token() {
        let bare = HELLO.trim_end_matches('=');
        let open = |padding| ring(SECRET).open(&format!("{bare}{padding}"), at("1985-10-26T01:20:01-07:00"), None);
        for padding in ["", "=", "=="] {
            assert_eq!(open(padding).as_deref().map(Vec::as_slice), Ok(&b"hello"[..]), "{padding:?}");
        }
        assert_eq!(open("==="), Err(Rejected::Malformed));
    }

    #[test]
    fn every_key_opens_and_each_keeps_the_life() {
        let made = at("2026-01-01T00:00:00Z");
        let old = FernetRing::new([[1; 32]]).unwrap();
        let both = FernetRing::new([[2; 32], [1; 32]]).unwrap();
        let token = old.seal(b"x", made).unwrap();
        assert!(both.open(&token, made + Duration::from_secs(60), MINUTE).is_ok());
        assert_eq!(both.open(&token, made + Duration::from_secs(61), MINUTE), Err(Rejected::Expired));
        assert!(old.open(&both.seal(b"x", made).unwrap(), made, MINUTE).is_err());
    }
}
