use std::ops::{Deref, DerefMut};

use auth_core::store::StoreError;
use sqlx::Database;
use sqlx::pool::PoolConnection;

/// A connection that goes back to its pool only when what it was used for has ended.
///
/// A verb that is dropped or takes too long leaves it anywhere: before an answer that nobody has
/// read, or in a transaction of which sqlx does not know yet. It is then closed, and the
/// database undoes what was not committed.
pub(crate) struct Held<DB: Database> {
    connection: PoolConnection<DB>,
    has_ended: bool,
}

impl<DB: Database> Held<DB> {
    pub(crate) fn new(connection: PoolConnection<DB>) -> Self {
        Self { connection, has_ended: false }
    }

    /// Says how it ended.
    pub(crate) fn ended<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        self.has_ended = !matches!(result, Err(StoreError::Unavailable(_)));
        result
    }
}

impl<DB: Database> Deref for Held<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &Self::Target {
        &self.connection
    }
}

impl<DB: Database> DerefMut for Held<DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.connection
    }
}

impl<DB: Database> Drop for Held<DB> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.connection.close_on_drop();
        }
    }
}
