//! The sign-in that stands in most tutorials: one blocking task for each, with memory of its own.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier as _};
use auth_core::{Clock as _, SystemClock};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use benches::floor::WireClaims;
use benches::setup::JWT_SECRET;
use jsonwebtoken::{EncodingKey, Header};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use crate::bare::{Bare, Database};
use crate::words::{Message, TokenBody};

const BY_LOGIN: &str = "SELECT id, password, epoch FROM auth_users WHERE login_key = $1";
const OPEN: &str = "INSERT INTO auth_sessions (id, user_id, epoch, generation, jti, issued_at, expires_at, created_at, \
    rotated_at, absolute_end) VALUES ($1, $2, $3, 0, $1, $4, $5, $4, $4, $6)";

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

#[derive(Serialize)]
struct Token {
    token: String,
    status: u16,
}

/// The paths of the library, so that the same load fits.
pub(crate) fn routes() -> Router<Bare> {
    Router::new().route("/auth/signin", post(sign_in)).route("/auth/validation", post(validation))
}

async fn validation(State(bare): State<Bare>, Json(body): Json<TokenBody>) -> Result<Json<Message>, StatusCode> {
    bare.validation(&body).map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

#[expect(clippy::disallowed_methods, reason = "it is what the library is compared with")]
async fn sign_in(State(bare): State<Bare>, Json(shown): Json<Credentials>) -> Result<Json<Token>, StatusCode> {
    const FAULT: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
    let Database::Sqlite(pool) = &bare.database else { return Err(FAULT) };
    let found = sqlx::query(BY_LOGIN).bind(&shown.username).fetch_optional(pool).await.map_err(|_| FAULT)?;
    let row = found.ok_or(StatusCode::UNAUTHORIZED)?;
    let hash: String = row.try_get("password").map_err(|_| FAULT)?;
    let verify = move || {
        let hash = PasswordHash::new(&hash).ok()?;
        Argon2::default().verify_password(shown.password.as_bytes(), &hash).ok()
    };
    let verified = tokio::task::spawn_blocking(verify).await.map_err(|_| FAULT)?;
    verified.ok_or(StatusCode::UNAUTHORIZED)?;

    let (id, epoch): (String, String) = (row.get("id"), row.get("epoch"));
    let mut random = [0; 16];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| FAULT)?;
    let session = format!("{:032x}", u128::from_le_bytes(random));
    let now = SystemClock.now();
    let (expires, end) = (now + Duration::from_mins(15), now + Duration::from_hours(30 * 24));
    let opened = sqlx::query(OPEN).bind(&session).bind(&id).bind(&epoch).bind(now.as_millis());
    opened.bind(expires.as_millis()).bind(end.as_millis()).execute(pool).await.map_err(|_| FAULT)?;
    let claims = WireClaims {
        userid: id.clone(),
        sub: id,
        iat: now.unix_seconds(),
        exp: expires.unix_seconds(),
        jti: session.clone(),
        sid: session,
        r#gen: 0,
        epoch,
    };
    let key = EncodingKey::from_secret(JWT_SECRET.as_bytes());
    let token = jsonwebtoken::encode(&Header::default(), &claims, &key).map_err(|_| FAULT)?;
    Ok(Json(Token { token, status: 200 }))
}
