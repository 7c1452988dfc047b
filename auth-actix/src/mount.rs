use std::future::ready;

use actix_web::guard::{Guard, fn_guard};
use actix_web::http::Method;
use actix_web::web::{self, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource};
use auth_core::Auth;
use auth_core::http::{AuthRequest, Problem, Route};

use crate::request::{body, head};
use crate::response::into_actix;

/// Mounts all account routes below `prefix`: `"/auth"`, or `"/"` for the root. For
/// `App::configure`.
///
/// Each route answers with and without a trailing slash. Everything else below the prefix answers
/// `not_found` in the same envelope; at the root your own routes and your own 404 stay yours.
/// `auth` becomes data of the whole application, where the extractors find it.
pub fn mount(prefix: &str, auth: Auth) -> impl FnOnce(&mut ServiceConfig) + use<> {
    mount_only(prefix, auth, &Route::ALL)
}

/// Mounts these routes and leaves the others out: they answer `not_found`.
pub fn mount_only(prefix: &str, auth: Auth, routes: &[Route]) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let prefix = prefix.trim_end_matches('/').to_owned();
    let routes = routes.to_vec();
    move |config| {
        auth.start_worker();
        config.app_data(auth.clone());
        // Neither a list of paths nor a tail: actix matches both by a regular expression, which every
        // request to a later route of the host would pay for.
        // It compares them one after the other. Those that are asked for most often are the last of the
        // contract.
        for route in routes.into_iter().rev() {
            let path = format!("{prefix}{}", route.path());
            config.service(endpoint(path.clone(), route, &auth)).service(endpoint(format!("{path}/"), route, &auth));
        }
        if !prefix.is_empty() {
            let answer = auth.refuse(Problem::not_found());
            let nothing_here = web::to(move || ready(into_actix(answer.clone())));
            config.service(web::scope(&prefix).default_service(nothing_here));
        }
    }
}

fn endpoint(path: String, route: Route, auth: &Auth) -> Resource {
    let auth = auth.clone();
    web::resource(path)
        .guard(as_written(route))
        .to(move |request: HttpRequest, payload: Payload| answer(auth.clone(), route, request, payload))
}

/// actix matches the decoded path, so that `/sign%69n` would lead to a route here and nowhere on
/// axum, or past a proxy that has rules for `/signin`.
fn as_written(route: Route) -> impl Guard {
    fn_guard(move |context| context.head().uri.path().trim_end_matches('/').ends_with(route.path()))
}

async fn answer(auth: Auth, route: Route, request: HttpRequest, payload: Payload) -> HttpResponse {
    if request.method() != Method::POST {
        return into_actix(auth.refuse(Problem::method_not_allowed()));
    }
    let read = if route.reads_body() { body(payload).await } else { Ok(Vec::new()) };
    into_actix(auth.handle(AuthRequest::new(route, head(&request), read)).await)
}
