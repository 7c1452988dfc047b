//! `HttpServer` with the time-outs and the end that the product asks for.

use std::io;
use std::num::NonZero;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer};
use example_product::{REQUEST_DEADLINE, STOP_GRACE, Server};
use tokio::net::TcpListener;

use crate::connection::Connection;
use crate::deadline::in_time;
use crate::stop::stop_cleanly;

/// Serves until the stop signal, then finishes what is in flight.
pub(crate) async fn serve(Server { product, listener, stop }: Server) -> io::Result<()> {
    let workers = std::thread::available_parallelism().map_or(2, NonZero::get);
    let waiting = TcpListener::from_std(listener.try_clone()?)?;
    let running = HttpServer::new(move || App::new().wrap(from_fn(in_time)).configure(crate::app(product.clone())))
        .workers(workers)
        .on_connect(Connection::watch)
        .client_request_timeout(REQUEST_DEADLINE)
        .shutdown_timeout(STOP_GRACE.as_secs())
        .disable_signals()
        .listen(listener)?
        .run();
    let stopping = actix_web::rt::spawn(stop_cleanly(running.handle(), waiting, stop));
    running.await?;
    stopping.await.map_err(io::Error::other)
}
