use tracing::Instrument as _;
use zeroize::Zeroizing;

use crate::account::{CanonicalEmail, EmailAddress, EmailFault, Epoch, User};
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::config::RestoreRequests;
use crate::error::{AuthError, FieldFault};
use crate::event::{Action, Trail};
use crate::mail::MessageKind;
use crate::password::{Password, PasswordHash, PolicyContext, Purpose};
use crate::restore::{LegacyRestoreToken, Opened, RestoreFault};
use crate::store::{Cas, PresentedRestore, RestoreProof, Revoke};

use super::password::TRIES_TO_REPLACE;

impl Auth {
    /// Asks for a mail with a restoring link. Known and unknown addresses cost and answer the
    /// same: one row in the outbox, and the worker finds out. When an address has had enough mails
    /// the answer stays the same, nothing is sent, and a link that was sent before stays good.
    ///
    /// # Errors
    /// [`AuthError::Field`] for a malformed address; [`AuthError::Throttled`] for a client that asks
    /// too often; [`AuthError::Unavailable`].
    pub async fn request_restore(&self, email: &str, client: &ClientInfo) -> Result<(), AuthError> {
        let mut trail = self.trail(Action::RestoreRequest, client);
        let span = trail.span();
        let result = self.request_restore_steps(email, client, &mut trail).instrument(span).await;
        trail.end(result)
    }

    async fn request_restore_steps(
        &self,
        email: &str,
        client: &ClientInfo,
        trail: &mut Trail,
    ) -> Result<(), AuthError> {
        self.admit()?;
        if email.is_empty() {
            return Err(AuthError::field("email", FieldFault::Missing));
        }
        let address = self.restore_address(email).map_err(|fault| AuthError::field("email", fault))?;
        let (kind, recipient) = (MessageKind::Restore, address.as_str());
        self.mail_within_limits(kind, recipient, trail, |limits| limits.mail_on_request(kind, recipient, client)).await
    }

    fn restore_address(&self, text: &str) -> Result<CanonicalEmail, EmailFault> {
        let parsed = EmailAddress::read(text, self.inner.settings.conduct.names);
        match (parsed, self.inner.settings.conduct.restore_requests) {
            (Ok(address), _) => Ok(address.canonical().clone()),
            (Err(fault), RestoreRequests::Addresses) => Err(fault),
            (Err(_), RestoreRequests::AnyText) => CanonicalEmail::of_any_text(text),
        }
    }

    /// Sets a new password with the token of a restoring link, once. Every session of the account
    /// ends, and nobody is signed in by it. A password that the policy refuses leaves the token
    /// usable.
    ///
    /// # Errors
    /// [`AuthError::RestoreToken`] for every way in which the token opens nothing;
    /// [`AuthError::Field`], [`AuthError::WeakPassword`], [`AuthError::Busy`],
    /// [`AuthError::Unavailable`].
    pub async fn restore(&self, token: &str, new_password: Password, client: &ClientInfo) -> Result<User, AuthError> {
        let (token, client) = (Zeroizing::new(token.to_owned()), client.clone());
        self.to_the_end(|auth| async move {
            let mut trail = auth.trail(Action::Restore, &client);
            let span = trail.span();
            let result = auth.restore_steps(&token, new_password, &client, &mut trail).instrument(span).await;
            trail.end(result)
        })
        .await
    }

    async fn restore_steps(
        &self,
        token: &str,
        new_password: Password,
        client: &ClientInfo,
        trail: &mut Trail,
    ) -> Result<User, AuthError> {
        self.admit()?;
        let password = self.bounded("new_password", new_password)?;
        let proof = self.restore_proof(token, trail).await?;
        let email = proof.email.clone();
        let context = PolicyContext { username: Some(&proof.username), email: email.as_ref() };
        let password = self.accepted_password("new_password", password, &context).await?;
        let hash = self.ticket(Purpose::Restore, client).await?.hash(password).await?;
        // Waiting for the hash may have taken the token over its life.
        self.open_restore_token(token)?;
        let user = self.write_restored(token, proof.written, &hash, trail).await?;
        self.forgive(user.username.as_str(), client).await;
        self.credential_changed(&user, trail).await;
        Ok(self.published(user))
    }

    /// The one write that decides. A sign-in that brought the hash up to date since it was read has
    /// changed no credential: the token is looked up once more, and written with what is there now.
    async fn write_restored(
        &self,
        token: &str,
        mut proof: RestoreProof,
        hash: &PasswordHash,
        trail: &mut Trail,
    ) -> Result<User, AuthError> {
        let epoch = Epoch::random(self.random())?;
        for _ in 0..TRIES_TO_REPLACE {
            if let Some(user) = self.inner.stores.users.restore_password(&proof, hash, epoch.clone()).await? {
                return Ok(user);
            }
            let now = self.restore_proof(token, trail).await?.written;
            if !is_upgraded(&proof, &now) {
                break;
            }
            proof = now;
        }
        Err(AuthError::RestoreToken(RestoreFault::Unknown))
    }

    /// Looked up before anything is hashed: a used token buys no hash.
    async fn restore_proof(&self, token: &str, trail: &mut Trail) -> Result<Proof, AuthError> {
        self.refuse_if_expired(token).await?;
        let opened = self.open_restore_token(token)?;
        let presented = opened.presented();
        let user = self.inner.stores.users.by_restoring_token(&presented).await?;
        let user = user
            .filter(|user| user.is_active && opened.is_bound_to(user))
            .ok_or(AuthError::RestoreToken(RestoreFault::Unknown))?;
        trail.user(user.id.clone());
        Ok(Proof {
            username: user.username.as_str().to_owned(),
            email: user.email.clone(),
            written: RestoreProof {
                user: user.id,
                digest: presented.digest,
                legacy: presented.legacy,
                password: user.password,
                email: user.email,
                epoch: user.epoch,
            },
        })
    }

    fn open_restore_token(&self, token: &str) -> Result<OpenedLink, AuthError> {
        if let Some(legacy) = self.legacy_restore_token(token) {
            return if legacy.has_expired(self.now()) {
                Err(AuthError::RestoreToken(RestoreFault::Expired))
            } else {
                Ok(OpenedLink::Legacy(legacy))
            };
        }
        let settings = &self.inner.settings;
        Ok(OpenedLink::Ours(settings.restore_keys.open(token, self.now(), settings.conduct.restore_life)?))
    }

    /// A token of the service before this one, where there is one.
    fn legacy_restore_token(&self, token: &str) -> Option<LegacyRestoreToken> {
        self.inner.takeover.as_ref()?;
        self.inner.settings.restore_keys.legacy(token, self.now())
    }

    /// As that service did: its expired token leaves the column with the first try, and is then as
    /// unknown as one that never stood there.
    async fn refuse_if_expired(&self, token: &str) -> Result<(), AuthError> {
        let expired = self.legacy_restore_token(token).filter(|legacy| legacy.has_expired(self.now()));
        let (Some(takeover), Some(expired)) = (&self.inner.takeover, expired) else { return Ok(()) };
        Err(AuthError::RestoreToken(match takeover.store.forget_restoring_token(&expired).await? {
            Cas::Won => RestoreFault::Expired,
            Cas::Lost => RestoreFault::Unknown,
        }))
    }

    /// After the write that changed a credential: its sessions are dead by the epoch already, so
    /// failing to forget them or to queue the notice must not undo the answer.
    pub(crate) async fn credential_changed(&self, user: &User, trail: &mut Trail) {
        if let Err(error) = self.inner.stores.sessions.revoke(Revoke::All(&user.id)).await {
            tracing::warn!(target: "auth", %error, "ended sessions could not be removed");
        }
        if user.email.is_none() || !self.inner.settings.conduct.password_notice {
            return;
        }
        let (kind, recipient) = (MessageKind::PasswordChanged, user.id.as_str());
        let queued = self.mail_within_limits(kind, recipient, trail, |limits| [limits.notice(kind, recipient)]);
        if let Err(error) = queued.await {
            tracing::error!(target: "auth", %error, "the notice of a changed password could not be queued");
        }
    }
}

/// Whether nothing but the form of the hash is new: every change of a credential begins an epoch.
fn is_upgraded(read: &RestoreProof, now: &RestoreProof) -> bool {
    let same = (&read.user, &read.email, &read.epoch) == (&now.user, &now.email, &now.epoch);
    same && read.password != now.password
}

/// A restoring token whose seal and age were checked.
enum OpenedLink {
    Ours(Opened),
    Legacy(LegacyRestoreToken),
}

impl OpenedLink {
    fn presented(&self) -> PresentedRestore {
        match self {
            Self::Ours(opened) => PresentedRestore { digest: opened.digest().clone(), legacy: None },
            Self::Legacy(token) => PresentedRestore { digest: token.digest(), legacy: Some(token.clone()) },
        }
    }

    /// A token of the service before this one is bound by the column alone.
    fn is_bound_to(&self, user: &User) -> bool {
        match self {
            Self::Ours(opened) => opened.is_bound_to(user),
            Self::Legacy(_) => true,
        }
    }
}

struct Proof {
    username: String,
    email: Option<EmailAddress>,
    written: RestoreProof,
}
