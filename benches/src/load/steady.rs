use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Connection, Latencies, Origin, Request, run};
use crate::Result;
use crate::measure::Stopwatch;

/// Requests at a fixed rate, whether or not the answers keep up: a light route beside the flood.
#[derive(Debug, Clone)]
pub struct Steady {
    /// What is asked.
    pub request: Request,
    /// How often a second.
    pub rate: u32,
    /// Over how many connections.
    pub connections: u32,
}

/// Asks for that long. A latency counts from when its request was due, so that an answer which
/// holds up the next requests makes them late too. What was not answered at all by the end counts
/// as if it had been answered then.
///
/// # Errors
/// When an answer is none.
pub fn steady(address: SocketAddr, load: &Steady, time: Duration) -> Result<Latencies> {
    run(Origin::First, || async move {
        let begun = Stopwatch::start();
        let mut connections = JoinSet::new();
        for number in 0..load.connections {
            connections.spawn(ask(address, load.clone(), number, begun, time));
        }
        let mut latencies = Latencies::default();
        while let Some(connection) = connections.join_next().await {
            latencies.append(connection??);
        }
        Ok(latencies)
    })
}

async fn ask(address: SocketAddr, load: Steady, number: u32, begun: Stopwatch, time: Duration) -> Result<Latencies> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Latencies::default();
    let between = Duration::from_secs(1) / load.rate;
    let due = (number..).step_by(load.connections as usize).map(|turn| between * turn).take_while(|due| *due < time);
    let mut answers = true;
    for due in due {
        tokio::time::sleep(due.saturating_sub(begun.elapsed())).await;
        if answers {
            let left = time.saturating_sub(begun.elapsed());
            answers = match tokio::time::timeout(left, connection.exchange(&load.request)).await {
                Ok(status) => {
                    if status? != 200 {
                        return Err(connection.answer().into());
                    }
                    true
                }
                Err(_) => false,
            };
        }
        let end = if answers { begun.elapsed() } else { time };
        latencies.push(end.saturating_sub(due));
    }
    Ok(latencies)
}
