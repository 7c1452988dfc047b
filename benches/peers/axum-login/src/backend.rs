use axum_login::{AuthUser, AuthnBackend, UserId};
use password_auth::{generate_hash, verify_password};
use serde::Deserialize;
use sqlx::{FromRow, SqlitePool};

pub(crate) type AuthSession = axum_login::AuthSession<Backend>;

const TABLE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, password TEXT NOT NULL)";
const FILL: &str = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000) \
    INSERT INTO users (id, username, password) SELECT n, 'user' || n, $1 FROM numbers";

#[derive(Debug, Clone, FromRow)]
pub(crate) struct User {
    id: i64,
    password: String,
}

impl AuthUser for User {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.password.as_bytes()
    }
}

#[derive(Clone, Deserialize)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Task(#[from] tokio::task::JoinError),
}

#[derive(Debug, Clone)]
pub(crate) struct Backend(SqlitePool);

impl Backend {
    /// Ten thousand accounts with one hash.
    pub(crate) async fn fill(pool: SqlitePool) -> Result<Self, sqlx::Error> {
        sqlx::query(TABLE).execute(&pool).await?;
        sqlx::query(FILL).bind(generate_hash("correct horse battery staple")).execute(&pool).await?;
        Ok(Self(pool))
    }
}

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = Credentials;
    type Error = Fault;

    async fn authenticate(&self, shown: Credentials) -> Result<Option<User>, Fault> {
        let query = sqlx::query_as("SELECT id, password FROM users WHERE username = $1");
        let user: Option<User> = query.bind(&shown.username).fetch_optional(&self.0).await?;
        let verify = move || user.filter(|user| verify_password(&shown.password, &user.password).is_ok());
        Ok(tokio::task::spawn_blocking(verify).await?)
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<User>, Fault> {
        let query = sqlx::query_as("SELECT id, password FROM users WHERE id = $1");
        Ok(query.bind(id).fetch_optional(&self.0).await?)
    }
}
