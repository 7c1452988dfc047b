use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::clock::{Clock, Timestamp};

/// A clock that stands still until it is moved. Clones are the same clock.
///
/// ```
/// use auth_core::testing::TestClock;
/// use auth_core::{Clock, Timestamp};
/// use std::time::Duration;
///
/// let clock = TestClock::at(Timestamp::from_unix_seconds(0));
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(clock.now(), Timestamp::from_unix_seconds(5));
/// ```
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.as_millis())))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let later = |millis| Some((Timestamp::from_millis(millis) + by).as_millis());
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, later);
    }

    /// Sets the clock, also back.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }
}

/// 14 November 2023, 22:13:20 UTC.
impl Default for TestClock {
    fn default() -> Self {
        Self::at(Timestamp::from_unix_seconds(1_700_000_000))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_move_together_and_may_go_back() {
        let clock = TestClock::default();
        let other = clock.clone();
        clock.advance(Duration::from_secs(1));
        assert_eq!(other.now(), Timestamp::from_unix_seconds(1_700_000_001));
        other.set(Timestamp::from_unix_seconds(7));
        assert_eq!(clock.now(), Timestamp::from_unix_seconds(7));
    }
}
