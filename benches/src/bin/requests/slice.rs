use std::time::Duration;

use benches::Result;
use benches::load::{Origin, Request, Slice, stream};
use benches::process::Server;

/// Short slices in many rounds: a neighbour on the machine slows seconds, and then both sides of a
/// ratio.
pub(crate) const SLICE: Duration = Duration::from_millis(300);
pub(crate) const ROUNDS: usize = 25;
/// How often a slice is repeated that had not enough of its core.
const ATTEMPTS: usize = 3;
const ENOUGH: f64 = 0.9;

/// A route with the requests to it.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) origin: Origin,
    pub(crate) requests: Vec<Request>,
}

/// The first slice that had its core, or the one that had most of it.
pub(crate) fn slice(server: &Server, route: &Route) -> Result<Slice> {
    let mut best = stream(server, route.origin, &route.requests, SLICE)?;
    for _ in 1..ATTEMPTS {
        if best.share >= ENOUGH {
            break;
        }
        let again = stream(server, route.origin, &route.requests, SLICE)?;
        if again.share > best.share {
            best = again;
        }
    }
    Ok(best)
}
