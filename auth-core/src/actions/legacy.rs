//! Tokens of the service from which this one takes over.

use std::time::Duration;

use super::Principal;
use crate::account::{Epoch, User};
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::config::Takeover;
use crate::error::{AuthError, Revocation};
use crate::event::Trail;
use crate::session::{NewSession, Session, Successor, TokenId};
use crate::store::{Cas, Revoke};
use crate::token::LegacyClaims;

/// How long after its end a token of that service may still become a session.
const REFRESH_WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Auth {
    /// Whoever shows such a token, if the account is still in the epoch that its old tokens belong
    /// to, or the session that the token has become lives.
    pub(super) async fn legacy_principal(
        &self,
        claims: LegacyClaims,
        trail: &mut Trail,
    ) -> Result<Principal, AuthError> {
        let forerunner = &claims.forerunner;
        trail.user(forerunner.user.clone());
        trail.session(forerunner.session.clone());
        let session = if self.takeover()?.store.is_spent(&forerunner.session).await? {
            let session = self.inner.stores.sessions.get(&forerunner.session).await?;
            let own = session.filter(|session| session.user == forerunner.user);
            own.ok_or(AuthError::TokenRevoked(Revocation::Ended))?
        } else {
            self.session_to_be(&claims).await?
        };
        let user = self.user_of(&session).await?;
        let claims = claims.into_claims(session.epoch.clone());
        Ok(Principal { user: self.published(user), session, claims })
    }

    /// Makes of such a token the session that it stands for; `None` when it has been done already,
    /// and the rules of that session decide.
    pub(super) async fn adopted(
        &self,
        claims: &LegacyClaims,
        client: &ClientInfo,
        trail: &mut Trail,
    ) -> Result<Option<Session>, AuthError> {
        let forerunner = &claims.forerunner;
        trail.user(forerunner.user.clone());
        trail.session(forerunner.session.clone());
        let (store, now) = (&self.takeover()?.store, self.now());
        if store.is_spent(&forerunner.session).await? {
            return Ok(None);
        }
        if now > claims.expires_at + REFRESH_WINDOW {
            return Err(AuthError::TokenExpired);
        }
        let session = self.session_to_be(claims).await?;
        self.user_of(&session).await?;
        let lifetimes = &self.inner.settings.lifetimes;
        let new = NewSession::adopted(forerunner, session.epoch, client.clone(), now, lifetimes, self.random())?;
        let session = new.record().clone();
        Ok((store.adopt(new).await? == Cas::Won).then_some(session))
    }

    /// Ends such a token, or the session that it has become; how many there were.
    pub(super) async fn end_legacy(&self, claims: &LegacyClaims, trail: &mut Trail) -> Result<u64, AuthError> {
        let forerunner = &claims.forerunner;
        trail.user(forerunner.user.clone());
        trail.session(forerunner.session.clone());
        let ended = self.takeover()?.store.end(&forerunner.user, &forerunner.session).await?;
        // It may have become a session, even where that is forgotten.
        let session = Revoke::One(&forerunner.user, &forerunner.session);
        let revoked = self.inner.stores.sessions.revoke(session).await?;
        Ok(if ended == Cas::Won { 1 } else { revoked })
    }

    /// The session that an unspent token stands for, as it would be had it begun with the token.
    async fn session_to_be(&self, claims: &LegacyClaims) -> Result<Session, AuthError> {
        let takeover = self.takeover()?;
        if self.now() >= takeover.until {
            return Err(AuthError::TokenExpired);
        }
        let forerunner = &claims.forerunner;
        let epoch: Epoch =
            takeover.store.snapshot(&forerunner.user).await?.ok_or(AuthError::TokenRevoked(Revocation::Deleted))?;
        let (issued_at, expires_at) = (claims.issued_at, claims.expires_at);
        Ok(Session {
            id: forerunner.session.clone(),
            user: forerunner.user.clone(),
            epoch,
            generation: 0,
            current: Successor { jti: TokenId::stored(forerunner.session.as_str()), issued_at, expires_at },
            created_at: issued_at,
            rotated_at: issued_at,
            absolute_end: expires_at + REFRESH_WINDOW,
            client: ClientInfo::default(),
        })
    }

    /// The account that the session entitles to.
    async fn user_of(&self, session: &Session) -> Result<User, AuthError> {
        let user = self.inner.stores.users.by_id(&session.user).await?;
        self.entitled(user, session).await
    }

    fn takeover(&self) -> Result<&Takeover, AuthError> {
        self.inner.takeover.as_ref().ok_or_else(|| AuthError::Internal("there is no takeover".into()))
    }
}
