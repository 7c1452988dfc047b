use auth_core::store::{StoreError, Unique};
use sqlx::error::DatabaseError;

use crate::failure;

/// What a failure of SQLite means to a caller.
pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    failure::store_error(error, refused_by, can_pass)
}

/// Whether trying again can help: SQLite is busy or locked, met an I/O error, is full, cannot
/// open its files, or lost a race for its locks (<https://www.sqlite.org/rescode.html>).
pub(super) fn can_pass(error: &dyn DatabaseError) -> bool {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const IOERR: i32 = 10;
    const FULL: i32 = 13;
    const CANTOPEN: i32 = 14;
    const PROTOCOL: i32 = 15;
    let primary = error.code().and_then(|code| code.parse::<i32>().ok()).map(|extended| extended & 0xff);
    matches!(primary, Some(BUSY | LOCKED | IOERR | FULL | CANTOPEN | PROTOCOL))
}

/// SQLite names the columns of the unique index that refused.
fn refused_by(error: &dyn DatabaseError) -> Option<Unique> {
    let columns = error.message().strip_prefix("UNIQUE constraint failed: ")?;
    match columns {
        "auth_users.login_key" => Some(Unique::Login),
        "auth_users.email_key" => Some(Unique::Email),
        _ => None,
    }
}
