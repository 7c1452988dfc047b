//! The statistic, fixed before anything was measured.
//!
//! Two requests are made one right after the other, in an order that a coin decides, and the
//! difference of their times is taken. Of [`PAIRS`] such differences the median is estimated, with a
//! confidence interval of 99.9 % from the ranks alone (the sign test), which asks nothing of how the
//! times are distributed: other work on the machine makes them far from normal. Two answers differ
//! when the whole interval lies more than [`USABLE`] away from zero.
//!
//! So two that differ by less than that are told apart wrongly in at most 0.1 % of the runs.

use std::fmt;
use std::time::Duration;

/// How many pairs are measured.
pub(crate) const PAIRS: usize = 600;
/// What a client could use: smaller differences drown in any network.
pub(crate) const USABLE: Duration = Duration::from_micros(100);
/// Two-sided 99.9 % of the normal distribution, which the binomial is close to at this size.
const QUANTILE: f64 = 3.290_5;

/// What was found about one pair of answers. Times are in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finding {
    /// The median of the first answer's times.
    pub(crate) first: f64,
    /// The median of the differences, second minus first.
    pub(crate) difference: f64,
    /// The confidence interval of that.
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Finding {
    /// Judges times in microseconds, measured in pairs.
    pub(crate) fn of(pairs: &[(f64, f64)]) -> Self {
        let mut first: Vec<_> = pairs.iter().map(|(first, _)| *first).collect();
        let mut differences: Vec<_> = pairs.iter().map(|(first, second)| second - first).collect();
        first.sort_by(f64::total_cmp);
        differences.sort_by(f64::total_cmp);
        let count = differences.len();
        let low = low_rank(count);
        let at = |rank: usize| differences.get(rank).copied().unwrap_or(f64::NAN);
        Self {
            first: first.get(count / 2).copied().unwrap_or(f64::NAN),
            difference: at(count / 2),
            low: at(low),
            high: at(count.saturating_sub(1 + low)),
        }
    }

    /// Whether a client could tell the two apart.
    pub(crate) fn differs(&self) -> bool {
        let usable = USABLE.as_secs_f64() * 1e6;
        self.low > usable || self.high < -usable
    }
}

/// The rank below the median at which the interval begins.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank is a small whole number"
)]
fn low_rank(count: usize) -> usize {
    let half_width = QUANTILE * (count as f64).sqrt() / 2.0;
    (count as f64 / 2.0 - half_width).floor().max(0.0) as usize
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, difference, low, high } = self;
        let verdict = if self.differs() { "DIFFERS" } else { "same" };
        write!(f, "{first:9.0} | {difference:+10.1} | {low:+8.1} to {high:+8.1} | {verdict}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::Random as _;
    use auth_core::testing::SeededRandom;

    /// A number from 0 to 1.
    fn dice(random: &SeededRandom) -> f64 {
        let mut bytes = [0; 4];
        random.fill(&mut bytes).unwrap();
        f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
    }

    /// 20 ms, give or take two, and every tenth time up to 30 ms more: a machine with other work.
    fn hash(random: &SeededRandom) -> f64 {
        let noise = (dice(random) + dice(random) + dice(random) - 1.5) * 2_000.0;
        let interrupted = if dice(random) < 0.1 { dice(random) * 30_000.0 } else { 0.0 };
        20_000.0 + noise + interrupted
    }

    fn told_apart(runs: u64, planted: f64) -> usize {
        let differs = |seed: &u64| {
            let random = SeededRandom::new(*seed);
            let pairs: Vec<_> = (0..PAIRS).map(|_| (hash(&random), hash(&random) + planted)).collect();
            Finding::of(&pairs).differs()
        };
        (0..runs).filter(differs).count()
    }

    #[test]
    fn equal_answers_are_not_told_apart() {
        assert_eq!(told_apart(100, 0.0), 0);
    }

    #[test]
    fn a_difference_that_nobody_can_use_is_none() {
        assert_eq!(told_apart(100, 80.0), 0);
    }

    #[test]
    fn a_millisecond_is_always_noticed_whichever_side_is_slower() {
        assert_eq!(told_apart(100, 1_000.0), 100);
        assert_eq!(told_apart(100, -1_000.0), 100);
    }

    #[test]
    fn the_interval_leaves_out_one_in_a_thousand() {
        // 600 fair coins give fewer than 260 heads in one run of two thousand.
        let pairs: Vec<_> = (0..600).map(|number| (0.0, f64::from(number))).collect();
        let finding = Finding::of(&pairs);
        assert_eq!((finding.low, finding.difference, finding.high), (259.0, 300.0, 340.0));
    }
}
