use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::digest::hex;
use super::fernet::FernetRing;
use super::token::RestoreId;
use crate::clock::Timestamp;
use crate::mail::MessageKind;
use crate::random::RandomError;
use crate::store::{JobGroup, JobId, Sealed};

const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
);

/// One Fernet key: 32 bytes, of `EMAIL_ENCRYPT_KEY`.
#[derive(Clone)]
pub struct EncryptKey(Zeroizing<[u8; 32]>);

impl EncryptKey {
    /// A key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A key from 44 characters of URL-safe base64, as Fernet libraries print it; `None` for
    /// anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(FORGIVING.decode(text).ok()?);
        bytes.as_slice().try_into().ok().map(Self::from_bytes)
    }

    /// Whether all bytes are the same: no random source made this.
    #[must_use]
    pub(crate) fn is_constant(&self) -> bool {
        self.0.iter().all(|byte| Some(byte) == self.0.first())
    }

    /// The key of one purpose (RFC 5869); the label names the purpose.
    pub(crate) fn derive(&self, label: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let mut derived = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, &*self.0).expand(label, &mut *derived).ok()?;
        Some(derived)
    }
}

impl fmt::Debug for EncryptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptKey(..)")
    }
}

/// Everything that `EMAIL_ENCRYPT_KEY` gives: the keys of restoring tokens, and derived from them
/// (RFC 5869) those of the outbox. Never from `JWT_SECRET`, which gateways share.
#[derive(Clone)]
pub struct RestoreKeys {
    tokens: FernetRing,
    outbox: FernetRing,
    ids: Hmac<Sha256>,
    groups: Hmac<Sha256>,
}

impl RestoreKeys {
    /// The first key encrypts, all of them open; `None` without a key.
    #[must_use]
    pub fn new(keys: &[EncryptKey]) -> Option<Self> {
        let first = keys.first()?;
        Some(Self {
            tokens: FernetRing::new(keys.iter().map(|key| *key.0))?,
            outbox: FernetRing::new(
                keys.iter()
                    .map(|key| key.derive(b"auth outbox payload 1").map(|key| *key))
                    .collect::<Option<Vec<_>>>()?,
            )?,
            ids: mac(first, b"auth restore id 1")?,
            groups: mac(first, b"auth outbox group 1")?,
        })
    }

    pub(super) fn tokens(&self) -> &FernetRing {
        &self.tokens
    }

    /// The id of the token that an outbox row asks for; a second attempt derives the same.
    pub(crate) fn restore_id(&self, row: &JobId) -> RestoreId {
        let mut id = [0; 16];
        id.iter_mut().zip(tag(&self.ids, &[row.as_str()])).for_each(|(to, from)| *to = from);
        RestoreId(id)
    }

    /// The group of all jobs of this kind for this recipient.
    pub(crate) fn group(&self, kind: MessageKind, recipient: &str) -> JobGroup {
        JobGroup::stored(hex(&tag(&self.groups, &[kind.as_str(), recipient])))
    }

    /// Encrypts what an outbox row says about its recipient.
    pub(crate) fn seal(&self, recipient: &str, now: Timestamp) -> Result<Sealed, RandomError> {
        Ok(Sealed::stored(self.outbox.seal(recipient.as_bytes(), now)?))
    }

    /// What [`RestoreKeys::seal`] encrypted; `None` when no present key made it.
    pub(crate) fn unseal(&self, sealed: &Sealed) -> Option<String> {
        // A clock that was set back must not make a job unreadable, so no time is too early here.
        let latest = Timestamp::from_millis(i64::MAX);
        let plaintext = self.outbox.open(sealed.as_str(), latest, None).ok()?;
        String::from_utf8(plaintext.to_vec()).ok()
    }
}

impl fmt::Debug for RestoreKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RestoreKeys(..)")
    }
}

fn mac(key: &EncryptKey, label: &[u8]) -> Option<Hmac<Sha256>> {
    Hmac::new_from_slice(&*key.derive(label)?).ok()
}

fn tag(keyed: &Hmac<Sha256>, parts: &[&str]) -> [u8; 32] {
    let mut mac = keyed.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}
