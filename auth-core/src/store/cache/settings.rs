use std::time::Duration;

use crate::fault::Fault;

const DEFAULT_STALENESS: Duration = Duration::from_secs(5);
const MOST_STALENESS: Duration = Duration::from_secs(60);
const DEFAULT_ENTRIES: usize = 10_000;

/// How much of the database may be remembered, and for how long.
///
/// What is written through the same `Auth` is seen at once: sign-out, a restored or changed
/// password, deactivation. What anybody else writes, another instance or a person at the database,
/// is seen when the remembered row is older than the staleness; until then a session that they have
/// ended is still good here.
///
/// Sign-in, restoring and every decision that a write makes never read from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadCache {
    pub(super) entries: usize,
    pub(super) staleness: Duration,
}

impl Default for ReadCache {
    /// 10,000 users and as many sessions, for five seconds.
    fn default() -> Self {
        Self { entries: DEFAULT_ENTRIES, staleness: DEFAULT_STALENESS }
    }
}

impl ReadCache {
    /// So many users and as many sessions, each for at most so long.
    ///
    /// # Errors
    /// Without an entry, or with a staleness that is not between one millisecond and one minute.
    pub fn new(entries: usize, staleness: Duration) -> Result<Self, Fault> {
        let fault = |problem| Fault::new("read_cache", problem, "Take ReadCache::default()");
        if entries == 0 {
            return Err(fault("it has room for nothing"));
        }
        if !(Duration::from_millis(1)..=MOST_STALENESS).contains(&staleness) {
            return Err(fault("its staleness is not between a millisecond and a minute"));
        }
        Ok(Self { entries, staleness })
    }
}
