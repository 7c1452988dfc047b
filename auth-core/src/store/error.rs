use thiserror::Error;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a store could not do its work.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A unique index refused the write.
    #[error("{0} exists already")]
    Conflict(Unique),
    /// The store does not answer: not reachable, too slow, full, locked. Trying again can help.
    #[error("the store does not answer")]
    Unavailable(#[source] Source),
    /// The store answered, but not with what was asked: a fault in it or in its data.
    #[error("the store failed")]
    Backend(#[source] Source),
}

impl StoreError {
    /// A store that does not answer.
    pub fn unavailable(source: impl Into<Source>) -> Self {
        Self::Unavailable(source.into())
    }

    /// A store that answered wrongly.
    pub fn backend(source: impl Into<Source>) -> Self {
        Self::Backend(source.into())
    }
}

/// What must be unique among accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unique {
    /// The canonical name.
    #[error("the name")]
    Login,
    /// The canonical address.
    #[error("the address")]
    Email,
}
