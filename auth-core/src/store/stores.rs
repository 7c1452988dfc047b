use std::ptr;
use std::sync::Arc;

use super::{AttemptStore, OutboxStore, SessionStore, StoreError, TakeoverStore, UserStore};
use crate::account::User;
use crate::session::{Session, SessionId};

/// The stores that one [`Auth`](crate::Auth) works on.
#[derive(Clone)]
#[non_exhaustive]
pub struct Stores {
    /// Accounts.
    pub users: Arc<dyn UserStore>,
    /// Sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Mail jobs.
    pub outbox: Arc<dyn OutboxStore>,
    /// Counts of attempts.
    pub attempts: Arc<dyn AttemptStore>,
    /// The tokens of another service on the same table, where there is one.
    pub takeover: Option<Arc<dyn TakeoverStore>>,
}

impl Stores {
    /// Accounts in a table of your own, everything else in a shipped store beside it.
    pub fn new(users: impl UserStore, rest: impl SessionStore + AttemptStore + OutboxStore) -> Self {
        let rest = Arc::new(rest);
        let users = Arc::new(users);
        Self { users, sessions: rest.clone(), outbox: rest.clone(), attempts: rest, takeover: None }
    }

    /// A session and its account: in one go where one store keeps both and can.
    ///
    /// # Errors
    /// As [`SessionStore::get`] and [`UserStore::by_id`].
    pub async fn session_and_user(&self, id: &SessionId) -> Result<Option<(Session, Option<User>)>, StoreError> {
        // A field of its own would outlive a change of the others, which are public: this store
        // joins its own accounts to its own sessions, whatever stands there now.
        let one_store = ptr::addr_eq(Arc::as_ptr(&self.users), Arc::as_ptr(&self.sessions));
        if one_store && let Some(joint) = self.users.joint() {
            let pair = joint.session_and_user(id).await?;
            let is_asked_for = |(session, user): &(Session, Option<User>)| {
                session.id == *id && user.as_ref().is_none_or(|user| user.id == session.user)
            };
            return if pair.as_ref().is_none_or(is_asked_for) {
                Ok(pair)
            } else {
                Err(StoreError::backend("another session or account than the one asked for"))
            };
        }
        let Some(session) = self.sessions.get(id).await? else { return Ok(None) };
        let user = self.users.by_id(&session.user).await?;
        Ok(Some((session, user)))
    }

    /// Counts attempts elsewhere: for instance where several servers share the counts.
    #[must_use]
    pub fn with_attempts(self, attempts: impl AttemptStore) -> Self {
        Self { attempts: Arc::new(attempts), ..self }
    }

    /// And what is known of the tokens of the service from which this one takes over.
    #[must_use]
    pub fn with_takeover(self, takeover: impl TakeoverStore) -> Self {
        Self { takeover: Some(Arc::new(takeover)), ..self }
    }
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stores")
    }
}

/// What `Auth::builder` takes: [`Stores`], or one store that keeps everything.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not keep everything that `Auth` needs",
    label = "not a complete store",
    note = "a table of your own keeps the users: write `Stores::new(users, shipped_store)`, where the shipped store (for instance `auth_sqlx::SqlStore`) keeps sessions, mail jobs and counts of attempts beside it"
)]
pub trait IntoStores {
    /// The stores, each behind its trait.
    fn into_stores(self) -> Stores;
}

impl IntoStores for Stores {
    fn into_stores(self) -> Stores {
        self
    }
}

impl<S: UserStore + SessionStore + AttemptStore + OutboxStore> IntoStores for S {
    fn into_stores(self) -> Stores {
        let store = Arc::new(self);
        let (users, sessions, outbox) = (store.clone(), store.clone(), store.clone());
        Stores { users, sessions, outbox, attempts: store, takeover: None }
    }
}
