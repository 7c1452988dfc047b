//! What the metrics are called, by the conventions of Prometheus, and what they mean.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

pub(super) const ACTIONS: &str = "auth_actions_total";
pub(super) const ACTION_SECONDS: &str = "auth_action_duration_seconds";
pub(super) const HASH_SECONDS: &str = "auth_hash_duration_seconds";
pub(super) const HASH_REFUSED: &str = "auth_hash_refused_total";
pub(super) const HASH_JOBS: &str = "auth_hash_jobs";
pub(super) const HASH_WORK: &str = "auth_hash_work_seconds";

pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// Every metric there is.
pub(super) const METRICS: [(&str, Kind, &str); 6] = [
    (ACTIONS, Kind::Counter, "Actions that ended"),
    (ACTION_SECONDS, Kind::Histogram, "How long an action took"),
    (HASH_SECONDS, Kind::Histogram, "How long a hashing thread was busy with a job"),
    (HASH_REFUSED, Kind::Counter, "Requests that the hashing pool had no room for"),
    (HASH_JOBS, Kind::Gauge, "Jobs that wait for a hashing thread, or have one"),
    (HASH_WORK, Kind::Gauge, "Work that the hashing pool holds, as estimated, in seconds of one thread"),
];

pub(super) fn describe() {
    for (name, kind, meaning) in METRICS {
        match kind {
            Kind::Counter => describe_counter!(name, meaning),
            Kind::Gauge => describe_gauge!(name, meaning),
            Kind::Histogram => describe_histogram!(name, Unit::Seconds, meaning),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_metrics_has_every_metric_with_its_kind_and_meaning_and_no_other() {
        let page = include_str!("../../../docs/guide/metrics.md");
        let rows = page.lines().filter(|line| line.starts_with("| `auth_"));
        let page: Vec<_> = rows
            .map(|row| {
                let cells: Vec<_> =
                    row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
                (cells[0], cells[1], cells[3])
            })
            .collect();
        let code = METRICS.map(|(name, kind, meaning)| match kind {
            Kind::Counter => (name, "counter", meaning),
            Kind::Gauge => (name, "gauge", meaning),
            Kind::Histogram => (name, "histogram", meaning),
        });
        assert_eq!(page, code);
    }
}
