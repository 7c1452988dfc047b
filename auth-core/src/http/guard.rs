//! What extractors and guards of an adapter ask, with the answers they send when it is refused.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::problem::TokenPlace;
use super::{AuthResponse, Authorization, Problem, RequestHead};
use crate::account::User;
use crate::actions::Principal;
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::AuthError;
use crate::token::VerifiedClaims;

impl Auth {
    /// The claims of the bearer token, by signature and times alone.
    ///
    /// # Errors
    /// With the answer to send.
    pub fn bearer_claims(&self, head: &RequestHead) -> Result<VerifiedClaims, AuthResponse> {
        let claims = head.authorization.required().and_then(|token| self.verify_token(token));
        claims.map_err(|error| rejection(&error))
    }

    /// The bearer, after checking session, account and epoch.
    ///
    /// # Errors
    /// With the answer to send.
    pub async fn bearer(&self, head: &RequestHead) -> Result<Principal, AuthResponse> {
        let client: ClientInfo = self.client(head);
        let checked = super::handle::caught(async {
            let token = head.authorization.required()?;
            self.authenticate(token, &client).await
        });
        checked.await?.map_err(|error| rejection(&error))
    }

    /// The bearer, or nobody where no bearer token was sent. A bad token is still refused.
    ///
    /// # Errors
    /// With the answer to send.
    pub async fn bearer_if_any(&self, head: &RequestHead) -> Result<Option<Principal>, AuthResponse> {
        match head.authorization {
            Authorization::Absent => Ok(None),
            _ => self.bearer(head).await.map(Some),
        }
    }

    /// The bearer as the host's own type.
    ///
    /// # Errors
    /// With the answer to send, 500, when the type refuses the account or panics.
    pub fn bearer_as<T>(&self, principal: &Principal) -> Result<T, AuthResponse>
    where
        T: TryFrom<User, Error: Display>,
    {
        let user = principal.user.clone();
        match catch_unwind(AssertUnwindSafe(|| T::try_from(user).map_err(|error| error.to_string()))) {
            Ok(Ok(own)) => Ok(own),
            Ok(Err(error)) => {
                tracing::error!(target: "auth", user = %principal.user.id, error, "the host's user type refuses this account");
                Err(AuthResponse::internal())
            }
            Err(_) => {
                tracing::error!(target: "auth", user = %principal.user.id, "a panic in the host's user type");
                Err(AuthResponse::internal())
            }
        }
    }

    /// Whether the bearer holds a role that the store gave them.
    ///
    /// # Errors
    /// With the answer to send: 403.
    pub fn require_role(&self, principal: &Principal, role: &str) -> Result<(), AuthResponse> {
        if principal.user.has_role(role) { Ok(()) } else { Err(rejection(&AuthError::Forbidden)) }
    }
}

impl AuthResponse {
    /// The answer for a fault in how the host set things up.
    #[must_use]
    pub fn internal() -> Self {
        Problem::internal().into_response()
    }
}

fn rejection(error: &AuthError) -> AuthResponse {
    Problem::of(error, TokenPlace::Header).into_response()
}
