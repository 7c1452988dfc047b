use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use auth_core::Auth;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use tower::{Layer, Service};

use crate::loaded::principal;
use crate::request::head;
use crate::response::AuthRejection;

/// Lets signed-in users through, after the checks of [`CurrentUser`](crate::CurrentUser), which it
/// shares with the extractors of the same request.
///
/// ```
/// # use auth_core::{Auth, Settings, store::MemoryStore};
/// # use axum::{Router, routing::get};
/// # let auth = Auth::builder(Settings::development(), MemoryStore::default()).build()?;
/// let members: Router = Router::new()
///     .route("/club", get(|| async { "welcome" }))
///     .route_layer(auth_axum::RequireAuth::new(auth));
/// # Ok::<(), auth_core::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RequireAuth(Auth);

/// Lets good tokens through, by signature and times alone: no database.
#[derive(Debug, Clone)]
pub struct RequireToken(Auth);

/// Lets signed-in users through to whom the store gives a role. The `role` claim is never read:
/// it is one constant for everybody.
#[derive(Debug, Clone)]
pub struct RequireRole(Auth, Arc<str>);

impl RequireAuth {
    /// A guard for `.route_layer(..)` or `.layer(..)`.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self(auth)
    }
}

impl RequireToken {
    /// A guard for `.route_layer(..)` or `.layer(..)`.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self(auth)
    }
}

impl RequireRole {
    /// A guard for `.route_layer(..)` or `.layer(..)`.
    #[must_use]
    pub fn new(auth: Auth, role: impl Into<Arc<str>>) -> Self {
        Self(auth, role.into())
    }
}

impl<S> Layer<S> for RequireAuth {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { auth: self.0.clone(), demand: Demand::User, inner }
    }
}

impl<S> Layer<S> for RequireToken {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { auth: self.0.clone(), demand: Demand::Token, inner }
    }
}

impl<S> Layer<S> for RequireRole {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { auth: self.0.clone(), demand: Demand::Role(self.1.clone()), inner }
    }
}

#[derive(Debug, Clone)]
enum Demand {
    Token,
    User,
    Role(Arc<str>),
}

impl Demand {
    async fn check(&self, auth: &Auth, parts: &mut Parts) -> Result<(), AuthRejection> {
        match self {
            Self::Token => Ok(auth.bearer_claims(&head(parts)).map(|_| ())?),
            Self::User => principal(parts, auth).await.map(|_| ()),
            Self::Role(role) => {
                let principal = principal(parts, auth).await?;
                Ok(auth.require_role(&principal, role)?)
            }
        }
    }
}

/// What a guard makes of a service.
#[derive(Debug, Clone)]
pub struct Guarded<S> {
    auth: Auth,
    demand: Demand,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Future: Send> + Clone + Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The clone is not ready yet, the one that was asked is: hand that one on.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let (auth, demand) = (self.auth.clone(), self.demand.clone());
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match demand.check(&auth, &mut parts).await {
                Ok(()) => inner.call(Request::from_parts(parts, body)).await,
                Err(rejection) => Ok(rejection.into_response()),
            }
        })
    }
}
