use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

use super::fernet::Rejected;
use super::{RestoreKeys, TokenDigest};
use crate::account::User;
use crate::clock::Timestamp;
use crate::random::RandomError;

/// The documented width of the column that once held whole tokens.
pub(super) const LONGEST_TOKEN: usize = 145;
const VERSION: u8 = 1;
const ID: usize = 16;
const BINDING: usize = 16;

/// A restoring token as it stands in the mail: 140 characters of URL-safe base64, no padding.
#[derive(Clone)]
pub struct RestoreToken(Zeroizing<String>);

impl RestoreToken {
    /// The text, for the link.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RestoreToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RestoreToken(..)")
    }
}

/// Why a restoring token is refused. A client reads the same answer for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RestoreFault {
    /// Not a token of the present keys.
    #[error("it is not a token of these keys")]
    Malformed,
    /// Over its life.
    #[error("it has expired")]
    Expired,
    /// Used, replaced, or made before the credential changed.
    #[error("it is not the live token of an account")]
    Unknown,
}

impl From<Rejected> for RestoreFault {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Malformed => Self::Malformed,
            Rejected::Expired => Self::Expired,
        }
    }
}

/// The random part of a token, from which the stored digest is made.
pub(crate) struct RestoreId(pub(super) [u8; ID]);

impl RestoreId {
    pub(crate) fn digest(&self) -> TokenDigest {
        TokenDigest::of(&self.0)
    }
}

/// A token whose seal and age were checked; whose account it is stands in the store.
pub(crate) struct Opened {
    digest: TokenDigest,
    binding: [u8; BINDING],
}

impl Opened {
    pub(crate) fn digest(&self) -> &TokenDigest {
        &self.digest
    }

    /// Whether the token was made for this user's present address and epoch.
    pub(crate) fn is_bound_to(&self, user: &User) -> bool {
        self.binding.ct_eq(&binding(user)).into()
    }
}

impl RestoreKeys {
    /// The token with this id for the user as read, made at `at`.
    pub(crate) fn mint(&self, id: &RestoreId, user: &User, at: Timestamp) -> Result<RestoreToken, RandomError> {
        let mut plaintext = Zeroizing::new(Vec::with_capacity(1 + ID + BINDING));
        plaintext.push(VERSION);
        plaintext.extend(id.0);
        plaintext.extend(binding(user));
        Ok(RestoreToken(Zeroizing::new(self.tokens().seal(&plaintext, at)?)))
    }

    /// Checks seal and age.
    pub(crate) fn open(&self, token: &str, now: Timestamp, life: Duration) -> Result<Opened, RestoreFault> {
        if token.len() > LONGEST_TOKEN {
            return Err(RestoreFault::Malformed);
        }
        let plaintext = self.tokens().open(token, now, Some(life))?;
        let (version, rest) = plaintext.split_first().ok_or(RestoreFault::Malformed)?;
        let (id, binding) = rest.split_at_checked(ID).ok_or(RestoreFault::Malformed)?;
        let binding = binding.try_into().map_err(|_| RestoreFault::Malformed)?;
        if *version != VERSION {
            return Err(RestoreFault::Malformed);
        }
        Ok(Opened { digest: TokenDigest::of(id), binding })
    }
}

/// What ends with the account's id, address or epoch. Not with the hash: the same password in a
/// newer format ends nothing, and whoever writes another one begins a new epoch.
fn binding(user: &User) -> [u8; BINDING] {
    let email = user.email.as_ref().map_or("", |address| address.as_str());
    let mut hash = Sha256::new();
    for part in [user.id.as_str(), email, user.epoch.as_str()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut cut = [0; BINDING];
    cut.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{EmailAddress, Epoch, UserId, Username};
    use crate::password::PasswordHash;
    use crate::restore::EncryptKey;
    use crate::store::JobId;

    const LIFE: Duration = Duration::from_secs(1_800);

    fn user() -> User {
        let mut user = User::new(
            UserId::stored("1"),
            Username::stored("ann"),
            PasswordHash::stored("h"),
            Epoch::stored("e1"),
            now(),
        );
        user.email = Some(EmailAddress::stored("ann@example.org"));
        user
    }

    fn now() -> Timestamp {
        Timestamp::from_unix_seconds(1_800_000_000)
    }

    fn keys(seed: u8) -> RestoreKeys {
        RestoreKeys::new(&[EncryptKey::from_bytes([seed; 32])]).unwrap()
    }

    #[test]
    fn a_token_is_140_characters_without_padding() {
        let keys = keys(1);
        let token = keys.mint(&keys.restore_id(&JobId::stored("row")), &user(), now()).unwrap();
        assert_eq!(token.expose().len(), 140);
        assert!(!token.expose().contains('='));
    }

    #[test]
    fn a_token_lives_to_the_last_second() {
        let keys = keys(1);
        let id = keys.restore_id(&JobId::stored("row"));
        let token = keys.mint(&id, &user(), now()).unwrap();
        let open = |at| keys.open(token.expose(), at, LIFE).map(|opened| opened.digest().clone());
        assert_eq!(open(now() + LIFE), Ok(id.digest()));
        assert_eq!(open(now() + LIFE + Duration::from_secs(1)), Err(RestoreFault::Expired));
        assert_eq!(open(now().minus(Duration::from_secs(61))), Err(RestoreFault::Malformed));
    }

    #[test]
    fn a_change_of_address_epoch_or_account_unbinds_it() {
        let keys = keys(1);
        let token = keys.mint(&keys.restore_id(&JobId::stored("row")), &user(), now()).unwrap();
        let opened = keys.open(token.expose(), now(), LIFE).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(opened.is_bound_to(&user()));
        let changed = |change: fn(&mut User)| {
            let mut user = user();
            change(&mut user);
            opened.is_bound_to(&user)
        };
        assert!(!changed(|user| user.email = None));
        assert!(!changed(|user| user.email = Some(EmailAddress::stored("Ann@example.org"))));
        assert!(!changed(|user| user.epoch = Epoch::stored("e2")));
        assert!(changed(|user| user.password = PasswordHash::stored("in a newer format")));
        assert!(!changed(|user| user.id = UserId::stored("2")));
    }

    #[test]
    fn a_retry_of_the_same_row_makes_the_same_digest() {
        let (row, other) = (JobId::stored("row"), JobId::stored("other"));
        assert_eq!(keys(1).restore_id(&row).digest(), keys(1).restore_id(&row).digest());
        assert_ne!(keys(1).restore_id(&row).digest(), keys(1).restore_id(&other).digest());
        assert_ne!(keys(1).restore_id(&row).digest(), keys(2).restore_id(&row).digest());
    }

    #[test]
    fn other_keys_and_other_contents_are_malformed() {
        let token = keys(2).mint(&keys(2).restore_id(&JobId::stored("row")), &user(), now()).unwrap();
        let refused = |token: &str| keys(1).open(token, now(), LIFE).err();
        assert_eq!(refused(token.expose()), Some(RestoreFault::Malformed));
        assert_eq!(refused(&keys(1).tokens().seal(b"short", now()).unwrap()), Some(RestoreFault::Malformed));
        assert_eq!(refused(&keys(1).tokens().seal(&[9; 33], now()).unwrap()), Some(RestoreFault::Malformed));
        assert_eq!(refused(&"A".repeat(146)), Some(RestoreFault::Malformed));
    }
}
