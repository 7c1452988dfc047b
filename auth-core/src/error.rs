//! What can go wrong in an action, as the operator reads it.
//!
//! What a client reads is decided in [`http`](crate::http) alone.

use std::time::Duration;

use thiserror::Error;

use crate::account::{EmailFault, UsernameFault};
use crate::config::SignupIdentity;
use crate::password::{HashError, PasswordTooLong, Refusal, Weakness};
use crate::random::RandomError;
use crate::restore::RestoreFault;
use crate::store::{StoreError, Unique};
use crate::throttle::Limit;
use crate::token::{SigningError, TokenFault};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why an action did not do what was asked.
///
/// `Display` and `Debug` hold nothing that a client sent.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuthError {
    /// A value that cannot be used.
    #[error("the field {field} cannot be used")]
    Field {
        /// The field of the wire contract.
        field: &'static str,
        /// What is wrong with it.
        #[source]
        fault: FieldFault,
    },
    /// A sign-up with other names than these: both, or neither, of e-mail and username.
    #[error("a sign-up needs exactly the names that the settings ask for")]
    Identity(SignupIdentity),
    /// The name or the address belongs to an account.
    #[error("{0} is taken")]
    Taken(Unique),
    /// The policy refuses the new password.
    #[error("the password is too weak")]
    WeakPassword {
        /// The field of the wire contract.
        field: &'static str,
        /// Why, as a sentence for whoever chose it.
        #[source]
        weakness: Weakness,
    },
    /// The credentials open nothing. The client never learns which case it is.
    #[error("the credentials were refused: {0}")]
    Credentials(Refusal),
    /// The restoring token opens nothing. The client never learns which case it is.
    #[error("the restoring token was refused")]
    RestoreToken(#[source] RestoreFault),
    /// No token was given.
    #[error("no token was given")]
    TokenMissing,
    /// The token is not one of ours, or not well formed.
    #[error("the token was refused")]
    TokenInvalid(#[source] TokenFault),
    /// The token, or the session of a token to be replaced, is over its time.
    #[error("the token has expired")]
    TokenExpired,
    /// The session of the token has ended.
    #[error("the session has ended: {0}")]
    TokenRevoked(Revocation),
    /// Known, but not allowed.
    #[error("the user may not do this")]
    Forbidden,
    /// Somebody tried too often. The client never learns which limit it is.
    #[error("too many attempts: the limit is {limit}")]
    Throttled {
        /// Which limit refused.
        limit: Limit,
        /// When the next attempt is let in.
        retry_after: Duration,
    },
    /// Every place of the hashing queue is taken, or the server is stopping.
    #[error("too much is waiting to be hashed")]
    Busy {
        /// When trying again is worth it.
        retry_after: Duration,
    },
    /// Something that this library needs does not answer. Trying again can help.
    #[error("a service that is needed does not answer")]
    Unavailable(#[source] Source),
    /// A fault of ours, of a store or of a hook.
    #[error("an internal fault")]
    Internal(#[source] Source),
}

/// What is wrong with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FieldFault {
    /// Absent, null or empty.
    #[error("it is missing")]
    Missing,
    /// Of the wrong JSON type.
    #[error("it has the wrong type")]
    WrongType,
    /// Not asked for in this combination.
    #[error("it does not belong here")]
    Unexpected,
    /// No username.
    #[error(transparent)]
    Username(#[from] UsernameFault),
    /// No e-mail address.
    #[error(transparent)]
    Email(#[from] EmailFault),
    /// An over-long password.
    #[error(transparent)]
    Password(#[from] PasswordTooLong),
}

/// Why a session is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Revocation {
    /// There is no such session: signed out, ended or forgotten.
    #[error("no such session")]
    Ended,
    /// The account began a new epoch: password, address, deactivation or sign-out everywhere.
    #[error("the credential has changed")]
    EpochChanged,
    /// The account may not sign in.
    #[error("the account is inactive")]
    Inactive,
    /// The account is gone.
    #[error("the account is gone")]
    Deleted,
    /// A token that had been replaced was used again.
    #[error("a replaced token was used again")]
    Reuse,
}

impl AuthError {
    /// A fault in one field.
    pub(crate) fn field(field: &'static str, fault: impl Into<FieldFault>) -> Self {
        Self::Field { field, fault: fault.into() }
    }

    /// Whether this is a fault or a lack of ours, and nothing that the client did.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Unavailable(_) | Self::Internal(_))
    }

    /// Why this happened, as one stable word for logs and metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Field { .. } => "invalid_field",
            Self::Identity(_) => "identity",
            Self::Taken(Unique::Login) => "login_taken",
            Self::Taken(_) => "email_taken",
            Self::WeakPassword { .. } => "weak_password",
            Self::Credentials(Refusal::UnknownUser) => "unknown_user",
            Self::Credentials(Refusal::WrongPassword) => "wrong_password",
            Self::Credentials(Refusal::Inactive) => "inactive",
            Self::Credentials(_) => "unusable_hash",
            Self::RestoreToken(RestoreFault::Expired) => "restore_token_expired",
            Self::RestoreToken(RestoreFault::Unknown) => "restore_token_not_live",
            Self::RestoreToken(_) => "restore_token_malformed",
            Self::TokenMissing => "token_missing",
            Self::TokenInvalid(_) => "token_invalid",
            Self::TokenExpired => "token_expired",
            Self::TokenRevoked(Revocation::Reuse) => "refresh_reuse",
            Self::TokenRevoked(_) => "token_revoked",
            Self::Forbidden => "forbidden",
            Self::Throttled { .. } => "throttled",
            Self::Busy { .. } => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(unique) => Self::Taken(unique),
            StoreError::Unavailable(source) => Self::Unavailable(source),
            StoreError::Backend(source) => Self::Internal(source),
        }
    }
}

impl From<RandomError> for AuthError {
    fn from(error: RandomError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<SigningError> for AuthError {
    fn from(error: SigningError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<TokenFault> for AuthError {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Expired => Self::TokenExpired,
            other => Self::TokenInvalid(other),
        }
    }
}

impl From<HashError> for AuthError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Random(_) | HashError::Memory | HashError::Thread(_) | HashError::Stopped => {
                Self::Unavailable(error.into())
            }
            _ => Self::Internal(error.into()),
        }
    }
}

impl From<RestoreFault> for AuthError {
    fn from(fault: RestoreFault) -> Self {
        Self::RestoreToken(fault)
    }
}

/// An error with its causes in one line, for the operator.
pub(crate) fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
