use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::request::{auth, head};
use crate::response::AuthRejection;

/// Who is asking, as far as the connection and the configured proxies tell. Rejects only when the
/// application has no `Auth`.
#[derive(Debug, Clone)]
pub struct ClientInfo(pub auth_core::ClientInfo);

impl Deref for ClientInfo {
    type Target = auth_core::ClientInfo;

    fn deref(&self) -> &auth_core::ClientInfo {
        &self.0
    }
}

impl FromRequest for ClientInfo {
    type Error = AuthRejection;
    type Future = Ready<Result<Self, AuthRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(auth(request).map(|auth| Self(auth.client(&head(request)))))
    }
}
