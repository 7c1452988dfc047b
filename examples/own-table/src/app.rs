use std::path::Path;
use std::time::Duration;

use auth_axum::{CurrentUser, RequireRole};
use auth_core::{Auth, Settings, Stores};
use auth_sqlx::SqlStore;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row as _, query};

use crate::{Member, Members, adopt};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The database of the application with its own migrations, which have nothing to do with ours.
///
/// # Errors
/// When the file cannot be opened or a migration fails.
pub async fn open(file: &Path) -> Result<SqlitePool, Failure> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(4));
    let pool = SqlitePoolOptions::new().acquire_timeout(Duration::from_secs(3)).connect_with(options).await?;
    Migrator::new(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))).await?.run(&pool).await?;
    let adopted = adopt(&pool).await?;
    if !adopted.contested.is_empty() {
        tracing::warn!(members = ?adopted.contested, "these members have a name or an address of another member");
    }
    Ok(pool)
}

/// Members in their table; sessions, mails and counters in tables of ours beside it.
///
/// # Errors
/// When our tables cannot be made, and for every setting that cannot be used.
pub async fn auth(settings: Settings, pool: &SqlitePool) -> Result<Auth, Failure> {
    let settings = settings.signup_attributes(["full_name"]).public_attributes(["full_name", "plan"]);
    let stores = Stores::new(Members(pool.clone()), SqlStore::from_sqlite_pool(pool.clone()).await?);
    Ok(Auth::builder(settings, stores).build()?)
}

/// The application: what it had before, and the accounts below `/auth`.
pub fn app(auth: Auth, pool: SqlitePool) -> Router {
    let admins = Router::new()
        .route("/members", get(list))
        .route_layer(RequireRole::new(auth.clone(), "admin"))
        .with_state(pool);
    Router::new().merge(auth_axum::mount("/auth", auth.clone())).route("/me", get(me)).with_state(auth).merge(admins)
}

async fn me(CurrentUser(member): CurrentUser<Member>) -> Json<Member> {
    Json(member)
}

async fn list(State(pool): State<SqlitePool>) -> Result<Json<Vec<String>>, StatusCode> {
    let failed = |error| {
        tracing::error!(%error, "the members cannot be listed");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let sql = "SELECT nickname FROM members WHERE deleted_at IS NULL ORDER BY nickname";
    let rows = query(sql).fetch_all(&pool).await.map_err(failed)?;
    rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map(Json).map_err(failed)
}
