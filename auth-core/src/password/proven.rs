use super::PasswordHash;
use crate::account::User;

/// A user whose present credential was just proven. Only this opens a session, so that no later
/// path can skip the check.
#[derive(Debug, Clone)]
pub struct Proven(User);

impl Proven {
    /// The one place that makes it is the verification of a password.
    pub(super) fn new(user: User) -> Self {
        Self(user)
    }

    /// The account as read after its owner, proven here, changed the password to `hash`; `None`
    /// when somebody else has changed it since.
    pub(crate) fn renewed(&self, now: User, hash: &PasswordHash) -> Option<Self> {
        (now.id == self.0.id && now.is_active && now.password == *hash).then_some(Self(now))
    }

    pub(crate) fn into_user(self) -> User {
        self.0
    }

    /// Whose credential it was.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.0
    }
}
