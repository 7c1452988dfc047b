use std::fmt::Display;
use std::ops::Deref;

use auth_core::account::User;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;

use crate::loaded::principal;
use crate::request::head;
use crate::response::AuthRejection;
use crate::state::HasAuth;

/// The signed-in user: token, session, account and epoch were checked for this request.
///
/// `T` is your own type where you have one: `CurrentUser<Member>` with `Member: TryFrom<User>`.
///
/// Rejects with `token_missing`, `token_invalid`, `token_expired` or `token_revoked` (401),
/// `unavailable` (503) when a store does not answer, and `internal` (500) when `T` cannot be made.
/// `Option<CurrentUser>` means the same as [`MaybeUser`].
#[derive(Debug, Clone)]
pub struct CurrentUser<T = User>(pub T);

/// The signed-in user, or nobody: without an `Authorization` header, or with another scheme than
/// `Bearer`. A bad token still rejects as [`CurrentUser`] does.
#[derive(Debug, Clone)]
pub struct MaybeUser<T = User>(pub Option<T>);

impl<T> Deref for CurrentUser<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Deref for MaybeUser<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<S, T> FromRequestParts<S> for CurrentUser<T>
where
    S: HasAuth,
    T: TryFrom<User, Error: Display>,
{
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthRejection> {
        let auth = state.auth();
        let principal = principal(parts, &auth).await?;
        Ok(Self(auth.bearer_as(&principal)?))
    }
}

impl<S, T> OptionalFromRequestParts<S> for CurrentUser<T>
where
    S: HasAuth,
    T: TryFrom<User, Error: Display>,
{
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, AuthRejection> {
        if head(parts).authorization.is_meant() {
            <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
        } else {
            Ok(None)
        }
    }
}

impl<S, T> FromRequestParts<S> for MaybeUser<T>
where
    S: HasAuth,
    T: TryFrom<User, Error: Display>,
{
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthRejection> {
        let user = <CurrentUser<T> as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await?;
        Ok(Self(user.map(|CurrentUser(user)| user)))
    }
}
