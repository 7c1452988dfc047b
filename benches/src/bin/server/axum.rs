use auth_axum::RequireAuth;
use auth_core::Auth;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::bare::Bare;
use crate::words::{Message, TokenBody, UserAnswer};

pub(crate) fn routes() -> Router<Bare> {
    Router::new()
        .route("/echo", post(async |Json(body): Json<TokenBody>| Json(Message::echo(body))))
        .route("/bare/validation", post(validation))
        .route("/floor/validation", post(validation_at_best))
        .route("/bare/get_user", post(get_user))
        .route("/bare/get_user_by_two", post(get_user_by_two))
}

pub(crate) fn guarded(auth: &Auth) -> Router<Auth> {
    Router::new().route("/club", get(async || "welcome")).route_layer(RequireAuth::new(auth.clone()))
}

async fn validation(State(bare): State<Bare>, Json(body): Json<TokenBody>) -> Result<Json<Message>, StatusCode> {
    bare.validation(&body).map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

async fn validation_at_best(
    State(bare): State<Bare>,
    Json(body): Json<TokenBody>,
) -> Result<Json<Message>, StatusCode> {
    bare.validation_at_best(&body).map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

async fn get_user(State(bare): State<Bare>, Json(body): Json<TokenBody>) -> Result<Json<UserAnswer>, StatusCode> {
    bare.get_user(&body).await.map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

async fn get_user_by_two(
    State(bare): State<Bare>,
    Json(body): Json<TokenBody>,
) -> Result<Json<UserAnswer>, StatusCode> {
    bare.get_user_by_two(&body).await.map(Json).ok_or(StatusCode::UNAUTHORIZED)
}
