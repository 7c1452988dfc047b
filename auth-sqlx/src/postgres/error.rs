use auth_core::store::{StoreError, Unique};
use sqlx::error::DatabaseError;

use crate::failure;

/// What a failure of PostgreSQL means to a caller.
pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    failure::store_error(error, refused_by, can_pass)
}

/// Whether the server undid the statement because another was in its way: a serialization
/// failure, or a deadlock.
pub(super) fn lost_to_another(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

/// Whether trying again can help: the connection failed, the transaction was undone, the server
/// lacks resources, is being stopped or repaired, took too long, or is a standby that will be the
/// primary (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn can_pass(error: &dyn DatabaseError) -> bool {
    const CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    const READ_ONLY: &str = "25006";
    const IDLE_IN_TRANSACTION: &str = "25P03";
    error.code().is_some_and(|code| {
        CLASSES.iter().any(|class| code.starts_with(class))
            || [LOCK_NOT_AVAILABLE, READ_ONLY, IDLE_IN_TRANSACTION].contains(&&*code)
    })
}

fn refused_by(error: &dyn DatabaseError) -> Option<Unique> {
    match error.constraint().filter(|_| error.is_unique_violation())? {
        "auth_users_login" => Some(Unique::Login),
        "auth_users_email" => Some(Unique::Email),
        _ => None,
    }
}
