use std::future::Future as _;
use std::task::Poll;

use actix_web::HttpMessage as _;
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use example_product::REQUEST_DEADLINE;
use futures_util::StreamExt as _;

/// A body that is not complete in time fails, and actix then closes the connection.
pub(crate) async fn body_in_time(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let payload = limited(request.take_payload());
    request.set_payload(payload);
    next.call(request).await
}

fn limited(mut payload: Payload) -> Payload {
    if matches!(payload, Payload::None) {
        return payload;
    }
    let mut end = Box::pin(tokio::time::sleep(REQUEST_DEADLINE));
    let stream = futures_util::stream::poll_fn(move |cx| match end.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(Some(Err(PayloadError::Incomplete(None)))),
        Poll::Pending => payload.poll_next_unpin(cx),
    });
    Payload::Stream { payload: Box::pin(stream) }
}
