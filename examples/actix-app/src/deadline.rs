use std::future::Future as _;
use std::rc::Rc;
use std::task::Poll;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use example_product::REQUEST_DEADLINE;
use futures_util::StreamExt as _;

use crate::connection::{Answered, Connection};

/// Middleware: a body that is not complete in time fails, and its connection ends with the answer.
pub(crate) async fn in_time(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Answered>, Error> {
    let connection = request.conn_data::<Rc<Connection>>().cloned();
    let busy = connection.as_ref().map(Connection::busy);
    let payload = limited(request.take_payload(), connection);
    request.set_payload(payload);
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| Answered { body: body.boxed(), _busy: busy }))
}

fn limited(mut payload: Payload, connection: Option<Rc<Connection>>) -> Payload {
    if matches!(payload, Payload::None) {
        return payload;
    }
    let mut end = Box::pin(tokio::time::sleep(REQUEST_DEADLINE));
    let stream = futures_util::stream::poll_fn(move |cx| {
        if end.as_mut().poll(cx).is_pending() {
            return payload.poll_next_unpin(cx);
        }
        if let Some(connection) = &connection {
            connection.stop_reading();
        }
        Poll::Ready(Some(Err(PayloadError::Incomplete(None))))
    });
    Payload::Stream { payload: Box::pin(stream) }
}
