//! What extractors and guards of an adapter ask, with the answers they send when it is refused.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::problem::Asked;
use super::{AuthResponse, Problem, RequestHead};
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
        claims.map_err(|error| self.rejection(&error))
    }

    /// The bearer, after checking session, account and epoch.
    ///
    /// # Errors
    /// With the answer to send.
    pub async fn bearer(&self, head: &RequestHead) -> Result<Principal, AuthResponse> {
        let client: ClientInfo = self.client(head);
        let checked = self.caught(async {
            let token = head.authorization.required()?;
            self.authenticate(token, &client).await
        });
        checked.await?.map_err(|error| self.rejection(&error))
    }

    /// The bearer, or nobody where no bearer token was sent. A bad token is still refused.
    ///
    /// # Errors
    /// With the answer to send.
    pub async fn bearer_if_any(&self, head: &RequestHead) -> Result<Option<Principal>, AuthResponse> {
        if head.authorization.is_meant() { self.bearer(head).await.map(Some) } else { Ok(None) }
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
                Err(self.refuse(Problem::internal()))
            }
            Err(_) => {
                tracing::error!(target: "auth", user = %principal.user.id, "a panic in the host's user type");
                Err(self.refuse(Problem::internal()))
            }
        }
    }

    fn rejection(&self, error: &AuthError) -> AuthResponse {
        self.refuse(self.wire().problem(error, Asked::Guard))
    }

    /// Whether the bearer holds a role that the store gave them.
    ///
    /// # Errors
    /// With the answer to send: 403.
    pub fn require_role(&self, principal: &Principal, role: &str) -> Result<(), AuthResponse> {
        if principal.user.has_role(role) { Ok(()) } else { Err(self.rejection(&AuthError::Forbidden)) }
    }
}
