use tracing::Instrument as _;

use super::authenticate::Shown;
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::clock::Timestamp;
use crate::error::{AuthError, Revocation};
use crate::event::{Action, Outcome, Trail};
use crate::session::{Presented, Rotation, Session, Successor};
use crate::token::{AccessToken, Expiry};

/// A new token for an old one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Refreshed {
    /// The token.
    pub token: AccessToken,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl Auth {
    /// Replaces a token, also an expired one, while its session lives.
    ///
    /// The same token again within the grace gets the same successor: a lost answer or a second
    /// tab costs nothing. A token that was replaced earlier ends the session.
    ///
    /// What this does not catch: a thief who refreshes in step with the owner, or after the owner
    /// stopped. Only the absolute end of the session bounds those.
    ///
    /// # Errors
    /// [`AuthError::TokenMissing`], [`AuthError::TokenInvalid`], [`AuthError::TokenExpired`] when
    /// the session rested too long, [`AuthError::TokenRevoked`], [`AuthError::Unavailable`].
    pub async fn refresh(&self, token: &str, client: &ClientInfo) -> Result<Refreshed, AuthError> {
        let mut trail = self.trail(Action::Refresh, client);
        let span = trail.span();
        let result = self.refresh_steps(token, client, &mut trail).instrument(span).await;
        trail.end(result)
    }

    async fn refresh_steps(&self, token: &str, client: &ClientInfo, trail: &mut Trail) -> Result<Refreshed, AuthError> {
        self.admit()?;
        let shown = self.shown(token, Expiry::Ignore)?;
        if let Shown::Legacy(claims) = &shown
            && let Some(session) = self.adopted(claims, client, trail).await?
        {
            return self.refreshed(&session);
        }
        let principal = self.principal_of(shown, trail).await?;
        let settings = &self.inner.settings;
        let now = self.now();
        let next = Successor::draw(now, principal.session.absolute_end, &settings.lifetimes, self.random())?;
        let presented = Presented {
            session: principal.session.id,
            generation: principal.claims.generation,
            client: client.clone(),
        };
        let session = match self.inner.stores.sessions.rotate(presented, next, now, &settings.rotation).await? {
            Rotation::Rotated(session) => session,
            Rotation::Repeated { session, other_client } => {
                if other_client {
                    trail.note(Outcome::RefreshGraceOtherClient);
                }
                session
            }
            Rotation::Reused(_) => return Err(AuthError::TokenRevoked(Revocation::Reuse)),
            Rotation::Expired(_) => return Err(AuthError::TokenExpired),
            Rotation::Unknown => return Err(AuthError::TokenRevoked(Revocation::Ended)),
        };
        self.refreshed(&session)
    }

    fn refreshed(&self, session: &Session) -> Result<Refreshed, AuthError> {
        Ok(Refreshed { token: self.mint(session)?, expires_at: session.current.expires_at })
    }
}
