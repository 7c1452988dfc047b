use std::num::NonZeroUsize;
use std::time::Duration;

use crate::password::argon2id::{Argon2Params, Peppers};

const DEFAULT_QUEUE: Duration = Duration::from_millis(500);

/// How passwords are hashed and how much of the machine that may take.
///
/// Memory is threads × the memory of one hash, whatever the number of clients: 38 MiB on two
/// cores with the default parameters.
#[derive(Debug, Clone)]
pub struct HashingSettings {
    /// Threads that compute. Default: one for each core; one fewer keeps a core for requests that
    /// hash nothing.
    pub threads: Option<NonZeroUsize>,
    /// How much work may wait. Default: half a second; a longer queue only lets people wait
    /// longer before they hear that the server is busy.
    pub queue: Duration,
    /// How many requests may wait or be computed at once. Default: as many as `queue` is long,
    /// by the cost of one hash as measured at the start, and at least 16.
    pub places: Option<NonZeroUsize>,
    /// What a hash costs. Default: 19 MiB, 2 passes, 1 lane.
    pub params: Argon2Params,
    /// Secrets outside the database that enter the hashes. Default: none.
    pub peppers: Peppers,
}

impl Default for HashingSettings {
    fn default() -> Self {
        Self {
            threads: None,
            queue: DEFAULT_QUEUE,
            places: None,
            params: Argon2Params::default(),
            peppers: Peppers::default(),
        }
    }
}
