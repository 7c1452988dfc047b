use std::time::Duration;

use auth_core::account::{Epoch, UserId};
use auth_core::session::{SessionId, TokenId};
use auth_core::testing::SeededRandom;
use auth_core::token::{Algorithm, Claims};
use auth_core::{Random as _, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::edits::{self, Edit};
use crate::raw;
use crate::verdict::{AUDIENCE, Decision, ISSUER, Judges, NOW, SECRET, sign_as};

/// One token and what may be said about it.
pub(crate) struct Dealt {
    pub(crate) token: String,
    /// The decisions by which the library may refuse what jsonwebtoken takes.
    pub(crate) decisions: &'static [Decision],
    /// What was done to it.
    pub(crate) told: String,
}

/// An endless row of changed tokens, the same in every run.
pub(crate) struct Deal {
    random: SeededRandom,
    algorithm: Algorithm,
}

impl Deal {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        Self { random: SeededRandom::new(algorithm as u64), algorithm }
    }

    pub(crate) fn token(&mut self, judges: &Judges) -> Dealt {
        let minted = judges.ring().mint(&self.claims()).unwrap().expose().to_owned();
        match self.below(8) {
            0 => Dealt { token: minted, decisions: &[], told: "as minted".to_owned() },
            1..=3 => self.raw(minted),
            4 => self.wrongly_signed(&minted),
            _ => self.edited(judges, &minted),
        }
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes).unwrap();
        usize::try_from(u64::from_be_bytes(bytes) % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn raw(&mut self, minted: String) -> Dealt {
        let (mut token, mut told) = (minted, Vec::new());
        for _ in 0..=self.below(2) {
            let change = self.pick(raw::CHANGES);
            token = (change.apply)(self, &token);
            told.push(change.name);
        }
        Dealt { token, decisions: &[], told: told.join(", ") }
    }

    fn edited(&mut self, judges: &Judges, minted: &str) -> Dealt {
        let (header, payload) = parts(minted);
        let Edit { header, payload, decisions, told } = edits::edit(self, &header, &payload);
        Dealt { token: judges.sign(&header, &payload), decisions, told }
    }

    /// The right words under a signature of another key or another algorithm.
    fn wrongly_signed(&mut self, minted: &str) -> Dealt {
        use jsonwebtoken::Algorithm::{HS256, HS384, HS512};
        let (header, payload) = parts(minted);
        let algorithm = self.pick(&[HS256, HS384, HS512]);
        let mut secret = SECRET.to_vec();
        let told = format!("signed with {algorithm:?}");
        match self.below(4) {
            0 => secret[0] ^= 1,
            1 => secret.truncate(32),
            2 => secret.push(0),
            _ => {}
        }
        let token = sign_as(algorithm, &secret, header.as_bytes(), payload.as_bytes());
        Dealt { token, decisions: &[], told }
    }

    fn claims(&mut self) -> Claims {
        let id = self.below(1_000_000);
        Claims {
            role: (id.is_multiple_of(3)).then(|| "web".to_owned()),
            user: UserId::stored(id.to_string()),
            session: SessionId::stored(format!("s{id}")),
            generation: i64::try_from(id % 7).unwrap(),
            epoch: Epoch::stored(format!("e{id}\u{e9}")),
            jti: TokenId::stored(format!("j{id}")),
            issued_at: Timestamp::from_unix_seconds(NOW - 1_000_000),
            expires_at: self.end(),
            issuer: Some(ISSUER.to_owned()),
            audience: Some(AUDIENCE.to_owned()),
        }
    }

    /// Long before [`NOW`] or long after the present of any machine.
    fn end(&mut self) -> Timestamp {
        let life = if self.below(6) == 0 { 500_000 } else { 3_000_000_000 };
        Timestamp::from_unix_seconds(NOW - 1_000_000) + Duration::from_secs(life)
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn parts(token: &str) -> (String, String) {
    let part = |index| {
        let encoded: &str = token.split('.').nth(index).unwrap();
        String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
    };
    (part(0), part(1))
}
