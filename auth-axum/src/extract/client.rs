use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::request::head;
use crate::state::HasAuth;

/// Who is asking, as far as the connection and the configured proxies tell. Never rejects.
#[derive(Debug, Clone)]
pub struct ClientInfo(pub auth_core::ClientInfo);

impl Deref for ClientInfo {
    type Target = auth_core::ClientInfo;

    fn deref(&self) -> &auth_core::ClientInfo {
        &self.0
    }
}

impl<S: HasAuth> FromRequestParts<S> for ClientInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self(state.auth().client(&head(parts))))
    }
}
