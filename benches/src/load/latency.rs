use std::time::Duration;

/// How long answers took.
#[derive(Debug, Clone, Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// Adds one.
    pub fn push(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    /// Adds those of another connection.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The latency that this share of the answers kept to, in milliseconds; not a number without
    /// answers.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_least_latency_that_so_many_kept_to() {
        let mut latencies = Latencies::default();
        (1..=100).rev().for_each(|milliseconds| latencies.push(Duration::from_millis(milliseconds)));
        assert!((latencies.percentile(99) - 99.0).abs() < 1e-9);
        assert!((latencies.percentile(50) - 50.0).abs() < 1e-9);
        assert!(Latencies::default().percentile(99).is_nan());
    }
}
