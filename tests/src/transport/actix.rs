//! The host on actix-web.

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use auth_actix::{AuthClaims, ClientInfo, CurrentUser, MaybeUser, RequireAuth, RequireRole, RequireToken};
use auth_core::Auth;

use super::{Door, Mounted, listener};
use crate::log::Log;
use crate::world::Member;

pub(super) fn serve(auth: &Auth, mounted: Mounted, log: &Log) -> Door {
    let (listener, address) = listener();
    let auth = auth.clone();
    let log = log.dispatch();
    let app = move || {
        // The worker has a thread of its own, which ends with it.
        std::mem::forget(tracing::dispatcher::set_default(&log));
        App::new().configure(|config| host(config, &auth, mounted))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).expect("a listener").run();
    let handle = server.handle();
    tokio::spawn(server);
    // The order to stop goes out with the call; nobody needs to wait for the end.
    Door::Http { address, stop: Box::new(move || drop(handle.stop(false))) }
}

fn host(config: &mut ServiceConfig, auth: &Auth, mounted: Mounted) {
    let mount = auth_actix::mount_only(mounted.prefix, auth.clone(), mounted.routes);
    if mounted.nest.is_empty() {
        mount(config);
    } else {
        config.app_data(auth.clone()).service(web::scope(mounted.nest).configure(mount));
    }
    config
        .route("/me", web::get().to(async |user: CurrentUser| HttpResponse::Ok().json(user.public())))
        .route("/member", web::get().to(async |member: CurrentUser<Member>| member.0.0.clone()))
        .route("/maybe", web::get().to(async |user: MaybeUser| name(user.0.as_ref())))
        .route("/claims", web::get().to(async |claims: AuthClaims| claims.user.to_string()))
        .route("/client", web::get().to(async |client: ClientInfo| format!("{:?} {:?}", client.ip, client.user_agent)))
        .service(web::resource("/club").wrap(RequireAuth::new(auth.clone())).to(async || "/club"))
        .service(web::resource("/gate").wrap(RequireToken::new(auth.clone())).to(async || "/gate"))
        .service(web::resource("/admin").wrap(RequireRole::new(auth.clone(), "admin")).to(async || "/admin"))
        .service(web::resource("/everything").wrap(RequireAuth::new(auth.clone())).to(everything))
        .default_service(web::to(async || {
            HttpResponse::build(StatusCode::NOT_FOUND)
                .content_type("text/plain; charset=utf-8")
                .body("the host's own page")
        }));
}

/// Every extractor behind a guard.
async fn everything(user: CurrentUser, maybe: MaybeUser, claims: AuthClaims, _: CurrentUser<Member>) -> String {
    format!("{} {} {}", user.username, name(maybe.0.as_ref()), claims.user == user.id)
}

fn name(user: Option<&auth_core::account::User>) -> String {
    user.map_or("nobody".to_owned(), |user| user.username.to_string())
}
