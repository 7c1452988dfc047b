use thiserror::Error;

use crate::random::RandomError;

/// Why no hash was computed; never because of the password.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HashError {
    /// There was no salt to be had.
    #[error("no salt could be drawn")]
    Random(#[from] RandomError),
    /// The system had no memory to give.
    #[error("there is no memory for a password hash")]
    Memory,
    /// The pool was stopped, or ended with the last of its handles.
    #[error("the hashing pool has stopped")]
    Stopped,
    /// The computation panicked; its thread goes on.
    #[error("computing a password hash panicked")]
    Panicked,
    /// The system had no thread to give.
    #[error("a hashing thread could not be started")]
    Thread(#[source] std::io::Error),
    /// Argon2 refused its input.
    #[error("Argon2 failed")]
    Argon2(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The computation of another program's hash refused its input.
    #[error("a foreign password hash could not be computed")]
    Foreign(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The hash could not be written as text.
    #[error("a password hash could not be written down")]
    Format,
}

impl HashError {
    pub(super) fn argon2(error: argon2::Error) -> Self {
        Self::Argon2(Box::new(error))
    }

    pub(super) fn foreign(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Foreign(Box::new(error))
    }
}
