use async_trait::async_trait;

use super::{Cas, JointStore, StoreError};
use crate::account::{CanonicalEmail, EmailAddress, Epoch, Login, NewUser, User, UserId};
use crate::clock::Timestamp;
use crate::password::PasswordHash;
use crate::restore::{LegacyRestoreToken, TokenDigest};

/// The table of accounts. Implement it on a table of your own to keep your users where they are;
/// `auth_core::user_store_suite!` (feature `testing`) then makes a test of every verb below.
///
/// # Contract
///
/// - Each verb is one statement, or one transaction whose write decides. No verb looks first and
///   writes afterwards.
/// - Canonical names and addresses are unique by an index, compared byte by byte.
/// - Dropping a future before it is done leaves everything or nothing of its write.
/// - A verb with an [`Epoch`] writes it in the same statement. A store that derives its epoch
///   ignores the argument and returns the derived one.
/// - [`StoreError::Unavailable`] means that trying again can help.
#[async_trait]
pub trait UserStore: Send + Sync + 'static {
    /// Inserts an account.
    ///
    /// # Contract
    /// The unique indexes decide: [`StoreError::Conflict`] names the one that refused, the login
    /// first where both do. Never find, then insert. A store that draws its own key ignores
    /// `new.id` and returns the account with the key it drew.
    async fn insert(&self, new: NewUser) -> Result<User, StoreError>;

    /// The account with this id, active or not.
    async fn by_id(&self, id: &UserId) -> Result<Option<User>, StoreError>;

    /// The account with this name, by its canonical form.
    async fn by_login(&self, login: &Login) -> Result<Option<User>, StoreError>;

    /// The account with this address.
    async fn by_email(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError>;

    /// The account whose live restoring token has this digest.
    async fn by_restoring_token(&self, presented: &PresentedRestore) -> Result<Option<User>, StoreError>;

    /// Replaces the hash if it is still the one that was read.
    ///
    /// # Contract
    /// One statement: `password = new, and for EpochRule::New also epoch = its value and
    /// restoring_token = NULL, WHERE id = ? AND (read is None OR password = read)`.
    /// [`Cas::Lost`] when no row matched.
    async fn set_password(
        &self,
        id: &UserId,
        read: Option<&PasswordHash>,
        new: &PasswordHash,
        epoch: EpochRule,
    ) -> Result<Cas, StoreError>;

    /// Makes `digest` the one live restoring token of the account, or ends it. The digest stands
    /// in the column `restoring_token` as 64 hexadecimal characters.
    async fn set_restoring_token(&self, id: &UserId, digest: Option<&TokenDigest>) -> Result<(), StoreError>;

    /// Uses up a restoring token and sets the password, or does nothing.
    ///
    /// # Contract
    /// One statement: `password = new, restoring_token = NULL, epoch = epoch WHERE id = proof.user
    /// AND restoring_token = proof.digest AND password, e-mail and epoch are those of the proof
    /// AND is_active`. The account as it is afterwards, or `None` when no row matched.
    async fn restore_password(
        &self,
        proof: &RestoreProof,
        new: &PasswordHash,
        epoch: Epoch,
    ) -> Result<Option<User>, StoreError>;

    /// Lets the account sign in or not; sets the epoch and ends its restoring token in the same
    /// write.
    async fn set_active(&self, id: &UserId, active: bool, epoch: Epoch) -> Result<(), StoreError>;

    /// Begins a new epoch (and ends the restoring token): every session and token ends. Returns
    /// the epoch that is now valid.
    async fn set_epoch(&self, id: &UserId, epoch: Epoch) -> Result<Epoch, StoreError>;

    /// Notes the moment of a sign-in.
    async fn signed_in(&self, id: &UserId, at: Timestamp) -> Result<(), StoreError>;

    /// This store as one that reads a session with its account.
    ///
    /// Leave it as it is in a store that keeps no sessions: it is asked only where the same store
    /// has both, as one that was given to [`Auth::builder`](crate::Auth::builder) as a whole. A store
    /// that passes its verbs on to another one returns `self` or nothing: what that other one joins
    /// has not gone through its own `by_id` and `get`.
    fn joint(&self) -> Option<&dyn JointStore> {
        None
    }
}

/// What a write of the password does to the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EpochRule {
    /// The same password in a newer format: nothing ends.
    Keep,
    /// Another password: everything that was issued before ends.
    New(Epoch),
}

/// A restoring token that a client showed, after its own checks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PresentedRestore {
    /// The digest of the id in the token.
    pub digest: TokenDigest,
    /// A token of another service on the same table, which stands in the column itself. There is
    /// one only where such tokens are accepted; the digest is then one that no store has.
    pub legacy: Option<LegacyRestoreToken>,
}

/// Everything that a restoring token was checked against, as it was read. The write that uses the
/// token up happens only if all of it still holds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RestoreProof {
    /// Whose password is restored.
    pub user: UserId,
    /// The digest in the column `restoring_token`.
    pub digest: TokenDigest,
    /// The token of another service that stands there instead.
    pub legacy: Option<LegacyRestoreToken>,
    /// The hash that was read.
    pub password: PasswordHash,
    /// The address that was read.
    pub email: Option<EmailAddress>,
    /// The epoch that was read.
    pub epoch: Epoch,
}
