//! A session and its account, read by a statement that joins them otherwise.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use auth_core::account::User;
use auth_core::session::{Session, SessionId};
use auth_core::store::{IntoStores as _, JointStore, MemoryStore, SessionStore, StoreError, Stores, UserStore};

use crate::WrongStore;
use crate::delegate::{Faulty, SessionFault, UserFault};

pub(crate) fn all() -> Vec<WrongStore<Stores>> {
    vec![
        WrongStore {
            wrong: "joins so that a session without an account is none",
            lacks: &["a_session_without_an_account_is_still_read"],
            make: || make(JoinsInside),
        },
        WrongStore {
            wrong: "reads the epoch of the account as that of the session",
            lacks: &["a_session_is_read_with_its_account", "what_is_read_together_is_of_this_moment"],
            make: || make(MistakesTheEpoch),
        },
        WrongStore {
            wrong: "joins the account that it has read before",
            lacks: &["a_session_is_read_with_its_account", "what_is_read_together_is_of_this_moment"],
            make: || make(JoinsTheOneBefore::default()),
        },
        WrongStore {
            wrong: "remembers what it has read",
            lacks: &["what_is_read_together_is_of_this_moment"],
            make: || make(Remembers::default()),
        },
    ]
}

fn make<F: JointFault>(fault: F) -> Arc<Stores> {
    let memory = MemoryStore::default();
    let mut stores = memory.clone().into_stores();
    let faulty = Arc::new(Faulty { memory, fault });
    stores.users = faulty.clone();
    stores.sessions = faulty;
    Arc::new(stores)
}

type Pair = (Session, Option<User>);

/// What is wrong about a pair.
trait JointFault: UserFault + SessionFault {
    fn pair(&self, id: &SessionId, right: Option<Pair>) -> Option<Pair>;
}

#[async_trait]
impl<F: JointFault> JointStore for Faulty<F> {
    async fn session_and_user(&self, id: &SessionId) -> Result<Option<Pair>, StoreError> {
        let Some(session) = self.memory.get(id).await? else { return Ok(self.fault.pair(id, None)) };
        let user = self.memory.by_id(&session.user).await?;
        Ok(self.fault.pair(id, Some((session, user))))
    }
}

/// A fault that has no other.
macro_rules! joins {
    ($fault:ident, $wrongly:expr) => {
        impl JointFault for $fault {
            fn pair(&self, id: &SessionId, right: Option<Pair>) -> Option<Pair> {
                let wrongly: fn(&Self, &SessionId, Option<Pair>) -> Option<Pair> = $wrongly;
                wrongly(self, id, right)
            }
        }

        impl SessionFault for $fault {}

        impl UserFault for $fault {
            fn joint<'a>(&self, store: &'a Faulty<Self>) -> Option<&'a dyn JointStore> {
                Some(store)
            }
        }
    };
}

struct JoinsInside;

joins!(JoinsInside, |_, _, pair| pair.filter(|(_, user)| user.is_some()));

struct MistakesTheEpoch;

joins!(MistakesTheEpoch, |_, _, pair| {
    pair.map(|(session, user)| {
        let epoch = user.as_ref().map_or(session.epoch, |user| user.epoch.clone());
        (Session { epoch, ..session }, user)
    })
});

#[derive(Default)]
struct JoinsTheOneBefore(Mutex<Option<User>>);

joins!(JoinsTheOneBefore, |before, _, pair| {
    pair.map(|(session, user)| {
        let user = user
            .map(|user| before.0.lock().unwrap_or_else(PoisonError::into_inner).replace(user.clone()).unwrap_or(user));
        (session, user)
    })
});

#[derive(Default)]
struct Remembers(Mutex<HashMap<SessionId, Pair>>);

joins!(Remembers, |all, id, pair| {
    let mut all = all.0.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(pair) = pair else { return all.get(id).cloned() };
    Some(all.entry(id.clone()).or_insert(pair).clone())
});
