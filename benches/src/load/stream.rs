use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Connection, Origin, Request, run};
use crate::Result;
use crate::measure::Stopwatch;
use crate::process::Server;

/// Connections that keep a server busy.
const CONNECTIONS: usize = 32;
/// From here on a request is counted.
const WARM_UP: Duration = Duration::from_millis(150);

/// What a server did in a slice of time while it had as much to do as it could.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// Requests answered a second.
    pub per_second: f64,
    /// Microseconds on a core for each.
    pub cpu: f64,
    /// The share of its one core that the server had: below one, something else had the rest, or
    /// the load did not come fast enough.
    pub share: f64,
}

/// Asks as fast as the answers come and expects each answer to be a 200.
///
/// # Errors
/// When an answer is another.
pub fn stream(server: &Server, origin: Origin, requests: &[Request], time: Duration) -> Result<Slice> {
    let address = server.address();
    run(origin, || async move {
        let tasks = requests.chunks(requests.len().div_ceil(CONNECTIONS).max(1));
        let mut connections = JoinSet::new();
        let begun = Stopwatch::start();
        for requests in tasks {
            connections.spawn(ask(address, requests.to_vec(), begun, WARM_UP + time));
        }
        tokio::time::sleep(WARM_UP).await;
        let (cpu, watch) = (server.cpu_time()?, Stopwatch::start());
        let mut answered = 0;
        while let Some(connection) = connections.join_next().await {
            answered += connection??;
        }
        let (elapsed, cpu) = (watch.elapsed(), server.cpu_time()?.saturating_sub(cpu));
        let answered = f64::from(answered);
        Ok(Slice {
            per_second: answered / elapsed.as_secs_f64(),
            cpu: cpu.as_secs_f64() * 1e6 / answered,
            share: cpu.as_secs_f64() / elapsed.as_secs_f64(),
        })
    })
}

/// How many answers came after the warm-up.
async fn ask(address: SocketAddr, requests: Vec<Request>, begun: Stopwatch, until: Duration) -> Result<u32> {
    let mut connection = Connection::open(address).await?;
    let mut answered = 0;
    for request in requests.iter().cycle() {
        let status = connection.exchange(request).await?;
        if status != 200 {
            return Err(format!("{status} instead of 200: {}", connection.answer()).into());
        }
        let now = begun.elapsed();
        answered += u32::from(now > WARM_UP);
        if now > until {
            break;
        }
    }
    Ok(answered)
}
