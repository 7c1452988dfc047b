//! A session and its account, read by a statement that joins them otherwise.

use std::sync::Arc;

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
            lacks: &["a_session_is_read_with_its_account"],
            make: || make(MistakesTheEpoch),
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
    fn pair(right: Option<Pair>) -> Option<Pair>;
}

#[async_trait]
impl<F: JointFault> JointStore for Faulty<F> {
    async fn session_and_user(&self, id: &SessionId) -> Result<Option<Pair>, StoreError> {
        let Some(session) = self.memory.get(id).await? else { return Ok(F::pair(None)) };
        let user = self.memory.by_id(&session.user).await?;
        Ok(F::pair(Some((session, user))))
    }
}

/// A fault that has no other.
macro_rules! joins {
    ($fault:ident, $wrongly:expr) => {
        impl JointFault for $fault {
            fn pair(right: Option<Pair>) -> Option<Pair> {
                let wrongly: fn(Option<Pair>) -> Option<Pair> = $wrongly;
                wrongly(right)
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

joins!(JoinsInside, |pair| pair.filter(|(_, user)| user.is_some()));

struct MistakesTheEpoch;

joins!(MistakesTheEpoch, |pair| {
    pair.map(|(session, user)| {
        let epoch = user.as_ref().map_or(session.epoch, |user| user.epoch.clone());
        (Session { epoch, ..session }, user)
    })
});
