use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use super::connection::status_of_whole;
use super::{Latencies, Origin, Request, take_place};
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
/// Each connection has a thread that sleeps and waits by itself: the timers of a runtime are a
/// millisecond coarse, which would be most of what is measured.
///
/// # Errors
/// When an answer is none.
pub fn steady(address: SocketAddr, load: &Steady, time: Duration) -> Result<Latencies> {
    let begun = Stopwatch::start();
    thread::scope(|scope| {
        let ask = |number| scope.spawn(move || ask(address, load, number, begun, time));
        let connections: Vec<_> = (0..load.connections).map(ask).collect();
        let mut latencies = Latencies::default();
        for connection in connections {
            latencies.append(connection.join().map_err(|_| "a panic in the light load")??);
        }
        Ok(latencies)
    })
}

fn ask(address: SocketAddr, load: &Steady, number: u32, begun: Stopwatch, time: Duration) -> Result<Latencies> {
    take_place(Origin::First)?;
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut latencies = Latencies::default();
    let between = Duration::from_secs(1) / load.rate;
    let due = (number..).step_by(load.connections as usize).map(|turn| between * turn).take_while(|due| *due < time);
    let mut answers = true;
    for due in due {
        thread::sleep(due.saturating_sub(begun.elapsed()));
        let left = time.saturating_sub(begun.elapsed());
        answers = answers && !left.is_zero() && exchange(&mut stream, &load.request, left)?;
        let end = if answers { begun.elapsed() } else { time };
        latencies.push(end.saturating_sub(due));
    }
    Ok(latencies)
}

/// Whether there was an answer in time.
fn exchange(stream: &mut TcpStream, request: &Request, within: Duration) -> Result<bool> {
    stream.set_read_timeout(Some(within))?;
    stream.write_all(request.bytes())?;
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(0) => return Err("the server closed a connection".into()),
            Ok(count) => count,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        };
        read.extend_from_slice(buffer.get(..count).unwrap_or_default());
        match status_of_whole(&read)? {
            None => {}
            Some(200) => return Ok(true),
            Some(_) => return Err(String::from_utf8_lossy(&read).into_owned().into()),
        }
    }
}
