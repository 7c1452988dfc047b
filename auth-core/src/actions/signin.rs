use tracing::Instrument as _;

use super::pace::Pace;
use crate::account::{Login, User};
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::clock::Timestamp;
use crate::error::{AuthError, FieldFault};
use crate::event::{Action, Trail};
use crate::password::{Approach, BoundedPassword, Password, PasswordHash, Proven, Purpose, Verification, Verified};
use crate::session::{NewSession, SessionId};
use crate::store::{Cas, EpochRule};
use crate::token::AccessToken;

/// Who somebody says they are, and the password that proves it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// A username, or the address of an account that has its address as name.
    pub username: String,
    /// The password.
    pub password: Password,
}

impl Credentials {
    /// A name and a password as they were sent.
    #[must_use]
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self { username: username.into(), password: Password::new(password) }
    }
}

/// A new session.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SignedIn {
    /// The token, to be shown as `Authorization: Bearer`.
    pub token: AccessToken,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// The session, for a list of sessions.
    pub session: SessionId,
    /// Whose session it is.
    pub user: User,
}

impl Auth {
    /// Opens a session for the right password.
    ///
    /// # Errors
    /// [`AuthError::Credentials`] for every way in which name and password open nothing, after the
    /// same work; [`AuthError::Field`] for an empty name and an empty or over-long password;
    /// [`AuthError::Throttled`] before anything is looked up or hashed; [`AuthError::Busy`],
    /// [`AuthError::Unavailable`].
    pub async fn signin(&self, credentials: Credentials, client: &ClientInfo) -> Result<SignedIn, AuthError> {
        let mut trail = self.trail(Action::SignIn, client);
        let mut pace = Pace::default();
        let span = trail.span();
        let result = self.signin_steps(credentials, client, &mut trail, &mut pace).instrument(span).await;
        // The event first: whoever hangs up while the answer waits has failed all the same.
        let result = trail.end(result);
        pace.hold().await;
        result
    }

    async fn signin_steps(
        &self,
        credentials: Credentials,
        client: &ClientInfo,
        trail: &mut Trail,
        pace: &mut Pace,
    ) -> Result<SignedIn, AuthError> {
        self.admit()?;
        if credentials.username.is_empty() {
            return Err(AuthError::field("username", FieldFault::Missing));
        }
        let password = self.bounded("password", credentials.password)?;
        let username = credentials.username;
        let approach = self.approach(Purpose::SignIn, client)?;
        let attempt = self.begin_attempt(|limits| limits.password(&username, client)).await?;
        let verified = self.verify(approach, &username, password, trail).await;
        let Verified { verification, computed } = self.judged(attempt, verified).await?;
        match verification {
            Verification::Refused(refusal) => {
                *pace = Pace::after(computed, self.inner.settings.failed_signin_step);
                Err(AuthError::Credentials(refusal))
            }
            Verification::Proven { proven, upgrade } => {
                self.upgrade_hash(&proven, upgrade).await;
                let signed_in = self.open_session(proven, client).await?;
                trail.session(signed_in.session.clone());
                Ok(signed_in)
            }
        }
    }

    async fn verify(
        &self,
        approach: Approach,
        username: &str,
        password: BoundedPassword,
        trail: &mut Trail,
    ) -> Result<Verified, AuthError> {
        let ticket = self.arrive(approach).await?;
        let user = match Login::read(username, self.inner.settings.conduct.names) {
            Some(login) => self.inner.stores.users.by_login(&login).await?,
            None => None,
        };
        if let Some(user) = &user {
            trail.user(user.id.clone());
        }
        Ok(ticket.verify(user, password).await?)
    }

    /// Stores the hash in its present form, unless somebody changed the password meanwhile. A
    /// failure costs nothing: the next sign-in tries again.
    async fn upgrade_hash(&self, proven: &Proven, upgrade: Option<PasswordHash>) {
        let Some(hash) = upgrade else { return };
        let user = proven.user();
        match self.inner.stores.users.set_password(&user.id, Some(&user.password), &hash, EpochRule::Keep).await {
            Ok(Cas::Won | Cas::Lost) => {}
            Err(error) => tracing::warn!(target: "auth", %error, "a password hash could not be upgraded"),
        }
    }

    /// The only way to a session: by the proof of a credential.
    pub(crate) async fn open_session(&self, proven: Proven, client: &ClientInfo) -> Result<SignedIn, AuthError> {
        let now = self.now();
        let new = NewSession::open(&proven, client.clone(), now, &self.inner.settings.lifetimes, self.random())?;
        let session = new.record().clone();
        let token = self.mint(&session)?;
        self.inner.stores.sessions.open(new).await?;
        let mut user = proven.into_user();
        if self.inner.settings.conduct.records_last_login {
            self.inner.stores.users.signed_in(&session.user, now).await?;
            user.last_login = Some(now);
        }
        Ok(SignedIn { token, expires_at: session.current.expires_at, session: session.id, user: self.published(user) })
    }
}
