use crate::clock::Timestamp;

/// How a moment stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Moment {
    /// `2023-11-14T22:13:20Z`.
    Rfc3339,
    /// `2023-11-14 22:13:20`, UTC.
    DateAndTime,
}

impl Moment {
    pub(in crate::http) fn write(self, moment: Timestamp) -> String {
        let text = moment.to_rfc3339();
        match self {
            Self::Rfc3339 => text,
            Self::DateAndTime => text.trim_end_matches('Z').replace('T', " "),
        }
    }
}

/// As Django's JSON encoder writes it: milliseconds where there is a fraction of a second.
pub(super) fn as_django(moment: Timestamp) -> String {
    let text = moment.to_rfc3339();
    match moment.as_millis().rem_euclid(1_000) {
        0 => text,
        millis => format!("{}.{millis:03}Z", text.trim_end_matches('Z')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_and_a_time_are_told_apart_by_a_space() {
        let moment = Timestamp::from_unix_seconds(1_700_000_000);
        assert_eq!(Moment::Rfc3339.write(moment), "2023-11-14T22:13:20Z");
        assert_eq!(Moment::DateAndTime.write(moment), "2023-11-14 22:13:20");
    }

    #[test]
    fn django_writes_a_fraction_only_where_there_is_one() {
        assert_eq!(as_django(Timestamp::from_millis(1_704_164_645_678)), "2024-01-02T03:04:05.678Z");
        assert_eq!(as_django(Timestamp::from_millis(1_704_164_645_000)), "2024-01-02T03:04:05Z");
        assert_eq!(as_django(Timestamp::from_millis(-1)), "1969-12-31T23:59:59.999Z");
    }
}
