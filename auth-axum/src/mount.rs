use std::future::ready;

use auth_core::Auth;
use auth_core::http::{AuthRequest, Problem, Route};
use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{MethodRouter, any};

use crate::request::{body, cut};
use crate::response::into_axum;
use crate::state::HasAuth;

/// Mounts all account routes below `prefix`: `"/auth"`, or `"/"` for the root.
///
/// Each route answers with and without a trailing slash. Everything else below the prefix answers
/// `not_found` in the same envelope; at the root your own routes and your own 404 stay yours.
///
/// The state must hold `Auth`, where the extractors look for it; the compiler says so if it does
/// not.
///
/// # Panics
/// As axum does, when `prefix` is not a path or one of the routes is taken.
pub fn mount<S>(prefix: &str, auth: Auth) -> Router<S>
where
    S: HasAuth + Clone + 'static,
{
    mount_only(prefix, auth, &Route::ALL)
}

/// Mounts these routes and leaves the others out: they answer `not_found`.
///
/// # Panics
/// As [`mount`].
#[expect(clippy::needless_pass_by_value, reason = "`Auth` is a handle, given away as in `with_state`")]
pub fn mount_only<S>(prefix: &str, auth: Auth, routes: &[Route]) -> Router<S>
where
    S: HasAuth + Clone + 'static,
{
    auth.start_worker();
    let prefix = prefix.trim_end_matches('/');
    let mut mounted = Router::new();
    for route in routes {
        let path = format!("{prefix}{}", route.path());
        mounted = mounted.route(&format!("{path}/"), endpoint(*route, &auth)).route(&path, endpoint(*route, &auth));
    }
    if prefix.is_empty() {
        return mounted;
    }
    mounted
        .route(prefix, nothing_here(&auth))
        .route(&format!("{prefix}/"), nothing_here(&auth))
        .route(&format!("{prefix}/{{*rest}}"), nothing_here(&auth))
}

fn endpoint<S>(route: Route, auth: &Auth) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let auth = auth.clone();
    any(move |request: Request| answer(auth, route, request))
}

async fn answer(auth: Auth, route: Route, request: Request) -> Response {
    if request.method() != Method::POST {
        return into_axum(auth.refuse(Problem::method_not_allowed()));
    }
    let (head, stream) = cut(request);
    let read = if route.reads_body() { body(stream).await } else { Ok(Vec::new()) };
    into_axum(auth.handle(AuthRequest::new(route, head, read)).await)
}

fn nothing_here<S>(auth: &Auth) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let answer = auth.refuse(Problem::not_found());
    any(move || ready(into_axum(answer.clone())))
}
