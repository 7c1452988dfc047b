use actix_web::HttpRequest;
use actix_web::web::Payload;
use auth_core::Auth;
use auth_core::http::{AuthResponse, BODY_LIMIT, BodyFault, RequestHead};

use crate::response::AuthRejection;

/// What the head says to us.
pub(crate) fn head(request: &HttpRequest) -> RequestHead {
    let peer = request.peer_addr().map(|peer| peer.ip());
    RequestHead::read(peer, request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())))
}

/// The body, measured while it streams.
pub(crate) async fn body(payload: Payload) -> Result<Vec<u8>, BodyFault> {
    match payload.to_bytes_limited(BODY_LIMIT).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(BodyFault::Incomplete),
        Err(_) => Err(BodyFault::TooLarge),
    }
}

/// The application's `Auth`.
pub(crate) fn auth(request: &HttpRequest) -> Result<Auth, AuthRejection> {
    request.app_data::<Auth>().cloned().ok_or_else(|| {
        tracing::error!(
            target: "auth",
            "the application has no `Auth`: add `.configure(auth_actix::mount(\"/auth\", auth))` or `.app_data(auth)`"
        );
        AuthResponse::internal().into()
    })
}
