//! What a token costs beside the bare cryptography: keys that are parsed already, base64, and for
//! HS256 the claims as JSON. One thread, in nanoseconds.

mod asymmetric;
mod restoring;

use std::hint::black_box;
use std::time::Duration;

use auth_core::account::{Epoch, UserId};
use auth_core::session::{SessionId, TokenId};
use auth_core::token::{Algorithm, Claims, Expiry, KeyMaterial, KeyRing, Rules, TokenFault, VerifiedClaims};
use auth_core::{Clock as _, SystemClock, Timestamp};
use benches::floor::Hs256;
use benches::measure::{Goal, Ratio, Report, nanoseconds_each, rounds};
use benches::setup::JWT_SECRET;
use benches::{Result, machine};

const ROUNDS: usize = 9;
const SLICE: Duration = Duration::from_millis(60);

fn main() -> Result<()> {
    let report = Report;
    report.line(&machine::describe());
    report.ratios();
    hs256(&report)?;
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256] {
        asymmetric(algorithm, &report)?;
    }
    restoring::measure(&report)
}

/// Ratio 3.
fn hs256(report: &Report) -> Result<()> {
    let floor = Hs256::default();
    let library = Library::new(Algorithm::Hs256, &KeyMaterial::secret(JWT_SECRET))?;
    let token = library.token()?;
    library.verify(&token)?;
    if floor.expiry(&token).is_none() {
        return Err("the floor refuses a good token".into());
    }
    let ratio = compare(|| drop(library.verify(&token)), || _ = floor.expiry(black_box(&token)))?;
    report.ratio("3: verify HS256 to a keyed HMAC, base64 and JSON", Goal::AtMost(1.2), &ratio);
    let ratio = compare(|| drop(library.token()), || drop(floor.sign(&library.claims)))?;
    report.ratio("sign HS256 to the same", Goal::Told, &ratio);
    Ok(())
}

/// Ratios 4 and 5.
fn asymmetric(algorithm: Algorithm, report: &Report) -> Result<()> {
    let floor = asymmetric::Floor::generate(algorithm)?;
    let library = Library::new(algorithm, &KeyMaterial::pem(floor.pem()))?;
    let token = library.token()?;
    library.verify(&token)?;
    let signed = floor.signed(&token)?;
    let ratio = compare(|| drop(library.token()), || drop(floor.sign(&signed.message)))?;
    report.ratio(&format!("4: sign {algorithm} to the bare signature"), Goal::AtMost(1.15), &ratio);
    let ratio = compare(|| drop(library.verify(&token)), || _ = floor.verify(&signed))?;
    report.ratio(&format!("5: verify {algorithm} to the bare verification"), Goal::AtMost(1.10), &ratio);
    Ok(())
}

/// The ratio of two calls, by the time that each takes.
fn compare(mut above: impl FnMut(), mut below: impl FnMut()) -> Result<Ratio> {
    let figures = rounds(ROUNDS, &[true, false], |is_above| {
        Ok(if *is_above { nanoseconds_each(SLICE, &mut above) } else { nanoseconds_each(SLICE, &mut below) })
    })?;
    let [above, below] = figures.as_slice() else { return Err("two were compared".into()) };
    Ok(Ratio::of(above, below))
}

/// The library's ring with claims as real ones are.
struct Library {
    ring: KeyRing,
    claims: Claims,
    now: Timestamp,
}

impl Library {
    fn new(algorithm: Algorithm, key: &KeyMaterial) -> Result<Self> {
        let ring = KeyRing::new(algorithm, key, &[]).map_err(|faults| format!("{faults:?}"))?;
        let now = Timestamp::from_unix_seconds(SystemClock.now().unix_seconds());
        let claims = Claims {
            role: None,
            user: UserId::stored("Yk3qXw0ZtV8mB5nR2sJ7dA"),
            session: SessionId::stored("pL9cF4hG6jK1oQ3uE8iT5w"),
            generation: 3,
            epoch: Epoch::stored("nM2bV7xC0zS4lD9fH6gJ1k"),
            jti: TokenId::stored("aR5tY8uI2oP6wQ1eZ4xC7v"),
            issued_at: now,
            expires_at: now + Duration::from_mins(15),
            issuer: None,
            audience: None,
        };
        Ok(Self { ring, claims, now })
    }

    fn token(&self) -> Result<String> {
        Ok(self.ring.mint(&self.claims)?.expose().to_owned())
    }

    fn verify(&self, token: &str) -> std::result::Result<VerifiedClaims, TokenFault> {
        let rules = Rules {
            now: self.now,
            leeway: Duration::ZERO,
            issuer: None,
            audience: None,
            max_life: Duration::from_hours(30 * 24),
            expiry: Expiry::Enforce,
        };
        self.ring.verify(black_box(token), &rules)
    }
}
