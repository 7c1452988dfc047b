use tracing::Instrument as _;

use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::event::{Action, Trail};
use crate::token::Expiry;

/// A token that is good at this moment.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Valid {
    /// When it expires.
    pub expires_at: Timestamp,
}

impl Auth {
    /// Checks a token by signature and times. It is not introspection: a session that was ended is
    /// not noticed, unless the setting `validation_checks_session` is on.
    ///
    /// # Errors
    /// [`AuthError::TokenMissing`], [`AuthError::TokenInvalid`], [`AuthError::TokenExpired`]; with
    /// the setting also [`AuthError::TokenRevoked`] and [`AuthError::Unavailable`].
    pub async fn validation(&self, token: &str, client: &ClientInfo) -> Result<Valid, AuthError> {
        let mut trail = self.trail(Action::Validation, client);
        let span = trail.span();
        let result = self.validation_steps(token, &mut trail).instrument(span).await;
        trail.end(result)
    }

    async fn validation_steps(&self, token: &str, trail: &mut Trail) -> Result<Valid, AuthError> {
        let claims = if self.inner.settings.validation_checks_session {
            Box::pin(self.principal(token, Expiry::Enforce, trail)).await?.claims
        } else {
            self.claims(token, Expiry::Enforce)?
        };
        let claims = claims.into_claims();
        trail.user(claims.user);
        trail.session(claims.session);
        Ok(Valid { expires_at: claims.expires_at })
    }
}
