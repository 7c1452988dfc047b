use std::net::{IpAddr, SocketAddr};

use auth_core::http::{BODY_LIMIT, BodyFault, RequestHead};
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use http_body_util::BodyExt as _;

/// What the head says to us.
pub(crate) fn head(parts: &Parts) -> RequestHead {
    read(&parts.headers, &parts.extensions)
}

/// Cuts a request in two, without moving what nobody needs.
pub(crate) fn cut(request: Request) -> (RequestHead, Body) {
    (read(request.headers(), request.extensions()), request.into_body())
}

fn read(headers: &HeaderMap, extensions: &Extensions) -> RequestHead {
    RequestHead::read(peer(extensions), headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())))
}

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())
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
