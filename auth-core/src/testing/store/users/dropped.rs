//! A client that hangs up cancels its request at any await: of a write that is dropped there,
//! everything has happened or nothing.

use crate::account::User;
use crate::store::{EpochRule, PresentedRestore, RestoreProof, UserStore};
use crate::testing::store::actors::{
    address, ask_to_restore, at, at_each_await, digest, drop_after, epoch, hash, login, newcomer, newcomer_with_email,
    owner, read, sign_up,
};

/// A name or an address that is taken belongs to an account that is whole.
pub async fn a_dropped_sign_up_leaves_everything_or_nothing(users: &dyn UserStore) {
    at_each_await(async |polls| {
        let (name, email) = (format!("dropped {polls}"), format!("dropped.{polls}@example.org"));
        let new = newcomer_with_email(&name, &email);
        let done = drop_after(polls, users.insert(new.clone())).await.is_some();
        // Again, as the same person would: whichever of the two was accepted is whole.
        let _ = users.insert(new.renewed("again")).await;
        let account = users.by_login(&login(&name)).await.expect("by_login").expect("one of the two");
        let by_email = users.by_email(address(&email).canonical()).await.expect("by_email");
        assert_eq!(by_email.as_ref(), Some(&account), "after {polls} polls");
        assert_eq!(read(users, &account).await, account, "after {polls} polls");
        done
    })
    .await;
}

/// [`UserStore::set_password`] with [`EpochRule::Keep`].
pub async fn a_dropped_rehash_leaves_everything_or_nothing(users: &dyn UserStore) {
    everything_or_nothing(users, "rehash", async |proof| {
        let _ = users.set_password(&proof.user, Some(&proof.password), &hash("rehashed"), EpochRule::Keep).await;
    })
    .await;
}

/// [`UserStore::set_password`] with [`EpochRule::New`].
pub async fn a_dropped_change_of_password_leaves_everything_or_nothing(users: &dyn UserStore) {
    everything_or_nothing(users, "change of password", async |proof| {
        let rule = EpochRule::New(epoch("changed"));
        let _ = users.set_password(&proof.user, Some(&proof.password), &hash("changed"), rule).await;
    })
    .await;
}

/// [`UserStore::restore_password`].
pub async fn a_dropped_restore_leaves_everything_or_nothing(users: &dyn UserStore) {
    everything_or_nothing(users, "restore", async |proof| {
        let _ = users.restore_password(proof, &hash("restored"), epoch("restored")).await;
    })
    .await;
}

/// [`UserStore::set_active`].
pub async fn a_dropped_change_of_activity_leaves_everything_or_nothing(users: &dyn UserStore) {
    everything_or_nothing(users, "change of activity", async |proof| {
        let _ = users.set_active(&proof.user, false, epoch("inactive")).await;
    })
    .await;
}

/// [`UserStore::set_epoch`].
pub async fn a_dropped_epoch_leaves_everything_or_nothing(users: &dyn UserStore) {
    everything_or_nothing(users, "epoch", async |proof| {
        let _ = users.set_epoch(&proof.user, epoch("next")).await;
    })
    .await;
}

/// [`UserStore::signed_in`].
pub async fn a_dropped_note_of_a_sign_in_leaves_everything_or_nothing(users: &dyn UserStore) {
    everything_or_nothing(users, "note of a sign-in", async |proof| {
        let _ = users.signed_in(&proof.user, at(7)).await;
    })
    .await;
}

/// [`UserStore::set_restoring_token`]: the older token or the newer one, not none.
pub async fn a_dropped_restoring_token_leaves_one_live(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("dropped token")).await;
    ask_to_restore(users, &user, "dropped token 0").await;
    at_each_await(async |polls| {
        let token = |number| format!("dropped token {number}");
        let newer = digest(&token(polls + 1));
        let done = drop_after(polls, users.set_restoring_token(&user.id, Some(&newer))).await.is_some();
        // The write may still be under way: asked in this order, one of the two is found.
        if owner(users, &token(polls)).await.is_none() {
            assert!(owner(users, &token(polls + 1)).await.is_some(), "no token is live after {polls} polls");
        }
        ask_to_restore(users, &user, &token(polls + 1)).await;
        done
    })
    .await;
}

/// What a write changed of an account, by name.
type Changes = Vec<&'static str>;

/// Drops the write at each await and looks whether it changed what it changes when it is not
/// dropped, or nothing.
async fn everything_or_nothing(users: &dyn UserStore, verb: &str, write: impl AsyncFn(&RestoreProof)) {
    let (user, proof) = somebody(users, &format!("undropped {verb}")).await;
    write(&proof).await;
    let everything = changes(users, &user, &proof).await;
    assert!(!everything.is_empty(), "the {verb} does nothing");
    at_each_await(async |polls| {
        let (user, proof) = somebody(users, &format!("dropped {verb} {polls}")).await;
        let done = drop_after(polls, write(&proof)).await.is_some();
        let seen = changes(users, &user, &proof).await;
        let whole = seen == everything || (!done && seen.is_empty());
        assert!(whole, "a {verb} that was dropped after {polls} polls left {seen:?} of {everything:?}");
        done
    })
    .await;
}

async fn somebody(users: &dyn UserStore, name: &str) -> (User, RestoreProof) {
    let user = sign_up(users, newcomer(name)).await;
    let proof = ask_to_restore(users, &user, name).await;
    (user, proof)
}

/// One read sees the token and the account. Where the token has ended, the whole write is over,
/// and a second read sees all of it.
async fn changes(users: &dyn UserStore, before: &User, proof: &RestoreProof) -> Changes {
    let presented = PresentedRestore { digest: proof.digest.clone(), legacy: None };
    let (now, has_ended) = match users.by_restoring_token(&presented).await.expect("by_restoring_token") {
        Some(user) => (user, false),
        None => (read(users, before).await, true),
    };
    let changes = [
        ("password", now.password != before.password),
        ("epoch", now.epoch != before.epoch),
        ("is_active", now.is_active != before.is_active),
        ("last_login", now.last_login != before.last_login),
        ("restoring token", has_ended),
    ];
    changes.into_iter().filter_map(|(name, changed)| changed.then_some(name)).collect()
}
