use std::ops::Deref;

use auth_core::token::{Claims, VerifiedClaims};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::loaded::already;
use crate::request::head;
use crate::response::AuthRejection;
use crate::state::HasAuth;

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

impl<S: HasAuth> FromRequestParts<S> for AuthClaims {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthRejection> {
        let auth = state.auth();
        match already(parts, &auth) {
            Some(principal) => Ok(Self(principal.claims.clone())),
            None => Ok(Self(auth.bearer_claims(&head(parts))?)),
        }
    }
}
