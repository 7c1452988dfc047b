//! What was inserted is found, and nothing else.

use futures_util::stream::{self, StreamExt as _};

use crate::account::{User, UserId};
use crate::store::UserStore;
use crate::testing::store::actors::{
    address, at, epoch, id, login, newcomer, newcomer_named_by_email, newcomer_with_email, owner, read, sign_up,
};

/// How many accounts [`ten_thousand_accounts_are_told_apart`] makes.
pub const MANY: u32 = 10_000;
/// How many are looked for at once, which no store minds.
const AT_ONCE: usize = 8;

/// What was inserted is what every lookup gives.
pub async fn an_account_is_found_by_id_name_and_address(users: &dyn UserStore) {
    let new = newcomer_with_email("found", "Found@Example.org");
    let expected = new.clone().into_user();
    let user = sign_up(users, new).await;
    // The key, the epoch, roles and attributes are the store's own affair.
    let own = User { id: user.id.clone(), epoch: user.epoch.clone(), ..expected };
    assert_eq!(User { roles: user.roles.clone(), attributes: user.attributes.clone(), ..own }, user);
    assert_eq!(users.by_id(&user.id).await.expect("by_id"), Some(user.clone()));
    assert_eq!(users.by_login(&login("found")).await.expect("by_login"), Some(user.clone()));
    let email = address("fOUND@eXAMPLE.org");
    assert_eq!(users.by_email(email.canonical()).await.expect("by_email"), Some(user));
}

/// An account made with `email_as_name` has its address as name, also in another script.
pub async fn an_account_named_by_its_address_is_found_by_it(users: &dyn UserStore) {
    let user = sign_up(users, newcomer_named_by_email("Named@B\u{fc}cher.example")).await;
    let found = users.by_login(&login("Named@xn--bcher-kva.example")).await.expect("by_login");
    assert_eq!(found, Some(user));
}

/// Absence is an `Option`, never an error. An id is whatever a token says, also where the keys of
/// the table are numbers.
pub async fn what_is_not_there_is_none(users: &dyn UserStore) {
    sign_up(users, newcomer("somebody")).await;
    let overlong = "9".repeat(5_000);
    for text in ["", " ", "0", "-1", "+1", "01", "1 ", "1.0", "1e0", "0x1", "nobody", "9223372036854775808", &overlong]
    {
        assert_eq!(users.by_id(&UserId::stored(text)).await.expect("by_id"), None, "{text:?}");
    }
    assert_eq!(users.by_id(&id("nobody")).await.expect("by_id"), None);
    assert_eq!(users.by_login(&login("nobody")).await.expect("by_login"), None);
    assert_eq!(users.by_email(address("nobody@example.org").canonical()).await.expect("by_email"), None);
    assert_eq!(owner(users, "no token").await, None);
}

/// Whether it may sign in is not for a lookup to say.
pub async fn an_inactive_account_is_still_found(users: &dyn UserStore) {
    let user = sign_up(users, newcomer_with_email("asleep", "asleep@example.org")).await;
    users.set_active(&user.id, false, epoch("asleep")).await.expect("set_active");
    let user = read(users, &user).await;
    assert!(!user.is_active);
    assert_eq!(users.by_login(&login("asleep")).await.expect("by_login"), Some(user.clone()));
    assert_eq!(users.by_email(address("asleep@example.org").canonical()).await.expect("by_email"), Some(user.clone()));
    users.signed_in(&user.id, at(1)).await.expect("signed_in");
}

/// [`MANY`] accounts, each found by its id, its name and its address.
pub async fn ten_thousand_accounts_are_told_apart(users: &dyn UserStore) {
    let name = |number| format!("many {number}");
    let email = |number| format!("many.{number}@example.org");
    let mut ids = Vec::new();
    for number in 0..MANY {
        ids.push((number, sign_up(users, newcomer_with_email(&name(number), &email(number))).await.id));
    }
    let found = stream::iter(ids).map(async |(number, id)| {
        let by_id = users.by_id(&id).await.expect("by_id").expect("the account");
        assert_eq!(by_id.username.as_str(), name(number));
        let by_login = users.by_login(&login(&name(number))).await.expect("by_login");
        let by_email = users.by_email(address(&email(number)).canonical()).await.expect("by_email");
        assert_eq!(by_login.as_ref(), Some(&by_id));
        assert_eq!(by_email.as_ref(), Some(&by_id));
    });
    found.buffer_unordered(AT_ONCE).collect::<()>().await;
}
