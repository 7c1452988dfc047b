use auth_core::config::Fault;
use auth_core::store::{IntoStores as _, MemoryStore, Stores};
use auth_sqlx::SqlStore;

use super::plan::Plan;
use crate::development::{Claim, DatabaseState, DevelopmentKeys, StandIns, claim, look};
use crate::notes::{MemoryNotes, Notes, SqliteNotes};
use crate::settings::{Database, Mode, Vars};

/// What the settings name, opened.
pub(super) struct Opened {
    pub(super) stores: Stores,
    pub(super) notes: Notes,
    /// In development, with the keys of this database.
    pub(super) stand_ins: Option<StandIns>,
}

impl Opened {
    pub(super) async fn open(plan: &Plan, vars: &Vars<'_>) -> Result<Self, Fault> {
        let (stores, notes, keys) = match &plan.server.database {
            Database::Memory => {
                let keys = (plan.mode == Mode::Development).then(|| plan.keys.clone());
                (MemoryStore::default().into_stores(), Notes::new(MemoryNotes::default()), keys)
            }
            Database::Sqlite(url) => {
                let keys = marked(url, plan).await?;
                let store = SqlStore::connect(url).await.map_err(|error| unusable(&error))?;
                let notes = notes(&store).await?;
                (store.into_stores(), notes, keys)
            }
        };
        Ok(Self { stores, notes, stand_ins: keys.map(|keys| StandIns::new(vars, keys)) })
    }
}

/// What the database says before anything is written to it.
pub(super) async fn look_at(database: &Database) -> Result<DatabaseState, Fault> {
    match database {
        Database::Memory => Ok(DatabaseState::New),
        Database::Sqlite(url) => look(url).await.map_err(|error| unusable(&error)),
    }
}

async fn marked(url: &str, plan: &Plan) -> Result<Option<DevelopmentKeys>, Fault> {
    match claim(url, plan.mode, &plan.keys).await.map_err(|error| unusable(&error))? {
        Claim::Ours(keys) => Ok(keys),
        Claim::Refused => {
            let problem = "another start has taken it for another mode just now";
            Err(Fault::new("DATABASE_URL", problem, "Name another database"))
        }
    }
}

async fn notes(store: &SqlStore) -> Result<Notes, Fault> {
    let Some(pool) = store.sqlite_pool() else {
        return Err(Fault::new("DATABASE_URL", "notes need SQLite", "Use sqlite://app.db"));
    };
    let notes = SqliteNotes::open(pool.clone()).await.map_err(|error| unusable(&error))?;
    Ok(Notes::new(notes))
}

fn unusable(error: &dyn std::error::Error) -> Fault {
    let causes = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string);
    let problem = format!("it cannot be opened ({})", causes.collect::<Vec<_>>().join(": "));
    Fault::new("DATABASE_URL", problem, "Name a file that this process may write to")
}
