//! The end of a server under load. actix drops connections that it has taken but not read yet, and
//! closing the socket resets those that nobody has taken: both had a request in flight.

use std::io;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::{self, task::JoinHandle};
use example_product::StopSignal;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};

/// Time for the workers to read what they have taken.
const SETTLE: Duration = Duration::from_millis(200);
const LONGEST_REQUEST: u64 = 64 * 1024;

/// Stops the server when the signal comes: nothing new is taken, what was taken is read and
/// answered, and whoever connects meanwhile is told to come back.
pub(crate) async fn stop_cleanly(server: ServerHandle, listener: TcpListener, stop: StopSignal) {
    stop.requested().await;
    server.pause().await;
    let mut turned_away = turn_away(&listener).await;
    // actix closes its own handle of the socket now; dropping ours then ends it.
    let stopped = server.stop(true);
    turned_away.extend(turn_away(&listener).await);
    drop(listener);
    join_all(turned_away).await;
    stopped.await;
}

/// Answers what connects within [`SETTLE`].
async fn turn_away(listener: &TcpListener) -> Vec<JoinHandle<()>> {
    let end = Instant::now() + SETTLE;
    let mut turned_away = Vec::new();
    while let Ok(Ok((stream, _))) = timeout_at(end, listener.accept()).await {
        turned_away.push(rt::spawn(async {
            // Whoever does not listen any more needs no answer.
            let _ = timeout(SETTLE, say_busy(stream)).await;
        }));
    }
    turned_away
}

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncache-control: no-store\r\n\
                    content-type: application/json\r\ncontent-length: 85\r\n\r\n\
                    {\"status\":503,\"error\":{\"message\":\"This server stops. Try again soon.\",\"code\":\"busy\"}}";

/// What the client has sent is read as well: a socket that is closed with unread bytes resets the
/// connection, and the answer is lost.
async fn say_busy(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(BUSY.as_bytes()).await?;
    stream.shutdown().await?;
    copy(&mut stream.take(LONGEST_REQUEST), &mut sink()).await.map(drop)
}
