//! torii as its documentation sets it up on axum: its own routes on its own SQLite tables.
//!
//! A thousand accounts share the hash of the first, so that a start does not take a minute.

use std::error::Error;
use std::sync::Arc;

use serde_json::json;
use sqlx::SqlitePool;
use torii::Torii;
use torii::sqlite::SqliteStorage;
use torii_axum::{CookieConfig, LinkConfig, routes};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PASSWORD: &str = "correct horse battery staple";
const COPIES: &str = "WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000) \
    INSERT INTO users (id, name, email, password_hash) \
    SELECT users.id || n, users.name, 'user' || n || '@example.org', users.password_hash FROM users, numbers";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())?;
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("torii.db").display());
    let storage = SqliteStorage::connect(&url).await?;
    storage.migrate().await?;
    let torii = Arc::new(Torii::new(Arc::new(storage.into_repository_provider())));
    torii.password().register("user1@example.org", PASSWORD).await?;
    let pool = SqlitePool::connect(&url).await?;
    sqlx::query("PRAGMA journal_mode = WAL").execute(&pool).await?;
    sqlx::query(COPIES).execute(&pool).await?;
    pool.close().await;

    let account = routes(torii)
        .with_cookie_config(CookieConfig::development())
        .with_link_config(LinkConfig::new("https://app.example.org"));
    let app = axum::Router::new().nest("/auth", account.build());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", json!({ "address": listener.local_addr()?, "resident": 0 }));
    Ok(axum::serve(listener, app).await?)
}
