use crate::account::{CanonicalEmail, User, UserId};
use crate::auth::Auth;
use crate::error::AuthError;
use crate::mail::{Mail, Message, MessageId, MessageKind};
use crate::store::Job;

/// What became of a job before anything is sent.
pub(super) enum Composed {
    /// A mail to the stored address of an account.
    Mail(Mail),
    /// No active account has the address: nobody is written to.
    Nobody,
    /// The mail is no news any more, or its link would be dead.
    Stale,
    /// The row was sealed with a key that is no longer configured.
    Unreadable,
}

impl Auth {
    /// Finds the account and writes the mail. A restoring mail makes its token the one live token
    /// of the account; a second attempt makes the same one.
    pub(super) async fn compose(&self, job: &Job) -> Result<Composed, AuthError> {
        let Some(recipient) = self.inner.settings.restore_keys.unseal(&job.sealed) else {
            return Ok(Composed::Unreadable);
        };
        let user = match job.kind {
            MessageKind::PasswordChanged => self.inner.stores.users.by_id(&UserId::stored(recipient)).await?,
            _ => self.inner.stores.users.by_email(&CanonicalEmail::stored(recipient)).await?,
        };
        match user.filter(|user| user.is_active && user.email.is_some()) {
            None => Ok(Composed::Nobody),
            Some(_) if self.is_stale(job) => Ok(Composed::Stale),
            Some(user) if job.kind == MessageKind::Restore => self.compose_restore(job, &user).await,
            Some(user) => self.mail(job, &user, &notice(job.kind, &user)),
        }
    }

    async fn compose_restore(&self, job: &Job, user: &User) -> Result<Composed, AuthError> {
        let settings = &self.inner.settings;
        let id = settings.restore_keys.restore_id(&job.id);
        self.inner.stores.users.set_restoring_token(&user.id, Some(&id.digest())).await?;
        let token = settings.restore_keys.mint(&id, user, job.created_at)?;
        let link = settings.restore_url.link(token.expose());
        let expires_in = settings.conduct.restore_life;
        self.mail(job, user, &Message::Restore { username: &user.username, link: &link, expires_in })
    }

    /// To the stored address, never to one from a request.
    fn mail(&self, job: &Job, user: &User, message: &Message<'_>) -> Result<Composed, AuthError> {
        let settings = &self.inner.settings;
        let Some(to) = user.email.clone() else { return Ok(Composed::Nobody) };
        let rendered = settings.templates.render(message).map_err(|error| AuthError::Internal(error.into()))?;
        let message_id = MessageId::derived(job.id.as_str(), &settings.sender);
        Ok(Composed::Mail(Mail::new(settings.sender.clone(), to, rendered, message_id, self.now())))
    }
}

fn notice(kind: MessageKind, user: &User) -> Message<'_> {
    let username = &user.username;
    match kind {
        MessageKind::AddressTaken => Message::AddressTaken { username },
        MessageKind::Welcome => Message::Welcome { username },
        MessageKind::Restore | MessageKind::PasswordChanged => Message::PasswordChanged { username },
    }
}
