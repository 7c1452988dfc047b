use auth_core::store::{StoreError, Unique};
use sqlx::error::DatabaseError;

/// What a failure means to a caller. `refused_by` says which of our unique indexes refused, and
/// `can_pass` whether trying again can help.
pub(crate) fn store_error(
    error: sqlx::Error,
    refused_by: fn(&dyn DatabaseError) -> Option<Unique>,
    can_pass: fn(&dyn DatabaseError) -> bool,
) -> StoreError {
    match &error {
        sqlx::Error::Database(told) => match refused_by(&**told) {
            Some(unique) => StoreError::Conflict(unique),
            None if can_pass(&**told) => StoreError::unavailable(error),
            None => StoreError::backend(error),
        },
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => {
            StoreError::unavailable(error)
        }
        _ => StoreError::backend(error),
    }
}
