use async_trait::async_trait;
use auth_core::account::UserId;
use auth_core::store::StoreError;

use super::Note;

/// How many notes one account may keep; a list is always whole.
pub(super) const MAX_NOTES: usize = 500;

/// Keeps notes. Each verb is one write or one read, and names the owner.
#[async_trait]
pub(crate) trait NoteStore: Send + Sync + 'static {
    async fn insert(&self, note: &Note) -> Result<Inserted, StoreError>;
    /// The newest first.
    async fn list(&self, owner: &UserId) -> Result<Vec<Note>, StoreError>;
    async fn get(&self, owner: &UserId, id: &str) -> Result<Option<Note>, StoreError>;
    async fn delete(&self, owner: &UserId, id: &str) -> Result<Deleted, StoreError>;
}

/// How an insert ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Inserted {
    Kept,
    /// The account has [`MAX_NOTES`] already.
    Full,
}

/// How a deletion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Deleted {
    Gone,
    /// The account has no such note.
    NotThere,
}
