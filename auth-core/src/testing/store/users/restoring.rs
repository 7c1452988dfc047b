//! The restoring token: one is live, it works once, and only while all that was checked holds.

use crate::restore::TokenDigest;
use crate::store::{PresentedRestore, RestoreProof, UserStore};
use crate::testing::store::actors::{
    address, ask_to_restore, digest, epoch, hash, id, newcomer, newcomer_with_email, owner, read, sign_up,
};

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
    ask_to_restore(users, &user, "live 3").await;
    assert_eq!(owner(users, "live 3").await, Some(user.id));
}

/// All 64 characters count, and a pattern is none.
pub async fn a_restoring_token_is_compared_as_a_whole(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("whole")).await;
    ask_to_restore(users, &user, "whole token").await;
    let digest = digest("whole token");
    let (begin, end) = digest.as_str().split_at(32);
    let zeros = "0".repeat(32);
    for text in
        [format!("{begin}{zeros}"), format!("{zeros}{end}"), format!("{begin}%"), begin.to_owned(), String::new()]
    {
        let presented = PresentedRestore { digest: TokenDigest::of_nothing(text), legacy: None };
        assert_eq!(users.by_restoring_token(&presented).await.expect("by_restoring_token"), None);
    }
    assert_eq!(owner(users, "whole token").await, Some(user.id));
}

/// [`UserStore::restore_password`] returns the account as it is afterwards, and works once.
pub async fn a_restoring_token_sets_a_password_once(users: &dyn UserStore) {
    let user = sign_up(users, newcomer_with_email("restore", "restore@example.org")).await;
    let proof = ask_to_restore(users, &user, "restore token").await;
    let restored = restore(users, &proof, "restored").await.expect("the first use");
    assert_eq!(restored.password, hash("restored"));
    assert_eq!(read(users, &user).await, restored);
    assert_eq!(restore(users, &proof, "again").await, None);
    assert_eq!(read(users, &user).await, restored);
}

/// Every session from before ends in the write of the password.
pub async fn a_restore_begins_an_epoch(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("restore epoch")).await;
    let proof = ask_to_restore(users, &user, "restore epoch token").await;
    let restored = restore(users, &proof, "restored").await.expect("the first use");
    assert_ne!(restored.epoch, user.epoch);
}

/// Not even for the shortest time.
pub async fn a_used_restoring_token_finds_nobody(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("used")).await;
    let proof = ask_to_restore(users, &user, "used token").await;
    assert!(restore(users, &proof, "restored").await.is_some());
    assert_eq!(owner(users, "used token").await, None);
}

/// Neither another token, nor one of nobody, nor one that was replaced.
pub async fn a_restore_needs_the_live_token(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("token needed")).await;
    let replaced = ask_to_restore(users, &user, "needed 1").await;
    let proof = ask_to_restore(users, &user, "needed 2").await;
    let other = RestoreProof { digest: digest("needed 3"), ..proof.clone() };
    let nobodys = RestoreProof { user: id("nobody"), ..proof };
    for outdated in [replaced, other, nobodys] {
        assert_eq!(restore(users, &outdated, "x").await, None);
    }
    assert_eq!(read(users, &user).await, user);
}

/// A password that was changed meanwhile ends the link.
pub async fn a_restore_needs_the_password_that_was_read(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("password needed")).await;
    let proof = ask_to_restore(users, &user, "password needed").await;
    assert_eq!(restore(users, &RestoreProof { password: hash("other"), ..proof }, "x").await, None);
    assert_eq!(read(users, &user).await, user);
}

/// An address that was changed meanwhile ends the link.
pub async fn a_restore_needs_the_address_that_was_read(users: &dyn UserStore) {
    for (name, mine) in [("address needed", Some("needed@example.org")), ("no address needed", None)] {
        let new = mine.map_or_else(|| newcomer(name), |mine| newcomer_with_email(name, mine));
        let user = sign_up(users, new).await;
        let proof = ask_to_restore(users, &user, name).await;
        for email in [mine.xor(Some("needed@example.org")), Some("other@example.org")] {
            let outdated = RestoreProof { email: email.map(address), ..proof.clone() };
            assert_eq!(restore(users, &outdated, "x").await, None, "{email:?} instead of {mine:?}");
        }
        assert_eq!(read(users, &user).await, user);
    }
}

/// Whatever began an epoch meanwhile ends the link.
pub async fn a_restore_needs_the_epoch_that_was_read(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("epoch needed")).await;
    let proof = ask_to_restore(users, &user, "epoch needed").await;
    assert_eq!(restore(users, &RestoreProof { epoch: epoch("other"), ..proof }, "x").await, None);
    assert_eq!(read(users, &user).await, user);
}

/// Whoever was locked out is not let in by a mail.
pub async fn an_inactive_account_is_not_restored(users: &dyn UserStore) {
    let user = sign_up(users, newcomer("inactive")).await;
    users.set_active(&user.id, false, epoch("inactive")).await.expect("set_active");
    let proof = ask_to_restore(users, &user, "inactive token").await;
    assert_eq!(restore(users, &proof, "x").await, None);
    assert_eq!(read(users, &user).await.password, user.password);
}

async fn restore(users: &dyn UserStore, proof: &RestoreProof, new: &str) -> Option<crate::account::User> {
    users.restore_password(proof, &hash(new), epoch(new)).await.expect("restore_password")
}
