//! Password, activity and epoch, and what each write of them ends.

use crate::account::User;
use crate::store::{Cas, EpochRule, UserStore};
use crate::testing::store::actors::{
    ask_to_restore, at, digest, epoch, hash, id, newcomer, newcomer_with_email, owner, read, sign_up,
};

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

/// [`EpochRule::Keep`] leaves the epoch and the restoring token, however often, and whether or not
/// a hash was compared.
pub async fn a_rehash_ends_nothing(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("rehash")).await;
    ask_to_restore(users, &user, "rehash token").await;
    for (read, new) in [(Some(&user.password), "new format"), (None, "newer"), (Some(&hash("newer")), "newest")] {
        let rehashed = users.set_password(&user.id, read, &hash(new), EpochRule::Keep).await;
        assert_eq!(rehashed.expect("set_password"), Cas::Won);
    }
    assert_eq!(read(users, &user).await, User { password: hash("newest"), ..user.clone() });
    assert_eq!(owner(users, "rehash token").await, Some(user.id));
}

/// [`EpochRule::New`] ends every session in the write of the password; a lost write ends none.
pub async fn a_new_password_begins_an_epoch(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("change")).await;
    let rule = || EpochRule::New(epoch("changed"));
    let _ = users.set_password(&user.id, Some(&hash("other")), &hash("x"), rule()).await.expect("set_password");
    assert_eq!(read(users, &user).await, user, "a lost write changed something");
    for (read_as, new) in [(Some(&user.password), "changed"), (None, "overwritten")] {
        let before = read(users, &user).await;
        let written = users.set_password(&user.id, read_as, &hash(new), EpochRule::New(epoch(new))).await;
        assert_eq!(written.expect("set_password"), Cas::Won);
        assert_ne!(read(users, &user).await.epoch, before.epoch, "{new}");
    }
}

/// [`EpochRule::New`] ends the link in the write of the password; a lost write does not.
pub async fn a_new_password_ends_the_restoring_token(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("end")).await;
    ask_to_restore(users, &user, "end token").await;
    let rule = || EpochRule::New(epoch("ended"));
    let _ = users.set_password(&user.id, Some(&hash("other")), &hash("x"), rule()).await.expect("set_password");
    assert_eq!(owner(users, "end token").await.as_ref(), Some(&user.id), "a lost write ended the token");
    let _ = users.set_password(&user.id, Some(&user.password), &hash("ended"), rule()).await.expect("set_password");
    assert_eq!(owner(users, "end token").await, None);
}

/// [`UserStore::set_active`] ends everything that was issued before, both ways.
pub async fn a_changed_activity_begins_an_epoch_and_ends_the_restoring_token(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("active")).await;
    for (active, name) in [(false, "active off"), (true, "active on")] {
        ask_to_restore(users, &user, name).await;
        let before = read(users, &user).await;
        users.set_active(&user.id, active, epoch(name)).await.expect("set_active");
        let after = read(users, &user).await;
        assert_eq!(after, User { is_active: active, epoch: after.epoch.clone(), ..before.clone() });
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

/// What has ended stays ended: an account that is what it was before has another epoch.
pub async fn an_epoch_never_comes_back(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("come back")).await;
    let mut epochs = vec![user.epoch.clone()];
    for round in 0..3 {
        for active in [false, true] {
            users.set_active(&user.id, active, epoch(&format!("{active} {round}"))).await.expect("set_active");
            epochs.push(read(users, &user).await.epoch);
        }
        epochs.push(users.set_epoch(&user.id, epoch(&format!("out {round}"))).await.expect("set_epoch"));
    }
    // That it changed at all is for other properties to say.
    epochs.dedup();
    for (number, epoch) in epochs.iter().enumerate() {
        assert!(!epochs.iter().skip(number + 1).any(|later| later == epoch), "epoch {number} came back");
    }
}

/// [`UserStore::signed_in`] changes nothing but the moment.
pub async fn a_sign_in_is_noted(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("noted")).await;
    assert_eq!(user.last_login, None);
    for seconds in [7, 9] {
        users.signed_in(&user.id, at(seconds)).await.expect("signed_in");
        assert_eq!(read(users, &user).await, User { last_login: Some(at(seconds)), ..user.clone() });
    }
}

/// Every write is about one account.
pub async fn a_write_leaves_other_accounts_alone(users: &dyn UserStore) {
    let bystander = sign_up(users, newcomer_with_email("bystander", "bystander@example.org")).await;
    ask_to_restore(users, &bystander, "bystander token").await;
    let user = sign_up(users, newcomer_with_email("actor", "actor@example.org")).await;
    let proof = ask_to_restore(users, &user, "actor token").await;
    let _ = users.restore_password(&proof, &hash("a"), epoch("a")).await.expect("restore_password");
    let _ = users.set_password(&user.id, None, &hash("b"), EpochRule::New(epoch("b"))).await.expect("set_password");
    let _ = users.set_password(&user.id, None, &hash("c"), EpochRule::Keep).await.expect("set_password");
    users.set_active(&user.id, false, epoch("d")).await.expect("set_active");
    let _ = users.set_epoch(&user.id, epoch("e")).await.expect("set_epoch");
    users.signed_in(&user.id, at(1)).await.expect("signed_in");
    users.set_restoring_token(&user.id, None).await.expect("set_restoring_token");
    assert_eq!(read(users, &bystander).await, bystander);
    assert_eq!(owner(users, "bystander token").await, Some(bystander.id));
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
