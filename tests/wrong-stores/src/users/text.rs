//! Names that are compared or kept otherwise than byte by byte.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use auth_core::account::{Login, NewUser, User, Username};
use auth_core::store::{MemoryStore, StoreError, Unique, UserStore};

use crate::WrongStore;
use crate::delegate::{UserFault, wrong};

pub(crate) fn all() -> Vec<WrongStore<dyn UserStore>> {
    vec![
        wrong!(ComparesAsWritten: "compares names as they were written"
            lacks a_name_is_found_in_any_spelling_and_shown_as_given),
        wrong!(PadsNames: "compares names as a collation does that pads with spaces"
            lacks names_are_compared_byte_by_byte),
        wrong!(ComparesWithLike: "compares names with LIKE" lacks a_wildcard_in_a_name_stands_for_itself),
        wrong!(CutsLongNames: "cuts a name to its column" lacks an_over_long_text_is_kept_whole_or_refused),
        wrong!(CutsAtNul: "cuts a name at a NUL" lacks a_nul_does_no_harm),
        wrong!(HidesTheInactive: "hides inactive accounts" lacks an_inactive_account_is_still_found),
    ]
}

#[derive(Default)]
struct ComparesAsWritten;

#[async_trait]
impl UserFault for ComparesAsWritten {
    async fn by_login(&self, memory: &MemoryStore, login: &Login) -> Result<Option<User>, StoreError> {
        let is_an_address = login.given().contains('@');
        let found = memory.by_login(login).await?;
        Ok(found.filter(|user| is_an_address || user.username.as_str() == login.given()))
    }
}

#[derive(Default)]
struct PadsNames;

#[async_trait]
impl UserFault for PadsNames {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        let unpadded = Login::parse(new.login.given().trim_end_matches(' '));
        match unpadded {
            Some(name) if memory.by_login(&name).await?.is_some() => Err(StoreError::Conflict(Unique::Login)),
            _ => memory.insert(new).await,
        }
    }
}

#[derive(Default)]
struct ComparesWithLike(Mutex<Vec<Login>>);

#[async_trait]
impl UserFault for ComparesWithLike {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(new.login.clone());
        memory.insert(new).await
    }

    async fn by_login(&self, memory: &MemoryStore, login: &Login) -> Result<Option<User>, StoreError> {
        let Some(begin) = login.canonical().strip_suffix('%') else { return memory.by_login(login).await };
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match names.iter().find(|name| name.canonical().starts_with(begin)) {
            Some(name) => memory.by_login(name).await,
            None => Ok(None),
        }
    }
}

#[derive(Default)]
struct CutsLongNames;

#[async_trait]
impl UserFault for CutsLongNames {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        let cut: String = new.username.as_str().chars().take(254).collect();
        let mut new = new;
        new.username = Username::stored(cut);
        memory.insert(new).await
    }
}

#[derive(Default)]
struct CutsAtNul;

#[async_trait]
impl UserFault for CutsAtNul {
    async fn insert(&self, memory: &MemoryStore, new: NewUser) -> Result<User, StoreError> {
        let cut = new.username.as_str().split('\0').next().unwrap_or_default().to_owned();
        let mut new = new;
        new.username = Username::stored(cut);
        memory.insert(new).await
    }
}

#[derive(Default)]
struct HidesTheInactive;

#[async_trait]
impl UserFault for HidesTheInactive {
    async fn by_login(&self, memory: &MemoryStore, login: &Login) -> Result<Option<User>, StoreError> {
        Ok(memory.by_login(login).await?.filter(|user| user.is_active))
    }
}
