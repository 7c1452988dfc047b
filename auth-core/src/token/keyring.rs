use std::fmt;

use super::algorithm::Algorithm;
use super::key::{KeyPair, Signer, VerifyingKey};
use super::material::KeyMaterial;
use crate::fault::Fault;

/// One key that signs, and any number that only verify, all of one algorithm.
///
/// To replace a key, make the new one the signing key and keep the old one as verifying until its
/// last token has left its session. Keys are read and tried when the ring is made.
pub struct KeyRing {
    algorithm: Algorithm,
    signer: Box<dyn Signer>,
    own: VerifyingKey,
    others: Vec<VerifyingKey>,
}

impl KeyRing {
    /// A ring of checked keys. A private key among the `verifying` ones gives its public half.
    ///
    /// # Errors
    /// Every fault of every key at once: a secret that is short or well known, a key of another
    /// algorithm, a key that cannot sign what it verifies, an algorithm whose feature is off.
    pub fn new(algorithm: Algorithm, signing: &KeyMaterial, verifying: &[KeyMaterial]) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let pair = keep(KeyPair::read(algorithm, signing), "the signing key", &mut faults);
        let others = verifying.iter().enumerate().filter_map(|(index, material)| {
            let whose = format!("verifying key {}", index + 1);
            keep(VerifyingKey::read(algorithm, material), &whose, &mut faults)
        });
        let others = others.collect();
        match pair {
            Some(KeyPair { signer, verifying: own }) if faults.is_empty() => {
                Ok(Self { algorithm, signer, own, others })
            }
            _ => {
                faults.dedup();
                Err(faults)
            }
        }
    }

    /// The algorithm of every key and every token.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn signer(&self) -> &dyn Signer {
        &*self.signer
    }

    /// The header of every token that this ring mints.
    pub(super) fn header(&self) -> &str {
        &self.own.header
    }

    /// The key whose tokens begin with exactly this encoded header.
    pub(super) fn by_header(&self, encoded: &str) -> Option<&VerifyingKey> {
        self.keys().find(|key| key.header == encoded)
    }

    /// The key of that `kid`; without one, the signing key.
    pub(super) fn by_kid(&self, kid: Option<&str>) -> Option<&VerifyingKey> {
        match kid {
            None => Some(&self.own),
            Some(kid) => self.keys().find(|key| key.kid == kid),
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &VerifyingKey> {
        std::iter::once(&self.own).chain(&self.others)
    }
}

/// The key, or its fault on the list, saying whose it is.
fn keep<T>(read: Result<T, Fault>, whose: &str, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|mut fault| {
        if fault.setting == "JWT_SECRET" {
            fault.problem = format!("{whose} {}", fault.problem).into();
        }
        faults.push(fault);
    })
    .ok()
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({}, ..)", self.algorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::fault::TokenFault;
    use crate::token::verify::tests::{claims, rules};

    fn secret(letter: char) -> KeyMaterial {
        KeyMaterial::secret(format!("{letter} hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUE"))
    }

    fn ring(signing: char, verifying: &[char]) -> KeyRing {
        let verifying: Vec<_> = verifying.iter().map(|letter| secret(*letter)).collect();
        KeyRing::new(Algorithm::Hs256, &secret(signing), &verifying).unwrap()
    }

    #[test]
    fn a_rotated_out_key_still_verifies_until_it_is_removed() {
        let old = ring('a', &[]).mint(&claims()).unwrap();
        assert!(ring('b', &['a']).verify(old.expose(), &rules()).is_ok());
        assert!(ring('c', &['b', 'a']).verify(old.expose(), &rules()).is_ok());
        assert_eq!(ring('b', &[]).verify(old.expose(), &rules()).err(), Some(TokenFault::UnknownKey));
    }

    #[test]
    fn only_the_signing_key_signs() {
        let new = ring('b', &['a']).mint(&claims()).unwrap();
        assert!(ring('b', &[]).verify(new.expose(), &rules()).is_ok());
        assert_eq!(ring('a', &[]).verify(new.expose(), &rules()).err(), Some(TokenFault::UnknownKey));
    }

    #[test]
    fn every_fault_is_reported_at_once_with_whose_it_is() {
        let bad = [secret('a'), KeyMaterial::secret("short"), KeyMaterial::pem("p")];
        let faults = KeyRing::new(Algorithm::Hs256, &KeyMaterial::secret(""), &bad).unwrap_err();
        let texts: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert!(faults.iter().all(|fault| fault.setting == "JWT_SECRET"));
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert!(texts[0].starts_with("JWT_SECRET: the signing key is 0 bytes long"), "{texts:?}");
        assert!(texts[1].starts_with("JWT_SECRET: verifying key 2 is 5 bytes long"), "{texts:?}");
        assert!(texts[2].starts_with("JWT_SECRET: verifying key 3 is a key in PEM"), "{texts:?}");
    }

    #[test]
    fn printing_a_ring_shows_no_key() {
        assert_eq!(format!("{:?}", ring('a', &['b'])), "KeyRing(HS256, ..)");
    }

    #[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
    #[test]
    fn an_algorithm_whose_feature_is_off_is_one_fault_that_names_it() {
        let pem = KeyMaterial::pem("p");
        let faults = KeyRing::new(Algorithm::Es256, &pem, &[pem.clone(), pem.clone()]).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].setting, "JWT_ALGORITHM");
        assert!(faults[0].problem.contains("`aws-lc-rs` or `rust-crypto`"), "{}", faults[0]);
    }
}
