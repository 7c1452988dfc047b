use tracing::Instrument as _;

use super::authenticate::Shown;
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::{AuthError, Revocation};
use crate::event::{Action, Trail};
use crate::store::Revoke;
use crate::token::Expiry;

impl Auth {
    /// Ends the session of a token. An expired token does too: whoever comes back late must be
    /// able to end what `/refresh` would still renew.
    ///
    /// # Errors
    /// [`AuthError::TokenMissing`], [`AuthError::TokenInvalid`], [`AuthError::TokenRevoked`] when
    /// the session has ended already, [`AuthError::Unavailable`].
    pub async fn signout(&self, token: &str, client: &ClientInfo) -> Result<(), AuthError> {
        let mut trail = self.trail(Action::SignOut, client);
        let span = trail.span();
        let result = self.signout_steps(token, &mut trail).instrument(span).await;
        trail.end(result)
    }

    async fn signout_steps(&self, token: &str, trail: &mut Trail) -> Result<(), AuthError> {
        self.admit()?;
        let ended = match self.shown(token, Expiry::Ignore)? {
            Shown::Legacy(claims) => self.end_legacy(&claims, trail).await?,
            Shown::Ours(claims) => {
                trail.user(claims.user.clone());
                trail.session(claims.session.clone());
                self.inner.stores.sessions.revoke(Revoke::One(&claims.user, &claims.session)).await?
            }
        };
        match ended {
            0 => Err(AuthError::TokenRevoked(Revocation::Ended)),
            _ => Ok(()),
        }
    }
}
