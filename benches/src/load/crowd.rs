use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Connection, Latencies, Origin, Request, run};
use crate::Result;
use crate::measure::Stopwatch;

/// How long a client that was turned away waits before it comes again.
const PAUSE: Duration = Duration::from_millis(100);

/// Clients, each with one connection and one request that it repeats as soon as it is answered.
#[derive(Debug, Clone)]
pub struct Crowd {
    /// One request for each client.
    pub clients: Vec<Request>,
    /// What comes before is not counted.
    pub warm_up: Duration,
    /// How long is counted.
    pub time: Duration,
}

/// What a crowd was answered.
#[derive(Debug, Clone, Default)]
pub struct Served {
    /// The answers with 200.
    pub good: Latencies,
    /// The answers with 503.
    pub shed: Latencies,
    /// Every other answer.
    pub other: usize,
    /// Seconds counted.
    pub seconds: f64,
}

impl Served {
    /// Answers with 200 a second.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of answers is far below 2^52")]
    pub fn per_second(&self) -> f64 {
        self.good.count() as f64 / self.seconds
    }
}

/// Lets a crowd ask.
///
/// # Errors
/// When a connection ends.
pub fn crowd(address: SocketAddr, crowd: &Crowd) -> Result<Served> {
    run(Origin::First, || async move {
        let begun = Stopwatch::start();
        let mut clients = JoinSet::new();
        for request in &crowd.clients {
            clients.spawn(ask(address, request.clone(), begun, crowd.warm_up, crowd.warm_up + crowd.time));
        }
        let mut served = Served { seconds: crowd.time.as_secs_f64(), ..Served::default() };
        while let Some(client) = clients.join_next().await {
            let client = client??;
            served.good.append(client.good);
            served.shed.append(client.shed);
            served.other += client.other;
        }
        Ok(served)
    })
}

async fn ask(
    address: SocketAddr,
    request: Request,
    begun: Stopwatch,
    from: Duration,
    until: Duration,
) -> Result<Served> {
    let mut served = Served::default();
    let Ok(connected) = tokio::time::timeout(until, Connection::open(address)).await else { return Ok(served) };
    let mut connection = connected?;
    loop {
        let asked = begun.elapsed();
        let left = until.saturating_sub(asked);
        let Ok(status) = tokio::time::timeout(left, connection.exchange(&request)).await else { return Ok(served) };
        let (status, answered) = (status?, begun.elapsed());
        if answered > from && answered < until {
            match status {
                200 => served.good.push(answered.saturating_sub(asked)),
                503 => served.shed.push(answered.saturating_sub(asked)),
                _ => served.other += 1,
            }
        }
        if status != 200 {
            tokio::time::sleep(PAUSE).await;
        }
    }
}
