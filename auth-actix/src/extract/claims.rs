use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use auth_core::token::{Claims, VerifiedClaims};

use crate::loaded::already;
use crate::request::{auth, head};
use crate::response::AuthRejection;

/// The claims of the bearer token, by signature and times alone: no database, and a session that
/// was ended is not noticed.
///
/// Rejects with `token_missing`, `token_invalid` or `token_expired`, each 401.
#[derive(Debug, Clone)]
pub struct AuthClaims(pub VerifiedClaims);

impl Deref for AuthClaims {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.0
    }
}

impl FromRequest for AuthClaims {
    type Error = AuthRejection;
    type Future = Ready<Result<Self, AuthRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(claims(request).map(Self))
    }
}

fn claims(request: &HttpRequest) -> Result<VerifiedClaims, AuthRejection> {
    let auth = auth(request)?;
    match already(request, &auth) {
        Some(principal) => Ok(principal.claims.clone()),
        None => Ok(auth.bearer_claims(&head(request))?),
    }
}
