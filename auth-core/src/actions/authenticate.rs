use tracing::Instrument as _;

use crate::account::{Epoch, User};
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::{AuthError, Revocation};
use crate::event::{Action, Trail};
use crate::session::Session;
use crate::store::Revoke;
use crate::token::{AccessToken, Claims, Expiry, LegacyClaims, Rules, TokenFault, VerifiedClaims};

/// Somebody whose token, session, account and epoch were all checked just now.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Principal {
    /// The account.
    pub user: User,
    /// The session of the token.
    pub session: Session,
    /// What the token says.
    pub claims: VerifiedClaims,
}

/// A verified token.
pub(crate) enum Shown {
    /// One that we minted.
    Ours(VerifiedClaims),
    /// One of the service before this one, which names no session.
    Legacy(LegacyClaims),
}

impl Auth {
    /// Checks a token completely: signature and times, session, account and epoch.
    ///
    /// # Errors
    /// [`AuthError::TokenMissing`], [`AuthError::TokenInvalid`], [`AuthError::TokenExpired`],
    /// [`AuthError::TokenRevoked`], [`AuthError::Unavailable`].
    pub async fn authenticate(&self, token: &str, client: &ClientInfo) -> Result<Principal, AuthError> {
        let mut trail = self.trail(Action::Authenticate, client);
        let span = trail.span();
        let result = self.principal(token, Expiry::Enforce, &mut trail).instrument(span).await;
        trail.end(result)
    }

    /// Checks signature and times of a token and nothing else: no database, no revocation.
    ///
    /// # Errors
    /// [`AuthError::TokenMissing`], [`AuthError::TokenInvalid`], [`AuthError::TokenExpired`].
    pub fn verify_token(&self, token: &str) -> Result<VerifiedClaims, AuthError> {
        self.claims(token, Expiry::Enforce)
    }

    /// What a token says, whether or not it belongs to a session.
    pub(crate) fn claims(&self, token: &str, expiry: Expiry) -> Result<VerifiedClaims, AuthError> {
        match self.shown(token, expiry)? {
            Shown::Ours(claims) => Ok(claims),
            // Its epoch is known to the database alone.
            Shown::Legacy(claims) => Ok(claims.into_claims(Epoch::stored(""))),
        }
    }

    pub(crate) fn shown(&self, token: &str, expiry: Expiry) -> Result<Shown, AuthError> {
        if token.is_empty() {
            return Err(AuthError::TokenMissing);
        }
        let settings = &self.inner.settings;
        let rules = Rules {
            now: self.now(),
            leeway: settings.leeway,
            issuer: settings.issuer.as_deref(),
            audience: settings.audience.as_deref(),
            max_life: settings.lifetimes.absolute,
            expiry,
        };
        match settings.keys.verify(token, &rules) {
            Ok(claims) => Ok(Shown::Ours(claims)),
            Err(fault) if self.inner.takeover.is_none() => Err(fault.into()),
            // It may be good all the same, as a token of the service before this one.
            Err(fault) => match settings.keys.verify_legacy(token, &rules) {
                Ok(claims) => Ok(Shown::Legacy(claims)),
                Err(TokenFault::Expired) => Err(AuthError::TokenExpired),
                Err(_) => Err(fault.into()),
            },
        }
    }

    pub(crate) async fn principal(
        &self,
        token: &str,
        expiry: Expiry,
        trail: &mut Trail,
    ) -> Result<Principal, AuthError> {
        self.admit()?;
        let shown = self.shown(token, expiry)?;
        self.principal_of(shown, trail).await
    }

    pub(crate) async fn principal_of(&self, shown: Shown, trail: &mut Trail) -> Result<Principal, AuthError> {
        let claims = match shown {
            Shown::Ours(claims) => claims,
            Shown::Legacy(claims) => return self.legacy_principal(claims, trail).await,
        };
        trail.user(claims.user.clone());
        trail.session(claims.session.clone());
        let (session, user) = match self.inner.stores.session_and_user(&claims.session).await? {
            Some((session, user)) if session.user == claims.user && session.epoch == claims.epoch => (session, user),
            // A session goes with its account, and that this has gone is the reason to tell.
            _ if self.inner.stores.users.by_id(&claims.user).await?.is_none() => {
                return Err(AuthError::TokenRevoked(Revocation::Deleted));
            }
            _ => return Err(AuthError::TokenRevoked(Revocation::Ended)),
        };
        let user = self.entitled(user, &session).await?;
        Ok(Principal { user: self.published(user), session, claims })
    }

    /// The account of a session, if it still is in the epoch in which the session was opened. A
    /// session that has outlived its account's epoch is ended on the way.
    pub(super) async fn entitled(&self, user: Option<User>, session: &Session) -> Result<User, AuthError> {
        let revocation = match user {
            None => Revocation::Deleted,
            Some(user) if !user.is_active => Revocation::Inactive,
            Some(user) if user.epoch != session.epoch => Revocation::EpochChanged,
            Some(user) => return Ok(user),
        };
        self.inner.stores.sessions.revoke(Revoke::One(&session.user, &session.id)).await?;
        Err(AuthError::TokenRevoked(revocation))
    }

    /// The token of a session as it is stored: the same session always gives the same claims.
    pub(crate) fn mint(&self, session: &Session) -> Result<AccessToken, AuthError> {
        let settings = &self.inner.settings;
        Ok(settings.keys.mint(&Claims {
            role: settings.role.clone(),
            user: session.user.clone(),
            session: session.id.clone(),
            generation: session.generation,
            epoch: session.epoch.clone(),
            jti: session.current.jti.clone(),
            issued_at: session.current.issued_at,
            expires_at: session.current.expires_at,
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
        })?)
    }
}
