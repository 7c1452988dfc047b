use std::collections::HashMap;
use std::time::Duration;

use super::claimant::Purpose;

/// Each job moves the estimate by this part of the difference.
const WEIGHT: u32 = 8;
/// One job counts for no more than this many times the estimate: a moment in which the machine did
/// something else must not shut the door on everybody.
const MOST: u32 = 4;
/// What is nothing could never grow again.
const LEAST: Duration = Duration::from_micros(10);

/// What a job of each kind takes a thread, as seen lately.
#[derive(Debug)]
pub(super) struct Estimates {
    measured: Duration,
    seen: HashMap<Purpose, Duration>,
}

impl Estimates {
    /// Begins with what was measured when the pool was started.
    pub(super) fn new(measured: Duration) -> Self {
        Self { measured: measured.max(LEAST), seen: HashMap::new() }
    }

    pub(super) fn of(&self, purpose: Purpose) -> Duration {
        self.seen.get(&purpose).copied().unwrap_or(self.measured)
    }

    /// A job of this kind took so long.
    pub(super) fn observe(&mut self, purpose: Purpose, took: Duration) {
        let old = self.of(purpose);
        let took = took.min(old.saturating_mul(MOST));
        let new = (old.saturating_mul(WEIGHT - 1).saturating_add(took) / WEIGHT).max(LEAST);
        self.seen.insert(purpose, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn what_was_measured_holds_until_a_job_of_the_kind_was_seen() {
        let mut estimates = Estimates::new(millis(16));
        estimates.observe(Purpose::SignIn, millis(24));
        assert_eq!(estimates.of(Purpose::SignIn), millis(17));
        assert_eq!(estimates.of(Purpose::SignUp), millis(16));
    }

    #[test]
    fn it_goes_where_the_jobs_are() {
        let mut estimates = Estimates::new(millis(16));
        (0..40).for_each(|_| estimates.observe(Purpose::SignIn, millis(130)));
        assert!((millis(125)..=millis(130)).contains(&estimates.of(Purpose::SignIn)));
        (0..80).for_each(|_| estimates.observe(Purpose::SignIn, Duration::ZERO));
        assert_eq!(estimates.of(Purpose::SignIn), LEAST.max(estimates.of(Purpose::SignIn)));
        assert!(estimates.of(Purpose::SignIn) < millis(1));
    }

    #[test]
    fn one_slow_job_is_not_taken_for_a_slow_machine() {
        let mut estimates = Estimates::new(millis(16));
        estimates.observe(Purpose::SignIn, Duration::from_secs(3_600));
        assert_eq!(estimates.of(Purpose::SignIn), millis(22));
    }
}
