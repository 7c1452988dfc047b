use auth_core::store::StoreError;
use redis::RedisError;

/// What Redis says while it cannot serve: it loads, is busy or full, cannot write, or is no primary
/// (<https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors>).
const NOT_NOW: [&str; 9] =
    ["LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN"];

/// What a failure of Redis means to a caller.
pub(crate) fn store_error(error: RedisError) -> StoreError {
    let is_lost = error.is_io_error() || error.is_timeout() || error.is_unrecoverable_error();
    if is_lost || error.code().is_some_and(|code| NOT_NOW.contains(&code)) {
        StoreError::unavailable(error)
    } else {
        StoreError::backend(error)
    }
}
