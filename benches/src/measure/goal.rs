use std::fmt;

/// What a figure should reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// The median is at least this.
    AtLeast(f64),
    /// The median is at most this.
    AtMost(f64),
    /// The figure is only told.
    Told,
}

impl Goal {
    /// How a median stands to the goal, in a word.
    #[must_use]
    pub fn verdict(self, median: f64) -> &'static str {
        match self {
            Self::AtLeast(least) if median >= least => "reached",
            Self::AtMost(most) if median <= most => "reached",
            Self::Told => "",
            // Also what could not be measured.
            Self::AtLeast(_) | Self::AtMost(_) => "missed",
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
            Self::Told => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_reached_exactly_at_its_bound_and_never_by_what_is_no_number() {
        assert_eq!(Goal::AtLeast(0.85).verdict(0.85), "reached");
        assert_eq!(Goal::AtLeast(0.85).verdict(0.849), "missed");
        assert_eq!(Goal::AtMost(1.2).verdict(1.2), "reached");
        assert_eq!(Goal::AtMost(1.2).verdict(1.201), "missed");
        assert_eq!(Goal::AtMost(1.2).verdict(f64::NAN), "missed");
    }
}
