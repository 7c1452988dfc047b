//! `axum::serve` with what it lacks: time-outs for slow heads and bodies, and an end to waiting
//! for connections when the server stops.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use example_product::{REQUEST_DEADLINE, STOP_GRACE, StopSignal};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::deadline::Deadline;

/// How long to wait when no connection can be taken, for instance for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Time for the requests of fresh connections to be read: hyper takes a connection without one for
/// idle and closes it.
const SETTLE: Duration = Duration::from_millis(200);

/// Serves until `stop`, then finishes what is in flight.
pub(crate) async fn serve(app: Router, listener: std::net::TcpListener, stop: StopSignal) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = accept(&app, &listener, &connections) => {}
        () = stop.requested() => {}
    }
    take_the_waiting(&app, &listener.into_std()?, &connections);
    tokio::time::sleep(SETTLE).await;
    if tokio::time::timeout(STOP_GRACE, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
    Ok(())
}

async fn accept(app: &Router, listener: &TcpListener, connections: &GracefulShutdown) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => open(app.clone(), stream, peer, connections),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Whoever has connected before the end is in flight too: closing the socket would reset them.
fn take_the_waiting(app: &Router, listener: &std::net::TcpListener, connections: &GracefulShutdown) {
    while let Ok((stream, peer)) = listener.accept() {
        let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
        match stream {
            Ok(stream) => open(app.clone(), stream, peer, connections),
            Err(error) => tracing::warn!(%error, "a connection could not be taken"),
        }
    }
}

fn open(app: Router, stream: TcpStream, peer: SocketAddr, connections: &GracefulShutdown) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Deadline::new(body, REQUEST_DEADLINE)));
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_DEADLINE)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
