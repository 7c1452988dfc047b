//! What the tests of this folder share.

use super::{Argon2Params, BoundedPassword, NewPassword, Password, PasswordHash, PasswordPolicy, PolicyContext};
use crate::account::{Epoch, User, UserId, Username};
use crate::clock::Timestamp;

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

pub(super) fn bounded(text: &str) -> BoundedPassword {
    PasswordPolicy::default().bounded(Password::new(text)).unwrap()
}

pub(super) fn new_password(text: &str) -> NewPassword {
    PasswordPolicy::default().accept(bounded(text), &PolicyContext::default()).unwrap()
}

/// Parameters without any weight.
pub(super) fn weightless() -> Argon2Params {
    Argon2Params::danger_weak(8, 1, 1).unwrap()
}

/// An active account with this stored hash.
pub(super) fn user(hash: &PasswordHash) -> User {
    let epoch = Epoch::stored("epoch");
    User::new(UserId::from(1), Username::stored("ann"), hash.clone(), epoch, Timestamp::from_millis(0))
}
