//! The numbers of a server, for Prometheus.

use std::net::SocketAddr;

use auth_core::config::Fault;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};

const NAME: &str = "METRICS_ADDR";

/// Bounds of the durations, in seconds: from the check of a token to a sign-in in a long queue.
const BUCKETS: [f64; 12] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// Takes every number of this process from now on and serves them at `http://<address>/metrics`.
pub(crate) fn serve(address: SocketAddr) -> Result<(), Fault> {
    let bucketed = PrometheusBuilder::new()
        .with_http_listener(address)
        .set_buckets_for_metric(Matcher::Suffix("_duration_seconds".to_owned()), &BUCKETS);
    bucketed.and_then(PrometheusBuilder::install).map_err(|error| fault(&error))
}

fn fault(error: &BuildError) -> Fault {
    Fault::new(NAME, format!("nothing can be served there ({error})"), "Name another address")
}
