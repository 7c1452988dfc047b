//! The host on axum.

use std::net::SocketAddr;

use auth_axum::{AuthClaims, ClientInfo, CurrentUser, MaybeUser, RequireAuth, RequireRole, RequireToken};
use auth_core::Auth;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use super::{Door, Mounted, listener};
use crate::world::Member;

pub(super) fn serve(auth: &Auth, mounted: Mounted) -> Door {
    let (listener, address) = listener();
    let app = host(auth, mounted).into_make_service_with_connect_info::<SocketAddr>();
    let serving = async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        axum::serve(listener, app).await
    };
    let task = tokio::spawn(serving);
    Door::Http { address, stop: Box::new(move || task.abort()) }
}

fn host(auth: &Auth, mounted: Mounted) -> Router {
    let account = auth_axum::mount_only(mounted.prefix, auth.clone(), mounted.routes);
    let account = if mounted.nest.is_empty() { account } else { Router::new().nest(mounted.nest, account) };
    let guarded = |path: &'static str| Router::new().route(path, get(move || async move { path }));
    Router::new()
        .merge(account)
        .route("/me", get(async |user: CurrentUser| Json(user.public())))
        .route("/member", get(async |member: CurrentUser<Member>| member.0.0))
        .route("/maybe", get(async |user: MaybeUser| name(user.0.as_ref())))
        .route("/option", get(async |user: Option<CurrentUser>| name(user.as_deref())))
        .route("/claims", get(async |claims: AuthClaims| claims.user.to_string()))
        .route("/client", get(async |client: ClientInfo| format!("{:?} {:?}", client.ip, client.user_agent)))
        .merge(guarded("/club").route_layer(RequireAuth::new(auth.clone())))
        .merge(guarded("/gate").route_layer(RequireToken::new(auth.clone())))
        .merge(guarded("/admin").route_layer(RequireRole::new(auth.clone(), "admin")))
        .merge(everything().route_layer(RequireAuth::new(auth.clone())))
        .fallback(async || (StatusCode::NOT_FOUND, "the host's own page"))
        .with_state(auth.clone())
}

/// Every extractor behind a guard.
fn everything() -> Router<Auth> {
    async fn everything(user: CurrentUser, maybe: MaybeUser, claims: AuthClaims, _: CurrentUser<Member>) -> String {
        format!("{} {} {}", user.username, name(maybe.0.as_ref()), claims.user == user.id)
    }
    Router::new().route("/everything", get(everything))
}

fn name(user: Option<&auth_core::account::User>) -> String {
    user.map_or("nobody".to_owned(), |user| user.username.to_string())
}
