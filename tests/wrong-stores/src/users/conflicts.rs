//! Accounts that are found first and inserted afterwards, and conflicts that are told wrongly.

use async_trait::async_trait;
use auth_core::account::{Login, NewUser, User, UserId, Username};
use auth_core::store::{MemoryStore, StoreError, Unique, UserStore};
use tokio::task::yield_now;

use crate::WrongStore;
use crate::delegate::{UserFault, wrong};

pub(crate) fn all() -> Vec<WrongStore<dyn UserStore>> {
    vec![
        wrong!(FindsTheNameThenInserts: "finds the name, then inserts; what the index refuses then is a failure"
            lacks sign_ups_of_one_name),
        wrong!(FindsTheAddressThenInserts: "finds the address, then inserts; what the index refuses then is a failure"
            lacks sign_ups_of_one_address),
        wrong!(SwallowsAConflict: "takes a refused address for a success"
            lacks a_taken_address_is_a_conflict, sign_ups_of_one_address),
        wrong!(NamesTheWrongField: "tells a taken address as a taken name"
            lacks a_taken_address_is_a_conflict, sign_ups_of_one_address),
        wrong!(TellsTheAddressFirst: "tells the address where both are taken"
            lacks the_name_is_told_first_where_both_are_taken),
        wrong!(KeepsTheAddressOfARefusedName: "keeps the address of an account whose name was refused"
            lacks a_conflict_leaves_nothing_behind),
    ]
}

/// What the index says after a look has found nothing, where nobody thought that it could.
fn unforeseen(unique: Unique) -> impl Fn(StoreError) -> StoreError {
    move |error| match error {
        StoreError::Conflict(refused) if refused == unique => StoreError::backend("a constraint failed"),
        other => other,
    }
}

#[derive(Default)]
struct FindsTheNameThenInserts;

#[async_trait]
impl UserFault for FindsTheNameThenInserts {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        if memory.by_login(&new.login).await?.is_some() {
            return Err(StoreError::Conflict(Unique::Login));
        }
        yield_now().await;
        memory.insert(new).await.map_err(unforeseen(Unique::Login))
    }
}

#[derive(Default)]
struct FindsTheAddressThenInserts;

#[async_trait]
impl UserFault for FindsTheAddressThenInserts {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        if memory.by_login(&new.login).await?.is_some() {
            return Err(StoreError::Conflict(Unique::Login));
        }
        if let Some(address) = &new.email
            && memory.by_email(address.canonical()).await?.is_some()
        {
            return Err(StoreError::Conflict(Unique::Email));
        }
        yield_now().await;
        memory.insert(new).await.map_err(unforeseen(Unique::Email))
    }
}

#[derive(Default)]
struct SwallowsAConflict;

#[async_trait]
impl UserFault for SwallowsAConflict {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        match memory.insert(new.clone()).await {
            Err(StoreError::Conflict(Unique::Email)) => Ok(new.into_user()),
            inserted => inserted,
        }
    }
}

#[derive(Default)]
struct NamesTheWrongField;

#[async_trait]
impl UserFault for NamesTheWrongField {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        memory.insert(new).await.map_err(|error| match error {
            StoreError::Conflict(_) => StoreError::Conflict(Unique::Login),
            other => other,
        })
    }
}

#[derive(Default)]
struct TellsTheAddressFirst;

#[async_trait]
impl UserFault for TellsTheAddressFirst {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        let address = new.email.clone();
        match (memory.insert(new).await, address) {
            (Err(StoreError::Conflict(_)), Some(address)) if memory.by_email(address.canonical()).await?.is_some() => {
                Err(StoreError::Conflict(Unique::Email))
            }
            (inserted, _) => inserted,
        }
    }
}

#[derive(Default)]
struct KeepsTheAddressOfARefusedName;

#[async_trait]
impl UserFault for KeepsTheAddressOfARefusedName {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        let mut remains = new.clone();
        let inserted = memory.insert(new).await;
        if let (Err(StoreError::Conflict(Unique::Login)), Some(address)) = (&inserted, remains.email.clone())
            && let Some(name) = Login::parse(address.as_str())
        {
            remains.id = UserId::stored(address.as_str());
            remains.username = Username::from(&address);
            remains.login = name;
            let _ = memory.insert(remains).await;
        }
        inserted
    }
}
