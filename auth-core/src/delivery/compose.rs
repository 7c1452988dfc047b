use crate::account::{CanonicalEmail, User, UserId};
use crate::auth::Auth;
use crate::error::AuthError;
use crate::mail::{Link, Mail, Message, MessageId, MessageKind};
use crate::store::Job;

/// The recipient of a row that becomes no mail: no account has an empty address or id.
pub(super) const NOBODY: &str = "";

/// Whom a job is for.
pub(super) enum Addressee {
    /// An active account with an address.
    Account(Box<User>),
    /// No active account has the address: nobody is written to.
    Nobody,
    /// The mail is no news any more, or its link would be dead.
    Stale,
    /// The row was sealed with a key that is no longer configured.
    Unreadable,
}

impl Auth {
    /// Finds the account that a mail is for.
    pub(super) async fn addressee(&self, job: &Job) -> Result<Addressee, AuthError> {
        let Some(recipient) = self.inner.settings.restore_keys.unseal(&job.sealed) else {
            return Ok(Addressee::Unreadable);
        };
        let user = match job.kind {
            _ if recipient == NOBODY => None,
            MessageKind::PasswordChanged => self.inner.stores.users.by_id(&UserId::stored(recipient)).await?,
            _ => self.inner.stores.users.by_email(&CanonicalEmail::stored(recipient)).await?,
        };
        Ok(match user.filter(|user| user.is_active && user.email.is_some()) {
            None => Addressee::Nobody,
            Some(_) if self.is_stale(job) => Addressee::Stale,
            Some(user) => Addressee::Account(Box::new(user)),
        })
    }

    /// Writes the mail to the stored address, never to one from a request; `None` without one. A
    /// restoring mail makes its token the one live token of the account; a second attempt makes the
    /// same one.
    pub(super) async fn compose(&self, job: &Job, user: &User) -> Result<Option<Mail>, AuthError> {
        let Some(to) = user.email.clone() else { return Ok(None) };
        let settings = &self.inner.settings;
        let rendered = if job.kind == MessageKind::Restore {
            let link = self.live_link(job, user).await?;
            let expires_in = settings.conduct.restore_life;
            settings.templates.render(&Message::Restore { username: &user.username, link: &link, expires_in })
        } else {
            settings.templates.render(&notice(job.kind, user))
        };
        let rendered = rendered.map_err(|error| AuthError::Internal(error.into()))?;
        let message_id = MessageId::derived(job.id.as_str(), &settings.sender);
        Ok(Some(Mail::new(settings.sender.clone(), to, rendered, message_id, self.now())))
    }

    async fn live_link(&self, job: &Job, user: &User) -> Result<Link, AuthError> {
        let settings = &self.inner.settings;
        let id = settings.restore_keys.restore_id(&job.id);
        self.inner.stores.users.set_restoring_token(&user.id, Some(&id.digest())).await?;
        let token = settings.restore_keys.mint(&id, user, job.created_at)?;
        Ok(settings.restore_url.link(token.expose()))
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
