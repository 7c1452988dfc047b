use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::stored::{StoredHash, Unusable};
use crate::password::argon2id::{
    Argon2Hash, Argon2Input, Argon2Params, OUTPUT_BYTES, PasswordHasher, Pepper, Peppers, RustCrypto, SALT_BYTES,
    Variant, Version,
};
use crate::password::error::HashError;
use crate::password::foreign::{ForeignHash, Pbkdf2Hash};
use crate::password::format::HashFormat;
use crate::password::pool::HashingSettings;
use crate::password::secret::PasswordHash;
use crate::random::{self, Random};

/// How new hashes are made and old ones judged; one for all threads.
pub(in crate::password) struct HashingScheme {
    pub(super) params: Argon2Params,
    pub(super) peppers: Peppers,
    format: HashFormat,
    accepted: Vec<ForeignHash>,
    random: Arc<dyn Random>,
    /// Of no password, in the present format: the work for who does not exist.
    pub(super) dummy: StoredHash,
    computed: AtomicU64,
}

/// What threads can be started with.
pub(in crate::password) struct Prepared {
    pub(in crate::password) scheme: HashingScheme,
    /// How long it takes to verify the dummy hash.
    pub(in crate::password) cost: Duration,
    /// What that was measured with, for the first thread: to give its memory back only to take it
    /// again would be the memory of one hash more.
    pub(in crate::password) kernel: Box<dyn PasswordHasher>,
}

impl HashingScheme {
    /// Makes the dummy hash and measures what verifying it costs.
    pub(in crate::password) fn prepare(
        settings: &HashingSettings,
        random: Arc<dyn Random>,
    ) -> Result<Prepared, HashError> {
        let HashingSettings { params, format, ref peppers, .. } = *settings;
        let salt: [u8; SALT_BYTES] = random::bytes(&*random)?;
        let output: [u8; OUTPUT_BYTES] = random::bytes(&*random)?;
        let pepper = peppers.current().map(|pepper| pepper.id().clone());
        let dummy = match format {
            HashFormat::DjangoPbkdf2Sha256(iterations) => {
                StoredHash::Pbkdf2(Pbkdf2Hash::new(iterations, text(&salt).as_bytes(), &output))
            }
            HashFormat::Argon2id | HashFormat::DjangoArgon2 => {
                StoredHash::Argon2id(Argon2Hash::new(params, pepper, &salt, &output).ok_or(HashError::Format)?)
            }
        };
        let (peppers, accepted) = (peppers.clone(), settings.accepted());
        let scheme = Self { params, peppers, format, accepted, random, dummy, computed: AtomicU64::new(0) };
        let mut kernel = Self::kernel();
        let cost = scheme.measure(&mut *kernel)?;
        Ok(Prepared { scheme, cost, kernel })
    }

    /// What a thread computes Argon2 with. The one place that chooses.
    pub(in crate::password) fn kernel() -> Box<dyn PasswordHasher> {
        Box::new(RustCrypto::default())
    }

    /// Hashes computed since the start.
    pub(in crate::password) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    #[expect(clippy::disallowed_methods, reason = "a cost is measured once, not a moment asked for")]
    fn measure(&self, kernel: &mut dyn PasswordHasher) -> Result<Duration, HashError> {
        if matches!(self.dummy, StoredHash::Argon2id(_)) {
            kernel.warm(self.params)?;
        }
        let before = Instant::now();
        self.matches(kernel, &self.dummy, b"")?;
        Ok(before.elapsed())
    }

    pub(super) fn parse(&self, stored: &PasswordHash) -> Result<StoredHash, Unusable> {
        StoredHash::parse(stored, &self.accepted, &self.peppers)
    }

    pub(super) fn matches(
        &self,
        kernel: &mut dyn PasswordHasher,
        stored: &StoredHash,
        password: &[u8],
    ) -> Result<bool, HashError> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        match stored {
            StoredHash::Argon2id(hash) => hash.matches(password, &self.peppers, kernel),
            StoredHash::Foreign(hash) => hash.matches(password, kernel),
            StoredHash::Pbkdf2(hash) => hash.matches(password),
        }
    }

    /// Whether the present format asks for a new hash in the place of this one.
    pub(super) fn is_outdated(&self, stored: &StoredHash) -> bool {
        match (self.format, stored) {
            (HashFormat::Argon2id, StoredHash::Argon2id(hash)) => {
                hash.is_outdated(self.params, self.peppers.current().map(Pepper::id))
            }
            (HashFormat::DjangoArgon2, StoredHash::Foreign(hash)) => !hash.is_django_argon2id(self.params),
            (HashFormat::DjangoPbkdf2Sha256(_), _) => false,
            (HashFormat::Argon2id | HashFormat::DjangoArgon2, _) => true,
        }
    }

    /// A new hash in the present format.
    pub(super) fn fresh(&self, kernel: &mut dyn PasswordHasher, password: &[u8]) -> Result<PasswordHash, HashError> {
        let salt: [u8; SALT_BYTES] = random::bytes(&*self.random)?;
        self.computed.fetch_add(1, Ordering::Relaxed);
        let hash = match self.format {
            HashFormat::Argon2id => self.argon2id(kernel, password, &salt, self.peppers.current())?.to_phc(),
            HashFormat::DjangoArgon2 => {
                let hash = self.argon2id(kernel, password, text(&salt).as_bytes(), None)?;
                hash.to_phc().map(|phc| format!("argon2{phc}"))
            }
            HashFormat::DjangoPbkdf2Sha256(iterations) => {
                Pbkdf2Hash::compute(iterations, text(&salt).as_bytes(), password)?.to_django()
            }
        };
        hash.map(PasswordHash::stored).ok_or(HashError::Format)
    }

    fn argon2id(
        &self,
        kernel: &mut dyn PasswordHasher,
        password: &[u8],
        salt: &[u8],
        pepper: Option<&Pepper>,
    ) -> Result<Argon2Hash, HashError> {
        let mut output = Zeroizing::new([0; OUTPUT_BYTES]);
        let input =
            Argon2Input { variant: Variant::Id, version: Version::V19, params: self.params, pepper, password, salt };
        kernel.argon2(&input, &mut *output)?;
        Argon2Hash::new(self.params, pepper.map(|pepper| pepper.id().clone()), salt, &output).ok_or(HashError::Format)
    }
}

/// Django reads a salt as text and hashes anew what has one of fewer than 22 characters.
fn text(salt: &[u8; SALT_BYTES]) -> String {
    URL_SAFE_NO_PAD.encode(salt)
}
