use tracing::Instrument as _;
use zeroize::Zeroizing;

use crate::account::{Epoch, User, UserId};
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::AuthError;
use crate::event::{Action, Trail};
use crate::password::{Password, PasswordHash, PolicyContext, Purpose, Verification};
use crate::session::{Session, SessionId};
use crate::store::{Cas, EpochRule, Revoke};
use crate::token::Expiry;

use super::SignedIn;
use super::password::TRIES_TO_REPLACE;

impl Auth {
    /// Changes the password of whoever holds the token, and needs the present one. All other
    /// sessions end; the answer is a new one.
    ///
    /// # Errors
    /// Those of [`Auth::authenticate`] for the token; [`AuthError::Credentials`] when the present
    /// password is wrong or was changed meanwhile; [`AuthError::Throttled`] when it was wrong too
    /// often, here or at a sign-in; [`AuthError::Field`], [`AuthError::WeakPassword`],
    /// [`AuthError::Busy`], [`AuthError::Unavailable`].
    pub async fn change_password(
        &self,
        token: &str,
        current: Password,
        new: Password,
        client: &ClientInfo,
    ) -> Result<SignedIn, AuthError> {
        let (token, client) = (Zeroizing::new(token.to_owned()), client.clone());
        self.to_the_end(|auth| async move {
            let mut trail = auth.trail(Action::ChangePassword, &client);
            let span = trail.span();
            let result = auth.change_password_steps(&token, current, new, &client, &mut trail).instrument(span).await;
            trail.end(result)
        })
        .await
    }

    async fn change_password_steps(
        &self,
        token: &str,
        current: Password,
        new: Password,
        client: &ClientInfo,
        trail: &mut Trail,
    ) -> Result<SignedIn, AuthError> {
        let user = self.principal(token, Expiry::Enforce, trail).await?.user;
        let current = self.bounded("password", current)?;
        let new = self.new_password("new_password", new, &context(&user)).await?;
        let login = user.username.as_str().to_owned();
        let attempt = self.begin_attempt(|limits| limits.password(&login, client)).await?;
        let verified = async { Ok(self.ticket(Purpose::Change, client).await?.verify(Some(user), current).await?) };
        let (proven, is_outdated) = match self.judged(attempt, verified.await).await?.verification {
            Verification::Proven { proven, upgrade } => (proven, upgrade.is_some()),
            Verification::Refused(refusal) => return Err(AuthError::Credentials(refusal)),
        };
        let hash = self.ticket(Purpose::Change, client).await?.hash(new).await?;
        match self.replace_password(proven.user(), is_outdated, &hash).await? {
            Cas::Lost => Err(AuthError::Credentials(crate::password::Refusal::WrongPassword)),
            Cas::Won => {
                self.credential_changed(proven.user(), trail).await;
                let now = self.inner.stores.users.by_id(&proven.user().id).await?;
                let renewed = now
                    .filter(|user| user.is_active)
                    .and_then(|user| proven.renewed(user, &hash))
                    .ok_or(AuthError::Credentials(crate::password::Refusal::WrongPassword))?;
                self.open_session(renewed, client).await
            }
        }
    }

    /// Writes the hash of a new password if the credential is still the one that was read. A sign-in
    /// that brought an outdated hash up to date since then has changed none: the epoch is the same.
    async fn replace_password(&self, user: &User, is_outdated: bool, hash: &PasswordHash) -> Result<Cas, AuthError> {
        let (users, rule) = (&self.inner.stores.users, EpochRule::New(Epoch::random(self.random())?));
        let mut read = user.password.clone();
        for _ in 0..TRIES_TO_REPLACE {
            if users.set_password(&user.id, Some(&read), hash, rule.clone()).await? == Cas::Won {
                return Ok(Cas::Won);
            }
            if !is_outdated {
                break;
            }
            let now = users.by_id(&user.id).await?;
            match now.filter(|now| now.is_active && now.epoch == user.epoch && now.password != read) {
                Some(upgraded) => read = upgraded.password,
                None => break,
            }
        }
        Ok(Cas::Lost)
    }

    /// Sets the password of an account, for an administrator; every session of it ends, and so does
    /// what its login was kept out by. The policy is the same as for everybody.
    ///
    /// # Errors
    /// [`AuthError::WeakPassword`], [`AuthError::Field`], [`AuthError::Busy`],
    /// [`AuthError::Unavailable`]. `Ok(false)`: there is no such account.
    pub async fn set_password(&self, id: &UserId, new: Password) -> Result<bool, AuthError> {
        let id = id.clone();
        self.to_the_end(|auth| async move {
            let mut trail = auth.trail(Action::SetPassword, &ClientInfo::default());
            trail.user(id.clone());
            let span = trail.span();
            let result = auth.set_password_steps(&id, new, &mut trail).instrument(span).await;
            trail.end(result)
        })
        .await
    }

    async fn set_password_steps(&self, id: &UserId, new: Password, trail: &mut Trail) -> Result<bool, AuthError> {
        self.admit()?;
        let Some(user) = self.inner.stores.users.by_id(id).await? else { return Ok(false) };
        let new = self.new_password("new_password", new, &context(&user)).await?;
        let hash = self.ticket(Purpose::Change, &ClientInfo::default()).await?.hash(new).await?;
        let rule = EpochRule::New(Epoch::random(self.random())?);
        match self.inner.stores.users.set_password(id, None, &hash, rule).await? {
            Cas::Lost => Ok(false),
            Cas::Won => {
                self.forgive(user.username.as_str(), &ClientInfo::default()).await;
                self.credential_changed(&user, trail).await;
                Ok(true)
            }
        }
    }

    /// Lets an account sign in, or not. Either way every session and restoring link of it ends.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], [`AuthError::Internal`].
    pub async fn set_active(&self, id: &UserId, active: bool) -> Result<(), AuthError> {
        let mut trail = self.trail(Action::SetActive, &ClientInfo::default());
        trail.user(id.clone());
        let result = async {
            let epoch = Epoch::random(self.random())?;
            self.inner.stores.users.set_active(id, active, epoch).await?;
            self.inner.stores.sessions.revoke(Revoke::All(id)).await?;
            Ok(())
        };
        let result = result.instrument(trail.span()).await;
        trail.end(result)
    }

    /// Ends every session and every access token of an account, wherever the epoch is checked.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], [`AuthError::Internal`].
    pub async fn sign_out_everywhere(&self, id: &UserId) -> Result<(), AuthError> {
        let mut trail = self.trail(Action::SignOutEverywhere, &ClientInfo::default());
        trail.user(id.clone());
        let result = async {
            let epoch = Epoch::random(self.random())?;
            self.inner.stores.users.set_epoch(id, epoch).await?;
            self.inner.stores.sessions.revoke(Revoke::All(id)).await?;
            Ok(())
        };
        let result = result.instrument(trail.span()).await;
        trail.end(result)
    }

    /// The sessions of an account, the newest first.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], [`AuthError::Internal`].
    pub async fn sessions(&self, id: &UserId) -> Result<Vec<Session>, AuthError> {
        Ok(self.inner.stores.sessions.list(id).await?)
    }

    /// Ends one session of an account; whether there was one.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`], [`AuthError::Internal`].
    pub async fn end_session(&self, user: &UserId, session: &SessionId) -> Result<bool, AuthError> {
        let mut trail = self.trail(Action::SignOut, &ClientInfo::default());
        trail.user(user.clone());
        trail.session(session.clone());
        let ended = self.inner.stores.sessions.revoke(Revoke::One(user, session)).await;
        trail.end(ended.map(|count| count > 0).map_err(AuthError::from))
    }
}

fn context(user: &User) -> PolicyContext<'_> {
    PolicyContext { username: Some(user.username.as_str()), email: user.email.as_ref() }
}
