use std::fmt::Display;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use auth_core::account::User;

use super::Extraction;
use crate::loaded::principal;
use crate::request::{auth, head};
use crate::response::AuthRejection;

/// The signed-in user: token, session, account and epoch were checked for this request.
///
/// `T` is your own type where you have one: `CurrentUser<Member>` with `Member: TryFrom<User>`.
///
/// Rejects with `token_missing`, `token_invalid`, `token_expired` or `token_revoked` (401),
/// `unavailable` (503) when a store does not answer, and `internal` (500) when `T` cannot be made.
///
/// Do not write `Option<CurrentUser>`: actix-web turns every rejection into `None`, so a bad token
/// would look like nobody. [`MaybeUser`] is what you want.
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

impl<T> FromRequest for CurrentUser<T>
where
    T: TryFrom<User, Error: Display> + 'static,
{
    type Error = AuthRejection;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { current(&request).await.map(Self) })
    }
}

impl<T> FromRequest for MaybeUser<T>
where
    T: TryFrom<User, Error: Display> + 'static,
{
    type Error = AuthRejection;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if head(&request).authorization.is_meant() {
                current(&request).await.map(|user| Self(Some(user)))
            } else {
                Ok(Self(None))
            }
        })
    }
}

async fn current<T: TryFrom<User, Error: Display>>(request: &HttpRequest) -> Result<T, AuthRejection> {
    let auth = auth(request)?;
    let principal = principal(request, &auth).await?;
    Ok(auth.bearer_as(&principal)?)
}
