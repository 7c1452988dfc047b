use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::EitherBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::{Error, HttpRequest, ResponseError as _};
use auth_core::Auth;

use crate::loaded::principal;
use crate::request::head;
use crate::response::AuthRejection;

/// Lets signed-in users through, after the checks of [`CurrentUser`](crate::CurrentUser), which it
/// shares with the extractors of the same request.
///
/// ```
/// # use actix_web::{App, web};
/// # use auth_core::{Auth, Settings, store::MemoryStore};
/// # let auth = Auth::builder(Settings::development(), MemoryStore::default()).build()?;
/// let app = App::new().service(
///     web::scope("/club")
///         .wrap(auth_actix::RequireAuth::new(auth))
///         .route("/", web::get().to(|| async { "welcome" })),
/// );
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
    /// A guard for `.wrap(..)`.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self(auth)
    }
}

impl RequireToken {
    /// A guard for `.wrap(..)`.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self(auth)
    }
}

impl RequireRole {
    /// A guard for `.wrap(..)`.
    #[must_use]
    pub fn new(auth: Auth, role: impl Into<Arc<str>>) -> Self {
        Self(auth, role.into())
    }
}

#[derive(Debug, Clone)]
enum Demand {
    Token,
    User,
    Role(Arc<str>),
}

impl Demand {
    async fn check(&self, auth: &Auth, request: &HttpRequest) -> Result<(), AuthRejection> {
        match self {
            Self::Token => Ok(auth.bearer_claims(&head(request)).map(|_| ())?),
            Self::User => principal(request, auth).await.map(|_| ()),
            Self::Role(role) => {
                let principal = principal(request, auth).await?;
                Ok(auth.require_role(&principal, role)?)
            }
        }
    }
}

macro_rules! transform {
    ($guard:ident, $demand:expr) => {
        impl<S, B> Transform<S, ServiceRequest> for $guard
        where
            S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
        {
            type Response = ServiceResponse<EitherBody<B>>;
            type Error = Error;
            type Transform = Guarded<S>;
            type InitError = ();
            type Future = Ready<Result<Guarded<S>, ()>>;

            fn new_transform(&self, inner: S) -> Self::Future {
                let demand: fn(&Self) -> Demand = $demand;
                ready(Ok(Guarded { auth: self.0.clone(), demand: demand(self), inner: Rc::new(inner) }))
            }
        }
    };
}

transform!(RequireAuth, |_| Demand::User);
transform!(RequireToken, |_| Demand::Token);
transform!(RequireRole, |guard| Demand::Role(guard.1.clone()));

/// What a guard makes of a service.
#[derive(Debug)]
pub struct Guarded<S> {
    auth: Auth,
    demand: Demand,
    inner: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for Guarded<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let (auth, demand, inner) = (self.auth.clone(), self.demand.clone(), self.inner.clone());
        Box::pin(async move {
            // A clone of the request must not be alive when the inner service takes it apart.
            let (request, payload) = request.into_parts();
            match demand.check(&auth, &request).await {
                Ok(()) => {
                    let request = ServiceRequest::from_parts(request, payload);
                    inner.call(request).await.map(ServiceResponse::map_into_left_body)
                }
                Err(rejection) => {
                    let refused = rejection.error_response().map_into_right_body();
                    Ok(ServiceResponse::new(request, refused))
                }
            }
        })
    }
}
