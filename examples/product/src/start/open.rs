use auth_core::config::Fault;
use auth_core::store::{IntoStores as _, MemoryStore, Stores};
use auth_core::{Clock as _, SystemClock};
use auth_redis::RedisStore;
use auth_sqlx::{ConnectError, DjangoStore, SqlStore};

use super::plan::Plan;
use crate::development::{Claim, DatabaseState, DevelopmentKeys, StandIns, claim, look};
use crate::notes::{MemoryNotes, Notes, SqlNotes};
use crate::settings::{Database, RedisUrl, Vars};
use crate::sql::Pool;

/// What the settings name, opened.
pub(super) struct Opened {
    pub(super) stores: Stores,
    pub(super) notes: Notes,
    /// In development, with the keys of this database.
    pub(super) stand_ins: Option<StandIns>,
}

impl Opened {
    pub(super) async fn open(plan: &Plan, vars: &Vars<'_>) -> Result<Self, Fault> {
        let database = &plan.server.database;
        let attempts = attempts(plan.server.redis.as_ref()).await?;
        let keys = marked(database, plan).await?;
        let (stores, notes) = match database {
            Database::Memory => (MemoryStore::default().into_stores(), Notes::new(MemoryNotes::default())),
            Database::Sqlite(url) | Database::Postgres(url) | Database::MySql(url) => {
                let store = SqlStore::connect(url).await.map_err(|error| unusable(database, &error))?;
                let notes = notes(&store).await.map_err(|error| unusable(database, &error))?;
                (stores(store, plan).await?, notes)
            }
        };
        let stores = match attempts {
            Some(attempts) => stores.with_attempts(attempts),
            None => stores,
        };
        Ok(Self { stores, notes, stand_ins: keys.map(|keys| StandIns::new(vars, keys)) })
    }
}

/// What the database says before anything is written to it.
pub(super) async fn look_at(database: &Database) -> Result<DatabaseState, Fault> {
    look(database).await.map_err(|error| unusable(database, &error))
}

async fn marked(database: &Database, plan: &Plan) -> Result<Option<DevelopmentKeys>, Fault> {
    match claim(database, plan.mode, &plan.keys).await.map_err(|error| unusable(database, &error))? {
        Claim::Ours(keys) => Ok(keys),
        Claim::Refused => {
            let problem = "another start has taken it for another mode just now";
            Err(Fault::new("DATABASE_URL", problem, "Name another database"))
        }
    }
}

/// Accounts in a table of ours, or in that of a Django project.
async fn stores(store: SqlStore, plan: &Plan) -> Result<Stores, Fault> {
    let Some(django) = &plan.server.django else { return Ok(store.into_stores()) };
    let opened = DjangoStore::open(store, &django.table, SystemClock.now()).await;
    let store = opened.map_err(|error| match error {
        ConnectError::UserTable { .. } | ConnectError::OtherUserTable(_) => Fault::new(
            "AUTH_DJANGO_TABLE",
            told(&error),
            "Name the user table of the project, which has a column restoring_token",
        ),
        error => unusable(&plan.server.database, &error),
    })?;
    Ok(store.into_stores())
}

async fn attempts(redis: Option<&RedisUrl>) -> Result<Option<RedisStore>, Fault> {
    let Some(url) = redis else { return Ok(None) };
    match RedisStore::connect(url.expose()).await {
        Ok(store) => Ok(Some(store)),
        Err(error) => Err(Fault::new("REDIS_URL", told(&error), "Start it, name another, or leave it out")),
    }
}

async fn notes(store: &SqlStore) -> Result<Notes, sqlx::Error> {
    let pool = Pool::of(store).ok_or(sqlx::Error::PoolClosed)?;
    Ok(Notes::new(SqlNotes::open(pool).await?))
}

fn unusable(database: &Database, error: &dyn std::error::Error) -> Fault {
    Fault::new("DATABASE_URL", format!("it cannot be opened ({})", told(error)), database.mend())
}

fn told(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ")
}
