use auth_core::store::{StoreError, Unique};
use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

use crate::failure;

/// What a failure of MySQL or MariaDB means to a caller.
pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    failure::store_error(error, refused_by, can_pass)
}

/// Whether the server undid the transaction because another was in its way.
pub(super) fn lost_to_another(error: &sqlx::Error) -> bool {
    const DEADLOCK: u16 = 1213;
    /// MariaDB, where `innodb_snapshot_isolation` is on.
    const RECORD_HAS_CHANGED: u16 = 1020;
    matches!(error.as_database_error().and_then(number), Some(DEADLOCK | RECORD_HAS_CHANGED))
}

/// Whether trying again can help: the server lacks space, memory or connections, is being stopped,
/// is read-only until it is the primary, took too long, or undid the transaction
/// (<https://mariadb.com/kb/en/mariadb-error-code-reference/>).
fn can_pass(error: &dyn DatabaseError) -> bool {
    let Some(number) = number(error) else { return false };
    matches!(
        number,
        1020 // the record has changed
            | 1021 | 1026 | 1030 | 1114 // disk full, error on write, error of the engine, table full
            | 1037 | 1038 | 1041 // out of memory
            | 1040 | 1203 | 1226 // too many connections
            | 1053 | 1077 | 1079 | 1152 | 1158
            ..=1161 // stopping, network
            | 1205 | 1213 | 3572 // lock wait, deadlock, NOWAIT
            | 1290 | 1792 | 1836 // read-only
            | 1317 | 1927 | 1969 | 3024 // interrupted, killed, statement time-out of MariaDB and of MySQL
            | 4031 // disconnected for being idle
    )
}

fn number(error: &dyn DatabaseError) -> Option<u16> {
    error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}

/// `Duplicate entry 'ann' for key 'auth_users_login'`; MySQL 8 writes the table before the key.
/// The entry is what a client sent: only the end of the message can be trusted.
fn refused_by(error: &dyn DatabaseError) -> Option<Unique> {
    let message = Some(error.message()).filter(|_| error.is_unique_violation())?;
    let key = message.strip_suffix('\'')?.rsplit(['\'', '.']).next()?;
    match key {
        "auth_users_login" => Some(Unique::Login),
        "auth_users_email" => Some(Unique::Email),
        _ => None,
    }
}
