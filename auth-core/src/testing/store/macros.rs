//! The suite as tests of a host: one line makes a `#[test]` of every property.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

use super::{Property, attempts, joint, outbox, sessions, users};
use crate::store::{IntoStores, Stores, UserStore};

/// How often a race is run in a test.
pub const ROUNDS: u32 = 20;

/// Makes a `#[test]` of every property of a [`UserStore`], each under its own name and on a store
/// of its own.
///
/// The argument is an `async fn()` that makes an empty store. It returns the store; or an array of
/// stores, which are instances on one database, so that the races run between them; or a pair of
/// either and whatever must live as long, for instance a temporary folder.
///
/// The crate needs `auth-core` with the feature `testing` as a dev-dependency and no other: the
/// tests bring their own Tokio runtime.
///
/// ```
/// use auth_core::store::MemoryStore;
///
/// auth_core::user_store_suite!(fresh);
///
/// async fn fresh() -> [MemoryStore; 2] {
///     let store = MemoryStore::default();
///     [store.clone(), store]
/// }
/// # fresh();
/// ```
#[macro_export]
macro_rules! user_store_suite {
    ($fresh:expr) => {
        $crate::__user_store_properties! { { $crate::__store_tests } try_users $fresh; }
    };
}

/// Makes a `#[test]` of every property of all stores, as [`user_store_suite!`](crate::user_store_suite)
/// does for accounts. What the function returns is anything that is [`IntoStores`]: one store that
/// keeps everything, or [`Stores`].
///
/// ```
/// use auth_core::store::MemoryStore;
///
/// auth_core::store_suite!(fresh);
///
/// async fn fresh() -> MemoryStore {
///     MemoryStore::default()
/// }
/// # fresh();
/// ```
#[macro_export]
macro_rules! store_suite {
    ($fresh:expr) => {
        $crate::__user_store_properties! { { $crate::__store_tests } try_stores $fresh; }
        $crate::__session_store_properties! { { $crate::__store_tests } try_stores $fresh; }
        $crate::__joint_properties! { { $crate::__store_tests } try_stores $fresh; }
        $crate::__outbox_store_properties! { { $crate::__store_tests } try_stores $fresh; }
        $crate::__attempt_store_properties! { { $crate::__store_tests } try_stores $fresh; }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __store_tests {
    ($run:ident $fresh:expr; promises { $($promise:ident)* } races { $($race:ident)* }) => {
        $(#[test] fn $promise() { $crate::testing::store::$run(stringify!($promise), $fresh); })*
        $(#[test] fn $race() { $crate::testing::store::$run(stringify!($race), $fresh); })*
    };
}

/// What the function of a suite returns: instances of one store, and what must live as long.
#[doc(hidden)]
pub trait Fresh<T> {
    fn apart(self) -> (Vec<T>, Box<dyn Any>);
}

macro_rules! fresh {
    ($instance:ty, $store:ident, $wrap:expr) => {
        impl<S: $store> Fresh<$instance> for S {
            fn apart(self) -> (Vec<$instance>, Box<dyn Any>) {
                (self, ()).apart()
            }
        }

        impl<S: $store, const N: usize> Fresh<$instance> for [S; N] {
            fn apart(self) -> (Vec<$instance>, Box<dyn Any>) {
                (self, ()).apart()
            }
        }

        impl<S: $store, K: 'static> Fresh<$instance> for (S, K) {
            fn apart(self) -> (Vec<$instance>, Box<dyn Any>) {
                ([self.0], self.1).apart()
            }
        }

        impl<S: $store, K: 'static, const N: usize> Fresh<$instance> for ([S; N], K) {
            fn apart(self) -> (Vec<$instance>, Box<dyn Any>) {
                (self.0.into_iter().map($wrap).collect(), Box::new(self.1))
            }
        }
    };
}

fresh!(Arc<dyn UserStore>, UserStore, |store| Arc::new(store) as Arc<dyn UserStore>);
fresh!(Stores, IntoStores, IntoStores::into_stores);

/// Tries the property of this name on a fresh store of accounts.
#[doc(hidden)]
pub fn try_users<F>(name: &str, fresh: impl FnOnce() -> F)
where
    F: Future<Output: Fresh<Arc<dyn UserStore>>>,
{
    let property = find(users::PROPERTIES, name).expect("a property of a store of accounts");
    on_threads(async {
        let (instances, _kept) = fresh().await.apart();
        property.hold(&instances, ROUNDS).await;
    });
}

/// Tries the property of this name on fresh stores.
#[doc(hidden)]
pub fn try_stores<F>(name: &str, fresh: impl FnOnce() -> F)
where
    F: Future<Output: Fresh<Stores>>,
{
    on_threads(async {
        let (instances, _kept) = fresh().await.apart();
        if let Some(property) = find(users::PROPERTIES, name) {
            property.hold(&each(&instances, |stores| stores.users.clone()), ROUNDS).await;
        } else if let Some(property) = find(sessions::PROPERTIES, name) {
            property.hold(&each(&instances, |stores| stores.sessions.clone()), ROUNDS).await;
        } else if let Some(property) = find(joint::PROPERTIES, name) {
            property.hold(&each(&instances, |stores| Arc::new(stores.clone())), ROUNDS).await;
        } else if let Some(property) = find(outbox::PROPERTIES, name) {
            property.hold(&each(&instances, |stores| stores.outbox.clone()), ROUNDS).await;
        } else {
            let property = find(attempts::PROPERTIES, name).expect("a property of a store");
            property.hold(&each(&instances, |stores| stores.attempts.clone()), ROUNDS.div_ceil(10)).await;
        }
    });
}

fn find<S: ?Sized>(properties: &'static [Property<S>], name: &str) -> Option<&'static Property<S>> {
    properties.iter().find(|property| property.name() == name)
}

/// One trait of each instance.
pub(super) fn each<S: ?Sized>(instances: &[Stores], of: impl Fn(&Stores) -> Arc<S>) -> Vec<Arc<S>> {
    instances.iter().map(of).collect()
}

/// Threads of its own, so that the races are real.
fn on_threads(trial: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    runtime.expect("a runtime").block_on(trial);
}
