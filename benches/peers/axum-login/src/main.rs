//! axum-login as its SQLite example sets it up: sessions and accounts in SQLite, hashes by
//! password-auth in a blocking task, `login_required!` as the guard.

mod backend;

use std::error::Error;
use std::str::FromStr as _;

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_login::{AuthManagerLayerBuilder, login_required};
use serde_json::json;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use tower_sessions::SessionManagerLayer;
use tower_sessions_sqlx_store::SqliteStore;

use crate::backend::{AuthSession, Backend, Credentials};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())?;
    let url = format!("sqlite://{}", folder.path().join("axum-login.db").display());
    let options = SqliteConnectOptions::from_str(&url)?.create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePool::connect_with(options).await?;
    let sessions = SqliteStore::new(pool.clone());
    sessions.migrate().await?;
    let backend = Backend::fill(pool).await?;

    let auth = AuthManagerLayerBuilder::new(backend, SessionManagerLayer::new(sessions).with_secure(false)).build();
    let app = Router::new()
        .route("/club", get(async || "welcome"))
        .route_layer(login_required!(Backend))
        .route("/login", post(login))
        .layer(auth);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", json!({ "address": listener.local_addr()?, "resident": 0 }));
    Ok(axum::serve(listener, app).await?)
}

async fn login(mut session: AuthSession, Json(credentials): Json<Credentials>) -> Result<&'static str, StatusCode> {
    let user = session.authenticate(credentials).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let user = user.ok_or(StatusCode::UNAUTHORIZED)?;
    session.login(&user).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok("welcome")
}
