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

    /// Whose credential it was.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.0
    }
}
