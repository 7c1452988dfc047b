use std::fmt;

use crate::answer::Answer;

/// How many wrong passwords were judged and how many put off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guesses {
    /// Answered 401: a hash was computed.
    pub judged: usize,
    /// Answered 429.
    pub put_off: usize,
    /// The longest `Retry-After` in seconds.
    pub longest_wait: u64,
}

impl Guesses {
    /// What one answer says.
    #[track_caller]
    pub(crate) fn of(answer: &Answer) -> Self {
        let wait = || answer.header("retry-after").and_then(|seconds| seconds.parse().ok());
        match answer.status() {
            401 => Self { judged: 1, ..Self::default() },
            429 => Self { put_off: 1, longest_wait: wait().expect("seconds to wait"), ..Self::default() },
            _ => panic!("neither judged nor put off: {answer:?}"),
        }
    }
}

impl std::ops::AddAssign for Guesses {
    fn add_assign(&mut self, other: Self) {
        self.judged += other.judged;
        self.put_off += other.put_off;
        self.longest_wait = self.longest_wait.max(other.longest_wait);
    }
}

impl fmt::Display for Guesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { judged, put_off, longest_wait } = self;
        write!(f, "{judged} judged, {put_off} put off, for up to {longest_wait} s")
    }
}
