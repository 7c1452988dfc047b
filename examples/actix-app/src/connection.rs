//! actix times the head of a connection's first request only. This watches every connection, so
//! that none stays open without a request for longer than one may take to arrive.

use std::any::Any;
use std::cell::Cell;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::Extensions;
use actix_web::web::Bytes;
use example_product::REQUEST_DEADLINE;
use tokio::time::{Instant, sleep_until};

/// One connection, for as long as actix has it.
pub(crate) struct Connection {
    /// A second handle of the socket, to end it with.
    socket: TcpStream,
    /// When the next request must have arrived; `None` while one is being answered.
    due: Cell<Option<Instant>>,
}

impl Connection {
    /// For `HttpServer::on_connect`.
    pub(crate) fn watch(socket: &dyn Any, data: &mut Extensions) {
        let stream = socket.downcast_ref::<actix_web::rt::net::TcpStream>();
        let Some(Ok(socket)) = stream.map(|stream| stream.as_fd().try_clone_to_owned()) else { return };
        let connection = Rc::new(Self { socket: socket.into(), due: Cell::new(Some(next())) });
        actix_web::rt::spawn(end_when_overdue(Rc::downgrade(&connection)));
        data.insert(connection);
    }

    /// A request has arrived; it is answered when the value is dropped.
    pub(crate) fn busy(self: &Rc<Self>) -> Busy {
        self.due.set(None);
        Busy(self.clone())
    }

    /// Nothing more is read from the client; an answer can still be sent.
    pub(crate) fn stop_reading(&self) {
        // It fails where the client has gone already.
        let _ = self.socket.shutdown(Shutdown::Read);
    }
}

fn next() -> Instant {
    Instant::now() + REQUEST_DEADLINE
}

async fn end_when_overdue(watched: Weak<Connection>) {
    while let Some(connection) = watched.upgrade() {
        let wake = match connection.due.get() {
            Some(due) if due <= Instant::now() => {
                let _ = connection.socket.shutdown(Shutdown::Both);
                return;
            }
            Some(due) => due,
            None => next(),
        };
        drop(connection);
        sleep_until(wake).await;
    }
}

/// A request that is being answered.
pub(crate) struct Busy(Rc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.due.set(Some(next()));
    }
}

/// The body of an answer, which is not given until its last byte is.
pub(crate) struct Answered {
    pub(crate) body: BoxBody,
    pub(crate) _busy: Option<Busy>,
}

impl MessageBody for Answered {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.get_mut().body.as_pin_mut().poll_next(cx)
    }
}
