use std::time::Duration;

use auth_core::Timestamp;
use auth_core::token::{Algorithm, Expiry, KeyMaterial, KeyRing, Rules, TokenFault};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::aws_lc;
use jsonwebtoken::{DecodingKey, EncodingKey, Validation};
use serde_json::Value;

pub(crate) const SECRET: &[u8] = b"Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUEk7Vw1HyBs4DgMp0ArCjWe";
pub(crate) const ISSUER: &str = "https://app.example";
pub(crate) const AUDIENCE: &str = "notes";
/// Before the clock of any machine that runs this, for jsonwebtoken asks that one; no time in a
/// token lies between the two.
pub(crate) const NOW: i64 = 1_700_000_000;

/// Where the library is stricter, and meant to be. jsonwebtoken takes all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Decision {
    /// `typ` must be `JWT`: a token of another kind is none of ours.
    Kind,
    /// `crit` and `b64` are refused whatever they say.
    Critical,
    /// A `kid` must be known.
    Kid,
    /// A claim of ours must be there, and each known one has exactly one type.
    Claim,
    /// A token ends after it begins, and lives no longer than ours do.
    Lifetime,
    /// `iat` does not lie in the future.
    IssuedAt,
    /// Keys are distinct, at most 64, in an object and not a list.
    Object,
    /// The one place where the library is more lenient: what it has no use for it does not read.
    Unread,
}

/// What two judges say about one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    BothTake,
    BothRefuse,
    Stricter(Decision),
    Lenient,
    /// The library refuses for a reason that jsonwebtoken must have too.
    Wrong,
}

impl Difference {
    pub(crate) fn is_none_but_decided(self, decisions: &[Decision]) -> bool {
        match self {
            Self::BothTake | Self::BothRefuse => true,
            Self::Stricter(decision) => decisions.contains(&decision),
            Self::Lenient => decisions.contains(&Decision::Unread),
            Self::Wrong => false,
        }
    }
}

/// The library and jsonwebtoken with the same key and the same rules.
pub(crate) struct Judges {
    ring: KeyRing,
    algorithm: jsonwebtoken::Algorithm,
    validation: Validation,
}

impl Judges {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        install_a_provider();
        let ring = KeyRing::new(algorithm, &KeyMaterial::secret(SECRET), &[]).unwrap();
        let theirs = algorithm.as_str().parse().unwrap();
        let mut validation = Validation::new(theirs);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self { ring, algorithm: theirs, validation }
    }

    pub(crate) fn ring(&self) -> &KeyRing {
        &self.ring
    }

    pub(crate) fn difference(&self, token: &str) -> Difference {
        match (self.ring.verify(token, &rules()), self.theirs_takes(token)) {
            (Ok(_), true) => Difference::BothTake,
            (Err(_), false) => Difference::BothRefuse,
            (Ok(_), false) => Difference::Lenient,
            (Err(fault), true) => decision(fault).map_or(Difference::Wrong, Difference::Stricter),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "jsonwebtoken's own verdict is the other side")]
    fn theirs_takes(&self, token: &str) -> bool {
        jsonwebtoken::decode::<Value>(token, &DecodingKey::from_secret(SECRET), &self.validation).is_ok()
    }

    /// Any header and payload, signed with the right key.
    pub(crate) fn sign(&self, header: &[u8], payload: &[u8]) -> String {
        sign_as(self.algorithm, SECRET, header, payload)
    }
}

#[expect(clippy::disallowed_methods, reason = "signs what the library would never sign")]
pub(crate) fn sign_as(algorithm: jsonwebtoken::Algorithm, secret: &[u8], header: &[u8], payload: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, algorithm).unwrap();
    format!("{signed}.{signature}")
}

/// With two crypto features on jsonwebtoken must be told which one to use. Each test of this
/// program does, and the first one wins.
#[expect(clippy::disallowed_methods, reason = "this program is the host")]
fn install_a_provider() {
    let _ = aws_lc::DEFAULT_PROVIDER.install_default();
}

fn rules() -> Rules<'static> {
    Rules {
        now: Timestamp::from_unix_seconds(NOW),
        leeway: Duration::ZERO,
        issuer: Some(ISSUER),
        audience: Some(AUDIENCE),
        max_life: Duration::from_secs(4_000_000_000),
        expiry: Expiry::Enforce,
    }
}

fn decision(fault: TokenFault) -> Option<Decision> {
    match fault {
        TokenFault::Kind => Some(Decision::Kind),
        TokenFault::Critical => Some(Decision::Critical),
        TokenFault::UnknownKey => Some(Decision::Kid),
        TokenFault::Claim(_) => Some(Decision::Claim),
        TokenFault::Lifetime => Some(Decision::Lifetime),
        TokenFault::NotYetValid => Some(Decision::IssuedAt),
        TokenFault::Malformed => Some(Decision::Object),
        _ => None,
    }
}
