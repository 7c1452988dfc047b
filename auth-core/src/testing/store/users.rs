//! The promises of [`UserStore`].

use serde_json::json;

use super::actors::{
    address, ask_to_restore, at, digest, drop_after, epoch, hash, id, login, newcomer, newcomer_named_by_email,
    newcomer_with_email, owner, read, sign_up,
};
use crate::account::{NewUser, User, Username};
use crate::store::{Cas, EpochRule, RestoreProof, StoreError, Unique, UserStore};

/// How many accounts [`a_thousand_accounts_are_told_apart`] makes.
pub const MANY: u32 = 1_000;

/// Every promise of the trait.
pub async fn run_all(users: &dyn UserStore) {
    an_account_is_found_by_id_name_and_address(users).await;
    an_account_named_by_its_address_is_found_by_it(users).await;
    what_is_not_there_is_none(users).await;
    a_name_is_found_in_any_spelling_and_shown_as_given(users).await;
    names_are_compared_byte_by_byte(users).await;
    odd_text_comes_back_unchanged(users).await;
    a_nul_does_no_harm(users).await;
    a_taken_name_or_address_is_a_conflict(users).await;
    a_conflict_leaves_nothing_behind(users).await;
    accounts_without_an_address_do_not_collide(users).await;
    a_password_is_replaced_only_if_it_is_the_one_that_was_read(users).await;
    a_rehash_ends_nothing(users).await;
    a_new_password_begins_an_epoch_and_ends_the_restoring_token(users).await;
    one_restoring_token_is_live(users).await;
    a_restoring_token_sets_a_password_once(users).await;
    a_restore_needs_everything_that_was_checked(users).await;
    deactivation_begins_an_epoch_and_ends_the_restoring_token(users).await;
    a_new_epoch_is_returned_and_ends_the_restoring_token(users).await;
    a_sign_in_is_noted(users).await;
    writes_to_no_account_do_nothing(users).await;
    a_dropped_write_leaves_everything_or_nothing(users).await;
    a_thousand_accounts_are_told_apart(users).await;
}

/// What was inserted is what every lookup gives.
pub async fn an_account_is_found_by_id_name_and_address(users: &dyn UserStore) {
    let new = newcomer_with_email("found", "Found@Example.org");
    let expected = new.clone().into_user();
    let user = sign_up(users, new).await;
    assert_eq!(User { id: user.id.clone(), epoch: user.epoch.clone(), ..expected }, user);
    assert_eq!(users.by_id(&user.id).await.expect("by_id"), Some(user.clone()));
    assert_eq!(users.by_login(&login("found")).await.expect("by_login"), Some(user.clone()));
    let email = address("fOUND@eXAMPLE.org");
    assert_eq!(users.by_email(email.canonical()).await.expect("by_email"), Some(user));
}

/// An account made with `email_as_name` has its address as name, also in another script.
pub async fn an_account_named_by_its_address_is_found_by_it(users: &dyn UserStore) {
    let user = sign_up(users, newcomer_named_by_email("Named@B\u{fc}cher.example")).await;
    let found = users.by_login(&login("named@xn--bcher-kva.example")).await.expect("by_login");
    assert_eq!(found, Some(user));
}

/// Absence is an `Option`, never an error.
pub async fn what_is_not_there_is_none(users: &dyn UserStore) {
    assert_eq!(users.by_id(&id("nobody")).await.expect("by_id"), None);
    assert_eq!(users.by_login(&login("nobody")).await.expect("by_login"), None);
    assert_eq!(users.by_email(address("nobody@example.org").canonical()).await.expect("by_email"), None);
    assert_eq!(owner(users, "no token").await, None);
}

/// Lookups compare canonical forms; the name is kept as its owner wrote it.
pub async fn a_name_is_found_in_any_spelling_and_shown_as_given(users: &dyn UserStore) {
    sign_up(users, newcomer("Stra\u{df}e")).await;
    let found = users.by_login(&login("STRASSE")).await.expect("by_login").expect("the name in capitals");
    assert_eq!(found.username.as_str(), "Stra\u{df}e");
    assert_eq!(refusal(users, newcomer("strasse")).await, Some(Unique::Login));
}

/// No collation makes two names one: accents, trailing spaces and look-alikes tell accounts apart.
pub async fn names_are_compared_byte_by_byte(users: &dyn UserStore) {
    for name in ["resume", "r\u{e9}sum\u{e9}", "resume ", " resume", "re\u{200b}sume", "\u{440}esume", "re\u{301}sume"]
    {
        let user = sign_up(users, newcomer(name)).await;
        let found = users.by_login(&login(name)).await.expect("by_login");
        assert_eq!(found.map(|found| found.id), Some(user.id), "{name:?}");
    }
}

/// Quotes, wildcards, other scripts, the longest name and nested attributes are only text.
pub async fn odd_text_comes_back_unchanged(users: &dyn UserStore) {
    let longest = "\u{10348}".repeat(150);
    for name in [
        "'; DROP TABLE auth_users; --",
        "%_\\\"`$1?",
        "\u{5d0}\u{5d1} \u{627}\u{644}",
        "\u{1f9d1}\u{200d}\u{1f680}",
        &longest,
    ] {
        let mut new = newcomer(name);
        new.attributes.insert(name.to_owned(), json!({ "deep": [name, null, 1.5, true, { "": "a\nb" }] }));
        let user = sign_up(users, new.clone()).await;
        assert_eq!(user.username.as_str(), name);
        assert_eq!(user.attributes, new.attributes, "{name:?}");
        assert_eq!(read(users, &user).await, user, "{name:?}");
    }
}

/// A NUL is refused long before a store, and a store that meets one may refuse it: it may not
/// panic, nor cut the text there.
pub async fn a_nul_does_no_harm(users: &dyn UserStore) {
    let cut = sign_up(users, newcomer("nul")).await;
    let new = NewUser { username: Username::stored("nul\0 and more"), ..newcomer("with nul") };
    if let Ok(user) = users.insert(new).await {
        assert_eq!(read(users, &user).await.username.as_str(), "nul\0 and more");
    }
    assert_eq!(read(users, &cut).await, cut);
}

/// The unique indexes decide; the name is told first where both refuse.
pub async fn a_taken_name_or_address_is_a_conflict(users: &dyn UserStore) {
    sign_up(users, newcomer_with_email("taken", "taken@example.org")).await;
    let same_name = newcomer_with_email("TAKEN", "free@example.org").renewed("1");
    assert_eq!(refusal(users, same_name).await, Some(Unique::Login));
    let same_address = newcomer_with_email("untaken", "Taken@EXAMPLE.org");
    assert_eq!(refusal(users, same_address).await, Some(Unique::Email));
    let both = newcomer_with_email("taken", "taken@example.org").renewed("2");
    assert_eq!(refusal(users, both).await, Some(Unique::Login));
}

/// A refused insert takes neither the name nor the address.
pub async fn a_conflict_leaves_nothing_behind(users: &dyn UserStore) {
    sign_up(users, newcomer_with_email("first", "first@example.org")).await;
    assert!(refusal(users, newcomer_with_email("first", "second@example.org").renewed("1")).await.is_some());
    assert!(refusal(users, newcomer_with_email("second", "first@example.org")).await.is_some());
    sign_up(users, newcomer_with_email("second", "second@example.org")).await;
}

/// No address is not an address.
pub async fn accounts_without_an_address_do_not_collide(users: &dyn UserStore) {
    for name in ["mailless one", "mailless two"] {
        assert_eq!(sign_up(users, newcomer(name)).await.email, None);
    }
}

/// [`UserStore::set_password`] compares and sets in one write.
pub async fn a_password_is_replaced_only_if_it_is_the_one_that_was_read(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("compare")).await;
    let set = async |read: Option<&str>, new| {
        let read = read.map(hash);
        users.set_password(&user.id, read.as_ref(), &hash(new), EpochRule::Keep).await.expect("set_password")
    };
    assert_eq!(set(Some("other"), "second").await, Cas::Lost);
    assert_eq!(read(users, &user).await, user);
    assert_eq!(set(Some("compare"), "second").await, Cas::Won);
    assert_eq!(set(Some("compare"), "third").await, Cas::Lost);
    assert_eq!(set(None, "fourth").await, Cas::Won);
    assert_eq!(read(users, &user).await.password, hash("fourth"));
}

/// [`EpochRule::Keep`] leaves the epoch and the restoring token.
pub async fn a_rehash_ends_nothing(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("rehash")).await;
    ask_to_restore(users, &user, "rehash token").await;
    let rehashed = users.set_password(&user.id, Some(&user.password), &hash("new format"), EpochRule::Keep).await;
    assert_eq!(rehashed.expect("set_password"), Cas::Won);
    assert_eq!(read(users, &user).await.epoch, user.epoch);
    assert_eq!(owner(users, "rehash token").await, Some(user.id));
}

/// [`EpochRule::New`] ends sessions and links in the write of the password.
pub async fn a_new_password_begins_an_epoch_and_ends_the_restoring_token(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("change")).await;
    ask_to_restore(users, &user, "change token").await;
    let rule = || EpochRule::New(epoch("changed"));
    let lost = users.set_password(&user.id, Some(&hash("other")), &hash("x"), rule()).await;
    assert_eq!(lost.expect("set_password"), Cas::Lost);
    assert_eq!(owner(users, "change token").await.as_ref(), Some(&user.id), "a lost write ended the token");
    let won = users.set_password(&user.id, Some(&user.password), &hash("changed"), rule()).await;
    assert_eq!(won.expect("set_password"), Cas::Won);
    assert_ne!(read(users, &user).await.epoch, user.epoch);
    assert_eq!(owner(users, "change token").await, None);
}

/// A newer token replaces the older one, and none ends it.
pub async fn one_restoring_token_is_live(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("live")).await;
    for (token, replaced) in [("live 1", "live 0"), ("live 2", "live 1")] {
        ask_to_restore(users, &user, token).await;
        assert_eq!(owner(users, token).await.as_ref(), Some(&user.id));
        assert_eq!(owner(users, replaced).await, None);
    }
    users.set_restoring_token(&user.id, None).await.expect("set_restoring_token");
    assert_eq!(owner(users, "live 2").await, None);
}

/// [`UserStore::restore_password`] returns the account as it is afterwards, and works once.
pub async fn a_restoring_token_sets_a_password_once(users: &dyn UserStore) {
    let user = sign_up(users, newcomer_with_email("restore", "restore@example.org")).await;
    let proof = ask_to_restore(users, &user, "restore token").await;
    let restore = async |new| users.restore_password(&proof, &hash(new), epoch(new)).await.expect("restore_password");
    let restored = restore("restored").await.expect("the first use");
    assert_eq!(restored.password, hash("restored"));
    assert_ne!(restored.epoch, user.epoch);
    assert_eq!(read(users, &user).await, restored);
    assert_eq!(restore("again").await, None);
    assert_eq!(read(users, &user).await, restored);
    assert_eq!(owner(users, "restore token").await, None);
}

/// Token, hash, address, epoch and activity must all be as they were read, or nothing happens.
pub async fn a_restore_needs_everything_that_was_checked(users: &dyn UserStore) {
    let user = sign_up(users, newcomer_with_email("checked", "checked@example.org")).await;
    let proof = ask_to_restore(users, &user, "checked token").await;
    let outdated = [
        RestoreProof { user: id("nobody"), ..proof.clone() },
        RestoreProof { digest: digest("other"), ..proof.clone() },
        RestoreProof { password: hash("other"), ..proof.clone() },
        RestoreProof { email: None, ..proof.clone() },
        RestoreProof { email: Some(address("other@example.org")), ..proof.clone() },
        RestoreProof { epoch: epoch("other"), ..proof.clone() },
    ];
    for (number, proof) in outdated.iter().enumerate() {
        let restored = users.restore_password(proof, &hash("x"), epoch("x")).await.expect("restore_password");
        assert_eq!(restored, None, "outdated proof {number}");
    }
    assert_eq!(read(users, &user).await, user);
    users.set_active(&user.id, false, epoch("inactive")).await.expect("set_active");
    let proof = ask_to_restore(users, &user, "checked token").await;
    assert_eq!(users.restore_password(&proof, &hash("x"), epoch("x")).await.expect("restore_password"), None);
}

/// [`UserStore::set_active`] ends everything that was issued before, both ways.
pub async fn deactivation_begins_an_epoch_and_ends_the_restoring_token(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("active")).await;
    for (active, name) in [(false, "active off"), (true, "active on")] {
        ask_to_restore(users, &user, name).await;
        let before = read(users, &user).await;
        users.set_active(&user.id, active, epoch(name)).await.expect("set_active");
        let after = read(users, &user).await;
        assert_eq!(after.is_active, active);
        assert_ne!(after.epoch, before.epoch);
        assert_eq!(owner(users, name).await, None);
    }
}

/// [`UserStore::set_epoch`] returns the epoch that every later read gives.
pub async fn a_new_epoch_is_returned_and_ends_the_restoring_token(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("epoch")).await;
    ask_to_restore(users, &user, "epoch token").await;
    let valid = users.set_epoch(&user.id, epoch("next")).await.expect("set_epoch");
    assert_ne!(valid, user.epoch);
    assert_eq!(read(users, &user).await, User { epoch: valid, ..user });
    assert_eq!(owner(users, "epoch token").await, None);
}

/// [`UserStore::signed_in`] changes nothing but the moment.
pub async fn a_sign_in_is_noted(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("noted")).await;
    assert_eq!(user.last_login, None);
    users.signed_in(&user.id, at(7)).await.expect("signed_in");
    assert_eq!(read(users, &user).await, User { last_login: Some(at(7)), ..user });
}

/// An account that is gone is no error for a write, and no write makes one.
pub async fn writes_to_no_account_do_nothing(users: &dyn UserStore) {
    let gone = id("gone");
    let lost = users.set_password(&gone, None, &hash("x"), EpochRule::New(epoch("x"))).await;
    assert_eq!(lost.expect("set_password"), Cas::Lost);
    users.set_restoring_token(&gone, Some(&digest("gone token"))).await.expect("set_restoring_token");
    users.set_active(&gone, true, epoch("x")).await.expect("set_active");
    users.signed_in(&gone, at(0)).await.expect("signed_in");
    let _ = users.set_epoch(&gone, epoch("x")).await.expect("set_epoch");
    assert_eq!(users.by_id(&gone).await.expect("by_id"), None);
    assert_eq!(owner(users, "gone token").await, None);
}

/// A client that hangs up cancels at any await.
pub async fn a_dropped_write_leaves_everything_or_nothing(users: &dyn UserStore) {
    for polls in 0..12 {
        let user = sign_up(users, newcomer(&format!("dropped {polls}"))).await;
        let token = format!("dropped token {polls}");
        let proof = ask_to_restore(users, &user, &token).await;
        let _ = drop_after(polls, users.restore_password(&proof, &hash("restored"), epoch("restored"))).await;
        let after = read(users, &user).await;
        assert_eq!(after.password == user.password, after.epoch == user.epoch, "half a write after {polls} polls");
        let retried = users.restore_password(&proof, &hash("retried"), epoch("retried")).await;
        let password = read(users, &user).await.password;
        let expected = if retried.expect("restore_password").is_some() { "retried" } else { "restored" };
        assert_eq!(password, hash(expected), "after {polls} polls");
        assert_eq!(owner(users, &token).await, None, "after {polls} polls");
    }
}

/// [`MANY`] accounts, each found by its name and by its address.
pub async fn a_thousand_accounts_are_told_apart(users: &dyn UserStore) {
    let name = |number| format!("many {number}");
    let email = |number| format!("many.{number}@example.org");
    for number in 0..MANY {
        sign_up(users, newcomer_with_email(&name(number), &email(number))).await;
    }
    for number in 0..MANY {
        let by_login = users.by_login(&login(&name(number))).await.expect("by_login").expect("the account");
        let by_email = users.by_email(address(&email(number)).canonical()).await.expect("by_email");
        assert_eq!(by_login.username.as_str(), name(number));
        assert_eq!(by_email, Some(by_login));
    }
}

impl NewUser {
    /// The same account under another id: a second try of the same person.
    fn renewed(self, salt: &str) -> Self {
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
