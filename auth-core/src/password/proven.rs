use crate::account::User;

/// A user whose present credential was just proven. Only this opens a session, so that no later
/// path can skip the check.
#[derive(Debug, Clone)]
pub struct Proven(User);

impl Proven {
    /// Whose credential it was.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.0
    }
}
