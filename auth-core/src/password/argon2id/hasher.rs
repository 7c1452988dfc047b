use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::memory::Memory;
use super::params::Argon2Params;
use super::pepper::{Pepper, Peppers};
use super::stored::{Argon2idHash, OUTPUT_BYTES, SALT_BYTES, StoredHash};
use crate::account::User;
use crate::password::error::HashError;
use crate::password::policy::{BoundedPassword, NewPassword};
use crate::password::proven::Proven;
use crate::password::secret::PasswordHash;
use crate::password::verification::{Refusal, Verification};
use crate::random::{self, Random};

/// How new hashes are made and old ones judged; one for all threads.
pub(in crate::password) struct HashingScheme {
    params: Argon2Params,
    peppers: Peppers,
    random: Arc<dyn Random>,
    /// Of no password, with the present parameters: the work for who does not exist.
    dummy: Argon2idHash,
    computed: AtomicU64,
}

impl HashingScheme {
    /// Makes the dummy hash and tells how long that took.
    pub(in crate::password) fn prepare(
        params: Argon2Params,
        peppers: Peppers,
        random: Arc<dyn Random>,
    ) -> Result<(Self, Duration), HashError> {
        let salt = random::bytes(&*random)?;
        let pepper = peppers.current().map(|pepper| pepper.id().clone());
        let output = random::bytes(&*random)?;
        let dummy = Argon2idHash::new(params, pepper, &salt, &output).ok_or(HashError::Format)?;
        let scheme = Self { params, peppers, random, dummy, computed: AtomicU64::new(0) };
        let cost = scheme.measure()?;
        Ok((scheme, cost))
    }

    /// Hashes computed since the start.
    pub(in crate::password) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    #[expect(clippy::disallowed_methods, reason = "a cost is measured once, not a moment asked for")]
    fn measure(&self) -> Result<Duration, HashError> {
        let mut memory = Memory::default();
        memory.take(block_count(self.params)?).ok_or(HashError::Memory)?;
        let before = Instant::now();
        self.matches(&mut memory, &self.dummy, b"")?;
        Ok(before.elapsed())
    }

    fn matches(&self, memory: &mut Memory, hash: &Argon2idHash, password: &[u8]) -> Result<bool, HashError> {
        let pepper = hash.pepper.as_ref().and_then(|id| self.peppers.by_id(id));
        let mut output = Zeroizing::new(vec![0; hash.output_len()]);
        self.compute(memory, hash.params, pepper, password, hash.salt(), &mut output)?;
        Ok(hash.has_output(&output))
    }

    fn compute(
        &self,
        memory: &mut Memory,
        params: Argon2Params,
        pepper: Option<&Pepper>,
        password: &[u8],
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), HashError> {
        let params = native(params)?;
        let blocks = memory.take(params.block_count()).ok_or(HashError::Memory)?;
        let argon2 = match pepper {
            Some(pepper) => Argon2::new_with_secret(pepper.key(), Algorithm::Argon2id, Version::V0x13, params)
                .map_err(HashError::argon2)?,
            None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
        };
        self.computed.fetch_add(1, Ordering::Relaxed);
        argon2.hash_password_into_with_memory(password, salt, output, blocks).map_err(HashError::argon2)
    }
}

/// One thread's way to compute hashes: the scheme and memory of its own.
pub(in crate::password) struct Hasher {
    scheme: Arc<HashingScheme>,
    memory: Memory,
}

impl Hasher {
    pub(in crate::password) fn new(scheme: Arc<HashingScheme>) -> Self {
        Self { scheme, memory: Memory::default() }
    }

    pub(in crate::password) fn hash(&mut self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        self.fresh(password.as_bytes())
    }

    /// One computation whatever there is to verify, and one more for an upgrade.
    pub(in crate::password) fn verify(
        &mut self,
        user: Option<User>,
        password: &BoundedPassword,
    ) -> Result<Verification, HashError> {
        let verification = match user {
            None => self.pretend(password, Refusal::UnknownUser),
            Some(user) => self.verify_known(user, password),
        };
        self.memory.shrink(block_count(self.scheme.params)?);
        verification
    }

    /// Forgets what the last computation left in memory.
    pub(in crate::password) fn wipe(&mut self) {
        self.memory.wipe();
    }

    fn verify_known(&mut self, user: User, password: &BoundedPassword) -> Result<Verification, HashError> {
        let hash = match self.usable(&user.password) {
            Ok(hash) => hash,
            Err(why) => {
                tracing::error!(user = user.id.as_str(), why, "a stored password hash is unusable");
                return self.pretend(password, Refusal::UnusableHash);
            }
        };
        if !self.scheme.matches(&mut self.memory, &hash, password.as_bytes())? {
            return Ok(Verification::Refused(Refusal::WrongPassword));
        }
        if !user.is_active {
            return Ok(Verification::Refused(Refusal::Inactive));
        }
        let upgrade = self.upgrade(&hash, password);
        Ok(Verification::Proven { proven: Proven::new(user), upgrade })
    }

    fn usable(&self, stored: &PasswordHash) -> Result<Argon2idHash, &'static str> {
        match StoredHash::parse(stored) {
            StoredHash::Argon2id(hash) => match &hash.pepper {
                Some(id) if self.scheme.peppers.by_id(id).is_none() => Err("its pepper is not configured"),
                _ => Ok(hash),
            },
            StoredHash::Unusable(why) => Err(why),
        }
    }

    /// The work of a verification without its meaning, so that the time tells nothing.
    fn pretend(&mut self, password: &BoundedPassword, refusal: Refusal) -> Result<Verification, HashError> {
        std::hint::black_box(self.scheme.matches(&mut self.memory, &self.scheme.dummy, password.as_bytes())?);
        Ok(Verification::Refused(refusal))
    }

    /// Without it the person still signs in; the next sign-in tries again.
    fn upgrade(&mut self, hash: &Argon2idHash, password: &BoundedPassword) -> Option<PasswordHash> {
        let pepper = self.scheme.peppers.current().map(Pepper::id);
        if !hash.is_outdated(self.scheme.params, pepper) {
            return None;
        }
        self.fresh(password.as_bytes())
            .inspect_err(|error| tracing::error!(error = error as &dyn std::error::Error, "a hash was not upgraded"))
            .ok()
    }

    fn fresh(&mut self, password: &[u8]) -> Result<PasswordHash, HashError> {
        let HashingScheme { params, peppers, random, .. } = &*self.scheme;
        let salt: [u8; SALT_BYTES] = random::bytes(&**random)?;
        let mut output = Zeroizing::new([0; OUTPUT_BYTES]);
        self.scheme.compute(&mut self.memory, *params, peppers.current(), password, &salt, &mut *output)?;
        let pepper = peppers.current().map(|pepper| pepper.id().clone());
        Argon2idHash::new(*params, pepper, &salt, &output).and_then(|hash| hash.to_phc()).ok_or(HashError::Format)
    }
}

fn native(params: Argon2Params) -> Result<Params, HashError> {
    Params::new(params.memory(), params.passes(), params.lanes(), None).map_err(HashError::argon2)
}

fn block_count(params: Argon2Params) -> Result<usize, HashError> {
    native(params).map(|params| params.block_count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::testing::{bounded, new_password, user, weightless};
    use crate::random::{OsRandom, RandomError};

    const PASSWORD: &str = "a tree house";
    /// By argon2-cffi 25 for `PASSWORD`.
    const FOREIGN: &str =
        "$argon2id$v=19$m=64,t=1,p=2$c29tZXNhbHRzb21lc2FsdA$w+XXAFzhPTorKkRtsADrEYs/+FtLZw4UfX1SPQpPTLc";

    fn hasher(params: Argon2Params, peppers: &[&str]) -> Hasher {
        let peppers = peppers.iter().map(|id| Pepper::new(id, id.as_bytes().repeat(32)).unwrap());
        scheme(params, Peppers::new(peppers).unwrap(), Arc::new(OsRandom))
    }

    fn scheme(params: Argon2Params, peppers: Peppers, random: Arc<dyn Random>) -> Hasher {
        Hasher::new(Arc::new(HashingScheme::prepare(params, peppers, random).unwrap().0))
    }

    /// What came of it, and how many hashes it took.
    fn verify(hasher: &mut Hasher, user: Option<User>, password: &str) -> (Verification, u64) {
        let before = hasher.scheme.computed();
        let verification = hasher.verify(user, &bounded(password)).unwrap();
        (verification, hasher.scheme.computed() - before)
    }

    fn refusal(hasher: &mut Hasher, user: Option<User>, password: &str) -> (Option<Refusal>, u64) {
        match verify(hasher, user, password) {
            (Verification::Refused(refusal), computed) => (Some(refusal), computed),
            (Verification::Proven { .. }, computed) => (None, computed),
        }
    }

    #[test]
    fn a_new_hash_states_the_default_parameters() {
        let hash = hasher(Argon2Params::default(), &[]).hash(&new_password(PASSWORD)).unwrap();
        let rest = hash.expose().strip_prefix("$argon2id$v=19$m=19456,t=2,p=1$").unwrap();
        let (salt, output) = rest.split_once('$').unwrap();
        assert_eq!((salt.len(), output.len()), (22, 43));
    }

    #[test]
    fn every_branch_computes_exactly_one_hash() {
        let mut hasher = hasher(weightless(), &[]);
        let known = user(&hasher.hash(&new_password(PASSWORD)).unwrap());
        let inactive = User { is_active: false, ..known.clone() };
        assert_eq!(refusal(&mut hasher, None, PASSWORD), (Some(Refusal::UnknownUser), 1));
        assert_eq!(refusal(&mut hasher, Some(known.clone()), PASSWORD), (None, 1));
        assert_eq!(refusal(&mut hasher, Some(known), "another"), (Some(Refusal::WrongPassword), 1));
        assert_eq!(refusal(&mut hasher, Some(inactive.clone()), PASSWORD), (Some(Refusal::Inactive), 1));
        assert_eq!(refusal(&mut hasher, Some(inactive), "another"), (Some(Refusal::WrongPassword), 1));
        let bcrypt = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";
        for text in ["", "!", bcrypt, &FOREIGN[..FOREIGN.len() - 30], "$argon2id$v=19$m=19456,t=2,p=1$"] {
            let broken = user(&PasswordHash::stored(text));
            assert_eq!(refusal(&mut hasher, Some(broken), PASSWORD), (Some(Refusal::UnusableHash), 1), "{text}");
        }
    }

    #[test]
    fn a_hostile_row_buys_no_memory() {
        let mut hasher = hasher(weightless(), &[]);
        let row = FOREIGN.replace("m=64,t=1", "m=4194304,t=100");
        let hostile = user(&PasswordHash::stored(row));
        assert_eq!(refusal(&mut hasher, Some(hostile), PASSWORD), (Some(Refusal::UnusableHash), 1));
        assert_eq!(hasher.memory.take(8).unwrap().len(), 8);
        assert_eq!(hasher.memory.capacity(), 8);
    }

    #[test]
    fn a_hash_of_another_implementation_is_verified_upgraded_and_its_memory_given_back() {
        let mut hasher = hasher(weightless(), &[]);
        let foreign = user(&PasswordHash::stored(FOREIGN));
        assert_eq!(refusal(&mut hasher, Some(foreign.clone()), "a tree hous"), (Some(Refusal::WrongPassword), 1));
        let (Verification::Proven { proven, upgrade: Some(hash) }, 2) = verify(&mut hasher, Some(foreign), PASSWORD)
        else {
            panic!("not upgraded");
        };
        assert_eq!(proven.user().username.as_str(), "ann");
        assert!(hash.expose().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert_eq!(refusal(&mut hasher, Some(user(&hash)), PASSWORD), (None, 1));
        assert_eq!(hasher.memory.capacity(), 8);
    }

    #[test]
    fn a_password_counts_to_its_last_byte() {
        let mut hasher = hasher(weightless(), &[]);
        let long = "x".repeat(100);
        for (whole, part) in [(&*long, &long[..99]), (&long, &long[..72]), ("fifteen letters\0b", "fifteen letters")] {
            let user = user(&hasher.hash(&new_password(whole)).unwrap());
            assert_eq!(refusal(&mut hasher, Some(user.clone()), whole).0, None);
            assert_eq!(refusal(&mut hasher, Some(user), part).0, Some(Refusal::WrongPassword));
        }
    }

    #[test]
    fn a_pepper_is_named_in_the_hash_and_without_it_nobody_signs_in() {
        let hash = hasher(weightless(), &["v1"]).hash(&new_password(PASSWORD)).unwrap();
        assert!(hash.expose().contains("p=1,keyid=djE$"));
        let with = |peppers: &[&str]| verify(&mut hasher(weightless(), peppers), Some(user(&hash)), PASSWORD).0;
        assert!(matches!(with(&["v1"]), Verification::Proven { upgrade: None, .. }));
        assert!(matches!(with(&["v2", "v1"]), Verification::Proven { upgrade: Some(_), .. }));
        assert!(matches!(with(&["v2"]), Verification::Refused(Refusal::UnusableHash)));
        assert!(matches!(with(&[]), Verification::Refused(Refusal::UnusableHash)));
        let forged = PasswordHash::stored(hash.expose().replace(",keyid=djE", ""));
        assert_eq!(
            refusal(&mut hasher(weightless(), &["v1"]), Some(user(&forged)), PASSWORD).0,
            Some(Refusal::WrongPassword)
        );
    }

    #[test]
    fn without_entropy_there_is_no_hash_but_still_a_sign_in() {
        struct Dry(AtomicU64);
        impl Random for Dry {
            fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
                let spent = self.0.fetch_add(1, Ordering::Relaxed) >= 2;
                if spent { Err(RandomError::new("dry")) } else { OsRandom.fill(bytes) }
            }
        }
        let mut hasher = scheme(weightless(), Peppers::default(), Arc::new(Dry(AtomicU64::new(0))));
        assert!(matches!(hasher.hash(&new_password(PASSWORD)), Err(HashError::Random(_))));
        let foreign = user(&PasswordHash::stored(FOREIGN));
        assert!(matches!(verify(&mut hasher, Some(foreign), PASSWORD).0, Verification::Proven { upgrade: None, .. }));
    }
}
