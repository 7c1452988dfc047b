use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{Epoch, User, UserId};
use crate::client::ClientInfo;
use crate::clock::Timestamp;
use crate::random::{self, Random, RandomError};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// A fresh one of 128 random bits.
            ///
            /// # Errors
            /// When the random source fails.
            pub fn random(random: &dyn Random) -> Result<Self, RandomError> {
                random::id128(random).map(|text| Self(text.into()))
            }

            /// As a store or a token has it.
            #[must_use]
            pub fn stored(text: impl Into<Box<str>>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// The id of a session: the claim `sid`. It opens nothing without a signature.
    SessionId
}
text_id! {
    /// The id of one token: the claim `jti` (RFC 7519 §4.1.7).
    TokenId
}

/// The token that a session has issued last: the claims that its next bearer will show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// Claim `jti`.
    pub jti: TokenId,
    /// Claim `iat`, whole seconds.
    pub issued_at: Timestamp,
    /// Claim `exp`, whole seconds; never after the session's absolute end.
    pub expires_at: Timestamp,
}

/// One sign-in, from the password to the sign-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The key.
    pub id: SessionId,
    /// Whose session it is.
    pub user: UserId,
    /// The account's epoch at the moment of the password check. It never changes, so that a
    /// rotation which straddles a restore cannot carry an old lineage into the new period.
    pub epoch: Epoch,
    /// How often the token was replaced.
    pub generation: i64,
    /// The present token.
    pub current: Successor,
    /// When somebody signed in.
    pub created_at: Timestamp,
    /// When the token was last replaced; the sign-in at first. Idle time and grace count from it.
    pub rotated_at: Timestamp,
    /// The end that nothing moves.
    pub absolute_end: Timestamp,
    /// Who asked last.
    pub client: ClientInfo,
}

/// A session about to be stored. Only a proven sign-in makes one, or a verified token of the service
/// before this one.
#[derive(Debug, Clone)]
pub struct NewSession(Session);

/// A verified token that another service issued without a session: generation 0 of one to be. Only
/// `token` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forerunner {
    /// The session that the token becomes. Only who knows the token knows it.
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
}

/// When a session ends and what its first token says.
pub(crate) struct Lifetimes {
    pub(crate) token: std::time::Duration,
    pub(crate) absolute: std::time::Duration,
}

impl NewSession {
    /// A session at generation 0 for the user whose password was proven.
    pub(crate) fn open(
        proven: &crate::password::Proven,
        client: ClientInfo,
        now: Timestamp,
        lifetimes: &Lifetimes,
        random: &dyn Random,
    ) -> Result<Self, RandomError> {
        let user: &User = proven.user();
        let now = now.whole_seconds();
        let absolute_end = now + lifetimes.absolute;
        Ok(Self(Session {
            id: SessionId::random(random)?,
            user: user.id.clone(),
            epoch: user.epoch.clone(),
            generation: 0,
            current: Successor::draw(now, absolute_end, lifetimes, random)?,
            created_at: now,
            rotated_at: now,
            absolute_end,
            client,
        }))
    }

    /// The session that a token of another service stands for, at the generation after that token.
    pub(crate) fn adopted(
        forerunner: &Forerunner,
        epoch: Epoch,
        client: ClientInfo,
        now: Timestamp,
        lifetimes: &Lifetimes,
        random: &dyn Random,
    ) -> Result<Self, RandomError> {
        let now = now.whole_seconds();
        let absolute_end = now + lifetimes.absolute;
        Ok(Self(Session {
            id: forerunner.session.clone(),
            user: forerunner.user.clone(),
            epoch,
            generation: 1,
            current: Successor::draw(now, absolute_end, lifetimes, random)?,
            created_at: now,
            rotated_at: now,
            absolute_end,
            client,
        }))
    }

    /// A session without a sign-in, to test a store with.
    #[cfg(any(test, feature = "testing"))]
    #[doc(hidden)]
    #[must_use]
    pub fn unproven_for_tests(session: Session) -> Self {
        Self(session)
    }

    /// What is to be stored.
    #[must_use]
    pub fn record(&self) -> &Session {
        &self.0
    }

    /// The session as stored.
    #[must_use]
    pub fn into_record(self) -> Session {
        self.0
    }
}

impl Successor {
    /// The claims of a token issued at `now` in a session that ends at `absolute_end`.
    pub(crate) fn draw(
        now: Timestamp,
        absolute_end: Timestamp,
        lifetimes: &Lifetimes,
        random: &dyn Random,
    ) -> Result<Self, RandomError> {
        let issued_at = now.whole_seconds();
        let expires_at = (issued_at + lifetimes.token).min(absolute_end).whole_seconds();
        Ok(Self { jti: TokenId::random(random)?, issued_at, expires_at })
    }
}
