use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Builder;

use crate::clock::Timestamp;
use crate::random::{self, Random, RandomError};

/// The id of an account: text, because tokens carry it as text.
///
/// Ours are UUIDs of version 7 (RFC 9562 §5.7). A host's own table may have integers; they are
/// written in decimal.
///
/// ```
/// use auth_core::account::UserId;
///
/// assert_eq!(UserId::from(42).as_str(), "42");
/// assert_eq!(UserId::from(42).as_i64(), Some(42));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(Box<str>);

impl UserId {
    /// A new id for an account made at `now`.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn random(now: Timestamp, random: &dyn Random) -> Result<Self, RandomError> {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let uuid = Builder::from_unix_timestamp_millis(millis, &random::bytes(random)?).into_uuid();
        Ok(Self(uuid.to_string().into()))
    }

    /// An id as a store or a token has it.
    #[must_use]
    pub fn stored(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, for tables whose key is an integer; `None` where the text is not exactly the
    /// decimal form of one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse::<i64>().ok().filter(|number| number.to_string() == *self.0)
    }
}

impl From<i64> for UserId {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
