//! What is unique, and how a refusal is told.

use crate::account::NewUser;
use crate::store::{StoreError, Unique, UserStore};
use crate::testing::store::actors::{id, newcomer, newcomer_with_email, sign_up};

/// In any spelling; the index decides.
pub async fn a_taken_name_is_a_conflict(users: &dyn UserStore) {
    sign_up(users, newcomer_with_email("Taken na\u{ef}vely", "taken.name@example.org")).await;
    let same_name = newcomer_with_email("TAKEN NA\u{cf}VELY", "free@example.org").renewed("1");
    assert_eq!(refusal(users, same_name).await, Some(Unique::Login));
}

/// In any spelling, by any name; the index decides.
pub async fn a_taken_address_is_a_conflict(users: &dyn UserStore) {
    sign_up(users, newcomer_with_email("taken address", "taken@b\u{fc}cher.example")).await;
    let same_address = newcomer_with_email("untaken", "Taken@XN--BCHER-KVA.example");
    assert_eq!(refusal(users, same_address).await, Some(Unique::Email));
}

/// Whichever index a database looks at first.
pub async fn the_name_is_told_first_where_both_are_taken(users: &dyn UserStore) {
    sign_up(users, newcomer_with_email("both", "both@example.org")).await;
    let both = newcomer_with_email("both", "both@example.org").renewed("1");
    assert_eq!(refusal(users, both).await, Some(Unique::Login));
    sign_up(users, newcomer_with_email("name of one", "one@example.org")).await;
    sign_up(users, newcomer_with_email("name of two", "two@example.org")).await;
    let of_two = newcomer_with_email("name of one", "two@example.org").renewed("2");
    assert_eq!(refusal(users, of_two).await, Some(Unique::Login));
}

/// A refused insert takes neither the name nor the address.
pub async fn a_conflict_leaves_nothing_behind(users: &dyn UserStore) {
    sign_up(users, newcomer_with_email("first", "first@example.org")).await;
    let _ = users.insert(newcomer_with_email("first", "second@example.org").renewed("1")).await;
    let _ = users.insert(newcomer_with_email("second", "first@example.org")).await;
    sign_up(users, newcomer_with_email("second", "second@example.org").renewed("2")).await;
}

/// No address is not an address.
pub async fn accounts_without_an_address_do_not_collide(users: &dyn UserStore) {
    for name in ["mailless one", "mailless two"] {
        assert_eq!(sign_up(users, newcomer(name)).await.email, None);
    }
}

impl NewUser {
    /// The same account under another id: a second try of the same person.
    pub(super) fn renewed(self, salt: &str) -> Self {
        Self { id: id(&format!("{}{salt}", self.id)), ..self }
    }
}

async fn refusal(users: &dyn UserStore, new: NewUser) -> Option<Unique> {
    match users.insert(new).await {
        Ok(_) => None,
        Err(StoreError::Conflict(unique)) => Some(unique),
        Err(error) => panic!("expected a conflict, got {error:?}"),
    }
}
