//! What a careful host writes by hand: jsonwebtoken's `decode`, or the least that checks a token, and the
//! statements of the library on a pool that is set up as the library's.

use auth_core::{Clock as _, SystemClock, Timestamp};
use benches::Result;
use benches::floor::Hs256;
use benches::setup::JWT_SECRET;
use jsonwebtoken::{DecodingKey, Validation};
use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions as _, FromRow};
use std::sync::Arc;

use crate::words::{Message, TokenBody, UserAnswer, UserBody};

const SESSION: &str = "SELECT id, user_id, epoch, generation, jti, issued_at, expires_at, created_at, rotated_at, \
    absolute_end, client_ip, user_agent FROM auth_sessions WHERE id = $1";
const USER: &str = "SELECT id, username, email, password, epoch, is_active, date_joined, last_login, roles, attributes \
    FROM auth_users WHERE id = $1";
/// The statement of the library; what is needed here stands first.
const BOTH: &str = "SELECT u.id, u.username, u.email, u.password, u.epoch, u.is_active, u.date_joined, u.last_login, \
    s.user_id, s.epoch, u.roles, u.attributes, s.id, s.generation, s.jti, s.issued_at, s.expires_at, s.created_at, \
    s.rotated_at, s.absolute_end, s.client_ip, s.user_agent \
    FROM auth_sessions s LEFT JOIN auth_users u ON u.id = s.user_id \
    WHERE s.id = (SELECT $1)";

#[derive(Clone)]
pub(crate) struct Bare {
    keys: Arc<(DecodingKey, Validation)>,
    floor: Hs256,
    pub(crate) database: Database,
}

#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

#[derive(Deserialize)]
pub(crate) struct Claims {
    sub: String,
    sid: String,
    epoch: String,
    exp: i64,
}

/// The first columns of a session: id, account, epoch.
type SessionRow = (String, String, String);
/// The first columns of an account: id, name, address, hash, epoch, active, joined, last sign-in.
type UserRow = (String, String, Option<String>, String, String, bool, i64, Option<i64>);
/// The same, then the account and the epoch of the session.
type BothRow = (String, String, Option<String>, String, String, bool, i64, Option<i64>, String, String);

impl Bare {
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        let keys = (DecodingKey::from_secret(JWT_SECRET.as_bytes()), Validation::default());
        Ok(Self { keys: Arc::new(keys), floor: Hs256::default(), database: Database::connect(url).await? })
    }

    /// `None` for every token that is not a good one.
    #[expect(clippy::disallowed_methods, reason = "it is what the library is compared with")]
    pub(crate) fn decode(&self, token: &str) -> Option<Claims> {
        let (key, validation) = &*self.keys;
        jsonwebtoken::decode::<Claims>(token, key, validation).ok().map(|decoded| decoded.claims)
    }

    pub(crate) fn validation(&self, body: &TokenBody) -> Option<Message> {
        Some(Message::will_expire(Timestamp::from_unix_seconds(self.decode(&body.token)?.exp)))
    }

    /// The same with nothing but what nobody can do without.
    pub(crate) fn validation_at_best(&self, body: &TokenBody) -> Option<Message> {
        let expires_at = Timestamp::from_unix_seconds(self.floor.expiry(&body.token)?);
        (expires_at > SystemClock.now()).then(|| Message::will_expire(expires_at))
    }

    /// The user, by one statement.
    pub(crate) async fn get_user(&self, body: &TokenBody) -> Option<UserAnswer> {
        let claims = self.decode(&body.token)?;
        let (id, username, email, password, epoch, is_active, joined, last_login, owner, begun_in) =
            self.database.read::<BothRow>(BOTH, &claims.sid).await.ok()??;
        let user = (id, username, email, password, epoch, is_active, joined, last_login);
        answer(user, &claims, (&owner, &begun_in))
    }

    /// The user, by a statement for the session and one for the account.
    pub(crate) async fn get_user_by_two(&self, body: &TokenBody) -> Option<UserAnswer> {
        let claims = self.decode(&body.token)?;
        let (_, owner, begun_in) = self.database.read::<SessionRow>(SESSION, &claims.sid).await.ok()??;
        let user = self.database.read::<UserRow>(USER, &owner).await.ok()??;
        answer(user, &claims, (&owner, &begun_in))
    }
}

impl Database {
    async fn connect(url: &str) -> Result<Self> {
        if url.starts_with("sqlite") {
            let options: SqliteConnectOptions = url.parse()?;
            let options = options.synchronous(SqliteSynchronous::Full).disable_statement_logging();
            let pool = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false);
            return Ok(Self::Sqlite(pool.connect_with(options).await?));
        }
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new().max_connections(10);
        Ok(Self::Postgres(pool.connect_with(options.disable_statement_logging()).await?))
    }

    async fn read<T>(&self, sql: &'static str, id: &str) -> sqlx::Result<Option<T>>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        match self {
            Self::Sqlite(pool) => sqlx::query_as(sql).bind(id).fetch_optional(pool).await,
            Self::Postgres(pool) => sqlx::query_as(sql).bind(id).fetch_optional(pool).await,
        }
    }
}

/// The answer, for an active account whose epoch is still that of token and session.
fn answer(row: UserRow, claims: &Claims, (owner, begun_in): (&str, &str)) -> Option<UserAnswer> {
    let (id, username, email, _, epoch, is_active, joined, last_login) = row;
    let good = is_active && owner == claims.sub && begun_in == claims.epoch && epoch == begun_in;
    let moment = |milliseconds| Timestamp::from_millis(milliseconds).to_rfc3339();
    let (date_joined, last_login) = (moment(joined), last_login.map(moment));
    good.then_some(UserAnswer {
        user: UserBody { id, username, email, is_active, date_joined, last_login },
        status: 200,
    })
}
