use std::net::{IpAddr, SocketAddr};

use auth_core::http::{BODY_LIMIT, BodyFault, RequestHead};
use axum::body::{Body, HttpBody as _};
use axum::extract::ConnectInfo;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use http_body_util::BodyExt as _;

/// What the head says to us.
pub(crate) fn head(parts: &Parts) -> RequestHead {
    RequestHead::read(peer(parts), |name| parts.headers.get_all(name).iter().map(HeaderValue::as_bytes))
}

fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())
}

/// More than a usual body has, in bytes.
const USUAL: u64 = 1024;

/// The body, measured while it streams.
pub(crate) async fn body(mut body: Body) -> Result<Vec<u8>, BodyFault> {
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(BodyFault::TooLarge);
    }
    // A promise is not a byte sent: beyond what our bodies need, memory comes with the bytes.
    let mut read = Vec::with_capacity(body.size_hint().lower().min(USUAL) as usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyFault::Incomplete)?.into_data() else { continue };
        if read.len() + data.len() > BODY_LIMIT {
            return Err(BodyFault::TooLarge);
        }
        read.extend_from_slice(&data);
    }
    Ok(read)
}
