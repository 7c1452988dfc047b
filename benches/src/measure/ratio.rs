use std::fmt;

/// The median of what was measured. Zero of nothing.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { at(half) } else { f64::midpoint(at(half.saturating_sub(1)), at(half)) }
}

/// One ratio for each round: what was measured in the same round is compared, so that a slow
/// minute of the machine slows both sides.
#[derive(Debug, Clone)]
pub struct Ratio(Vec<f64>);

impl Ratio {
    /// The ratios of the rounds.
    #[must_use]
    pub fn of(numerators: &[f64], denominators: &[f64]) -> Self {
        Self(numerators.iter().zip(denominators).map(|(numerator, denominator)| numerator / denominator).collect())
    }

    /// What is to be told as it is: milliseconds, or the ratio of two figures that belong to no round.
    #[must_use]
    pub fn plain(values: &[f64]) -> Self {
        Self(values.to_vec())
    }

    /// The median of the rounds.
    #[must_use]
    pub fn median(&self) -> f64 {
        median(&self.0)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = *self.0 {
            return write!(f, "{only:.2}");
        }
        let low = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        write!(f, "{:.2} ({low:.2} to {high:.2})", self.median())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_the_two_middles() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(&[]).abs() < f64::EPSILON);
    }

    #[test]
    fn a_ratio_compares_within_a_round() {
        let ratio = Ratio::of(&[1.0, 20.0, 3.0], &[1.0, 10.0, 1.0]);
        assert_eq!(ratio.to_string(), "2.00 (1.00 to 3.00)");
        assert_eq!(Ratio::plain(&[0.5]).to_string(), "0.50", "one has no range");
    }
}
