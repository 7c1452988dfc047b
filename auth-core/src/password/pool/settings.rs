use std::num::NonZeroUsize;
use std::time::Duration;

use crate::password::argon2id::{Argon2Params, Peppers};
use crate::password::foreign::ForeignHash;
use crate::password::format::HashFormat;

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
    /// How new passwords are stored. Default: Argon2id as a PHC string.
    pub format: HashFormat,
    /// The formats of other programs that are read as well. Default: none.
    pub foreign: Vec<ForeignHash>,
}

impl Default for HashingSettings {
    fn default() -> Self {
        Self {
            threads: None,
            queue: DEFAULT_QUEUE,
            places: None,
            params: Argon2Params::default(),
            peppers: Peppers::default(),
            format: HashFormat::default(),
            foreign: Vec::new(),
        }
    }
}

impl HashingSettings {
    /// The foreign formats that are read: those that were named, and the one that is written.
    pub(crate) fn accepted(&self) -> Vec<ForeignHash> {
        self.foreign.iter().copied().chain(self.format.foreign()).collect()
    }

    /// Whether accounts may differ in the time that their password takes.
    pub(crate) fn mixes_formats(&self) -> bool {
        !self.accepted().is_empty()
    }

    pub(crate) fn has_peppers(&self) -> bool {
        !self.peppers.is_empty()
    }
}
