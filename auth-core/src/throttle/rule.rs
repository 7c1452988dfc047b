use std::time::Duration;

/// How one key is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// So many in a window.
    AtMost(AtMost),
    /// Longer and longer pauses after failures in a row.
    Backoff(Backoff),
}

/// At most `most` in a window of `per`, which begins with its first.
///
/// An attempt counts when it is let in, and no longer counts when it succeeds or is given back. A
/// success forgets no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtMost {
    /// How many.
    pub most: u32,
    /// In which time.
    pub per: Duration,
}

/// `free` failures in a row cost nothing; after each further one there is a pause, which doubles
/// from `first` to `longest`.
///
/// Only failures count, not attempts that are under way. But once the free ones are used up there
/// is one attempt for each pause, however many ask at the same time. A success forgets everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// How many failures in a row cost nothing.
    pub free: u32,
    /// The pause after the last free one.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// After this time without a failure all of them are forgotten.
    pub memory: Duration,
}

impl AtMost {
    /// At most `most` in each window of `per`.
    #[must_use]
    pub const fn new(most: u32, per: Duration) -> Self {
        Self { most, per }
    }
}

impl Backoff {
    /// The pause after so many failures in a row.
    pub(super) fn pause(&self, failures: u32) -> Option<Duration> {
        let doublings = failures.checked_sub(self.free)?.min(32);
        let factor = 2u32.checked_pow(doublings).unwrap_or(u32::MAX);
        Some(self.first.saturating_mul(factor).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_the_first_to_the_longest() {
        let second = Duration::from_secs(1);
        let rule = Backoff { free: 5, first: second, longest: second * 900, memory: second * 86_400 };
        let seconds = |failures| rule.pause(failures).map(|pause| pause.as_secs());
        assert_eq!([seconds(0), seconds(4)], [None, None]);
        assert_eq!([seconds(5), seconds(6), seconds(7)], [Some(1), Some(2), Some(4)]);
        assert_eq!([seconds(14), seconds(15), seconds(u32::MAX)], [Some(512), Some(900), Some(900)]);
    }
}
