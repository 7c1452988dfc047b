//! What the tests of this folder share.

use super::{BoundedPassword, NewPassword, Password, PasswordHash, PasswordPolicy, PolicyContext};

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

pub(super) fn bounded(text: &str) -> BoundedPassword {
    PasswordPolicy::default().bounded(Password::new(text)).unwrap()
}

pub(super) fn new_password(text: &str) -> NewPassword {
    PasswordPolicy::default().accept(bounded(text), &PolicyContext::default()).unwrap()
}
