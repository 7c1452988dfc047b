//! Databases with as many accounts as a bench asks for.

use std::time::Duration;

use auth_core::account::{Epoch, UserId};
use auth_core::password::{HashingPool, HashingSettings, Password, PasswordPolicy, PolicyContext, Purpose};
use auth_core::session::{SessionId, TokenId};
use auth_core::token::{Algorithm, Claims, KeyMaterial, KeyRing};
use auth_core::{Clock as _, OsRandom, SystemClock, Timestamp};
use auth_sqlx::SqlStore;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::sync::Arc;

use crate::Result;
use crate::load::Request;
use crate::setup::JWT_SECRET;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery staple";
const EPOCH: &str = "epoch-of-everybody-000";
const DAY: Duration = Duration::from_hours(24);

/// A filled database, and some of those who are in it.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The database.
    pub url: String,
    /// Some of its accounts, from everywhere in the tables.
    pub people: Vec<Person>,
}

/// An account with a session.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name to sign in with.
    pub username: String,
    /// The claims of the session's token.
    pub claims: Claims,
    /// The session's token.
    pub token: String,
}

impl Accounts {
    /// Makes so many accounts with a session each. The tables are those of the library; the rows
    /// come all at once, because a million sign-ups would take two hours. Ids are random, as real
    /// ones are, so that neighbours in time are none in an index.
    ///
    /// # Errors
    /// When the database does not take them.
    pub async fn fill(url: &str, accounts: u32, people: u32) -> Result<Self> {
        drop(SqlStore::connect(url).await?);
        let (hash, now) = (hash().await?, SystemClock.now());
        let names = if url.starts_with("sqlite") {
            let mut database = SqliteConnection::connect(url).await?;
            for sql in [HURRY.to_owned(), users(SQLITE, accounts, &hash, now), sessions(now), "ANALYZE".to_owned()] {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut database).await?;
            }
            let rows = sqlx::query(AssertSqlSafe(sample(people))).fetch_all(&mut database).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<(String, String)>>>()?
        } else {
            let mut database = PgConnection::connect(url).await?;
            for sql in [users(POSTGRES, accounts, &hash, now), sessions(now), "ANALYZE".to_owned()] {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut database).await?;
            }
            let rows = sqlx::query(AssertSqlSafe(sample(people))).fetch_all(&mut database).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<(String, String)>>>()?
        };
        let ring = ring()?;
        let people = names.iter().map(|(id, username)| Person::new(&ring, id, username, now));
        Ok(Self { url: url.to_owned(), people: people.collect::<Result<_>>()? })
    }

    /// A request to each person's name that shows the token in the body.
    #[must_use]
    pub fn with_token(&self, path: &str) -> Vec<Request> {
        self.people.iter().map(|person| Request::post(path, &[], &json!({ "token": person.token }))).collect()
    }
}

impl Person {
    fn new(ring: &KeyRing, id: &str, username: &str, now: Timestamp) -> Result<Self> {
        let claims = Claims {
            role: None,
            user: UserId::stored(id),
            session: SessionId::stored(id),
            generation: 0,
            epoch: Epoch::stored(EPOCH),
            jti: TokenId::stored(id),
            issued_at: Timestamp::from_unix_seconds(now.unix_seconds()),
            expires_at: Timestamp::from_unix_seconds(now.unix_seconds()) + DAY,
            issuer: None,
            audience: None,
        };
        let token = ring.mint(&claims)?.expose().to_owned();
        Ok(Self { username: username.to_owned(), claims, token })
    }

    /// The address of the account.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@example.org", self.username)
    }

    /// A sign-in with the right password, from an address of its own behind the proxy.
    #[must_use]
    pub fn sign_in(&self, path: &str, number: usize) -> Request {
        let address = format!("10.{}.{}.1", number / 256, number % 256);
        let body = json!({ "username": self.username, "password": PASSWORD });
        Request::post(path, &[("x-forwarded-for", &address)], &body)
    }
}

/// The ring of the servers.
///
/// # Errors
/// Never, as long as the secret is a good one.
pub fn ring() -> Result<KeyRing> {
    let ring = KeyRing::new(Algorithm::Hs256, &KeyMaterial::secret(JWT_SECRET), &[]);
    ring.map_err(|faults| format!("{faults:?}").into())
}

/// Nothing of this is worth anything after a crash, and pages that go to and fro take minutes.
const HURRY: &str = "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000";

/// One hash serves everybody: whose it is changes nothing of its cost.
async fn hash() -> Result<String> {
    let pool = HashingPool::start(&HashingSettings::default(), Arc::new(OsRandom))?;
    let policy = PasswordPolicy::default();
    let password = policy.accept(policy.bounded(Password::new(PASSWORD))?, &PolicyContext::default())?;
    let ticket = pool.ticket(Purpose::SignUp, None).await.map_err(|_| "no place in an empty pool")?;
    Ok(ticket.hash(password).await?.expose().to_owned())
}

/// Where numbers and random ids come from.
struct Dialect {
    numbers: &'static str,
    id: &'static str,
}

const SQLITE: &Dialect = &Dialect {
    numbers: "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {})",
    id: "substr(lower(hex(randomblob(11))), 1, 22)",
};
const POSTGRES: &Dialect = &Dialect {
    numbers: "WITH numbers(n) AS (SELECT generate_series(1, {}))",
    id: "substr(md5(random()::text || n::text), 1, 22)",
};

fn users(dialect: &Dialect, accounts: u32, hash: &str, now: Timestamp) -> String {
    let numbers = dialect.numbers.replace("{}", &accounts.to_string());
    format!(
        "INSERT INTO auth_users (id, username, login_key, email, email_key, password, is_active, date_joined, epoch) \
         {numbers} SELECT {id}, 'user' || n, 'user' || n, 'user' || n || '@example.org', 'user' || n || '@example.org', \
         '{hash}', TRUE, {now}, '{EPOCH}' FROM numbers",
        id = dialect.id,
        now = now.as_millis(),
    )
}

/// The id of a session is that of its account, which no index minds.
fn sessions(now: Timestamp) -> String {
    let (begun, end) = (now.unix_seconds() * 1000, (now + 29 * DAY).unix_seconds() * 1000);
    let expires = (now + DAY).unix_seconds() * 1000;
    format!(
        "INSERT INTO auth_sessions (id, user_id, epoch, generation, jti, issued_at, expires_at, created_at, rotated_at, \
         absolute_end) SELECT id, id, epoch, 0, id, {begun}, {expires}, {begun}, {begun}, {end} FROM auth_users"
    )
}

fn sample(people: u32) -> String {
    format!("SELECT id, username FROM auth_users ORDER BY random() LIMIT {people}")
}
