//! Moments as Django writes them, in UTC (`USE_TZ = True`).

use auth_core::Timestamp;

/// `2024-01-02 03:04:05.678000`, as Django's own text on SQLite: without a fraction where there is
/// none. The other databases read it too.
pub(super) fn written(moment: Timestamp) -> String {
    let text = moment.to_rfc3339();
    let seconds = text.trim_end_matches('Z').replace('T', " ");
    match moment.as_millis().rem_euclid(1_000) {
        0 => seconds,
        millis => format!("{seconds}.{millis:03}000"),
    }
}

/// Reads what Django or [`written`] wrote; `None` for anything else.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(&format!("{}Z", text.replacen(' ', "T", 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_django_writes_and_is_read_again() {
        for (millis, text) in [
            (1_704_164_645_678, "2024-01-02 03:04:05.678000"),
            (1_704_164_645_007, "2024-01-02 03:04:05.007000"),
            (1_704_164_645_000, "2024-01-02 03:04:05"),
        ] {
            let moment = Timestamp::from_millis(millis);
            assert_eq!(written(moment), text);
            assert_eq!(read(text), Some(moment));
        }
    }

    #[test]
    fn microseconds_are_read_as_milliseconds() {
        assert_eq!(read("2024-01-02 03:04:05.678999"), Some(Timestamp::from_millis(1_704_164_645_678)));
    }

    #[test]
    fn what_is_no_moment_in_utc_is_not_read() {
        for text in ["", "2024-01-02", "2024-01-02 03:04:05+02:00", "yesterday", "infinity", "2024-13-02 03:04:05"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
