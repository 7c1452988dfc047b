//! The mark in a database: which mode the first start was in, and in development its keys.

use sqlx::{ColumnIndex, Decode, Error, Executor as _, Row};
use zeroize::Zeroizing;

use super::{DatabaseState, DevelopmentKeys};
use crate::settings::{Database, Mode};
use crate::sql::{Connection, Dialect, on_each};

/// There is one mark, and whoever writes it first has the database.
const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS app_mark (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        mode VARCHAR(16) NOT NULL CHECK (mode IN ('development', 'production')),
        jwt_secret VARCHAR(64),
        email_encrypt_key VARCHAR(64),
        mailbox_key VARCHAR(64)
    )";
const READ: &str = "SELECT mode, jwt_secret, email_encrypt_key, mailbox_key FROM app_mark WHERE id = 1";
const WRITE: &str =
    "INSERT INTO app_mark (id, mode, jwt_secret, email_encrypt_key, mailbox_key) VALUES (1, $1, $2, $3, $4)";
/// How often a start looks again when others start at the same moment.
const LOOKS: usize = 4;

/// How the wish to run in a mode on a database ended.
#[must_use]
pub(crate) enum Claim {
    /// The database is marked with the mode; in development these are its keys.
    Ours(Option<DevelopmentKeys>),
    /// It is not for this mode, whatever it was a moment ago.
    Refused,
}

/// Looks at the database without making or changing anything.
pub(crate) async fn look(database: &Database) -> Result<DatabaseState, Error> {
    let Some(mut connection) = Connection::existing(database).await? else { return Ok(DatabaseState::New) };
    let found = found(&mut connection).await;
    connection.close().await?;
    Ok(found?.state())
}

/// Marks the database for `mode` if it may be, and in development gives its keys: those of its
/// first start, else `fresh`. Of two first starts in different modes only one writes the mark.
pub(crate) async fn claim(database: &Database, mode: Mode, fresh: &DevelopmentKeys) -> Result<Claim, Error> {
    let Some(mut connection) = Connection::open(database).await? else {
        return Ok(Claim::Ours((mode == Mode::Development).then(|| fresh.clone())));
    };
    let mut claimed = try_to_claim(&mut connection, mode, fresh).await;
    for _ in 1..LOOKS {
        if !matches!(&claimed, Err(error) if is_taken(error)) {
            break;
        }
        claimed = try_to_claim(&mut connection, mode, fresh).await;
    }
    connection.close().await?;
    claimed
}

/// PostgreSQL says the same of a table that another start is making.
fn is_taken(error: &Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

async fn try_to_claim(db: &mut Connection, mode: Mode, fresh: &DevelopmentKeys) -> Result<Claim, Error> {
    match (mode, found(db).await?) {
        (Mode::Production, Found::Production) => Ok(Claim::Ours(None)),
        (Mode::Production, Found::Nothing | Found::Tables) => {
            write(db, "production", None).await?;
            Ok(Claim::Ours(None))
        }
        (Mode::Development, Found::Nothing) => {
            write(db, "development", Some(fresh)).await?;
            Ok(Claim::Ours(Some(fresh.clone())))
        }
        (Mode::Development, Found::Development(keys)) => Ok(Claim::Ours(Some(keys))),
        _ => Ok(Claim::Refused),
    }
}

enum Found {
    Nothing,
    Tables,
    Production,
    Development(DevelopmentKeys),
}

impl Found {
    fn state(&self) -> DatabaseState {
        match self {
            Self::Nothing => DatabaseState::New,
            Self::Tables => DatabaseState::Used,
            Self::Production => DatabaseState::Production,
            Self::Development(_) => DatabaseState::Development,
        }
    }
}

async fn found(db: &mut Connection) -> Result<Found, Error> {
    let (marks, others) = things(db.dialect());
    if count(db, marks).await? > 0
        && let Some(mark) = read(db).await?
    {
        return Ok(mark);
    }
    Ok(if count(db, others).await? > 0 { Found::Tables } else { Found::Nothing })
}

/// How many tables of marks there are, and how much else. A table without a mark is what a start
/// that was killed has left.
const fn things(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Sqlite => (
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'app_mark'",
            "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'app_mark'",
        ),
        Dialect::Postgres => (
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'app_mark'",
            "SELECT count(*) FROM pg_class \
             WHERE relnamespace = to_regnamespace(current_schema()::text) AND relname NOT LIKE 'app\\_mark%'",
        ),
        Dialect::MySql => (
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_schema = database() AND table_name = 'app_mark'",
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_schema = database() AND table_name <> 'app_mark'",
        ),
    }
}

async fn count(db: &mut Connection, sql: &'static str) -> Result<i64, Error> {
    on_each!(Connection, db, db => sqlx::query_scalar(sql).fetch_one(db).await)
}

async fn read(db: &mut Connection) -> Result<Option<Found>, Error> {
    on_each!(Connection, db, db => sqlx::query(READ).fetch_all(db).await?.first().map(mark).transpose())
}

fn mark<'r, R>(row: &'r R) -> Result<Found, Error>
where
    R: Row,
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database>,
{
    let text = |column: &'static str| row.try_get_unchecked::<String, _>(column);
    if text("mode")? != "development" {
        return Ok(Found::Production);
    }
    Ok(Found::Development(DevelopmentKeys {
        jwt_secret: Zeroizing::new(text("jwt_secret")?),
        email_encrypt_key: Zeroizing::new(text("email_encrypt_key")?),
        mailbox: Zeroizing::new(text("mailbox_key")?),
    }))
}

async fn write(db: &mut Connection, mode: &str, keys: Option<&DevelopmentKeys>) -> Result<(), Error> {
    let sql = db.dialect().words(WRITE);
    on_each!(Connection, db, db => {
        db.execute(TABLE).await?;
        sqlx::query(sql)
            .bind(mode)
            .bind(keys.map(|keys| keys.jwt_secret.as_str()))
            .bind(keys.map(|keys| keys.email_encrypt_key.as_str()))
            .bind(keys.map(|keys| keys.mailbox.as_str()))
            .execute(db)
            .await
            .map(drop)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::OsRandom;

    fn fresh() -> DevelopmentKeys {
        DevelopmentKeys::draw(&OsRandom).unwrap()
    }

    fn place() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/app.db", folder.path().display());
        (folder, Database::Sqlite(url))
    }

    async fn run(database: &Database, sql: &'static str) {
        let mut connection = Connection::open(database).await.unwrap().unwrap();
        on_each!(Connection, &mut connection, db => db.execute(sql).await.map(drop)).unwrap();
        connection.close().await.unwrap();
    }

    #[derive(Debug, PartialEq)]
    struct Refused;

    async fn try_claim(database: &Database, mode: Mode) -> Result<Option<DevelopmentKeys>, Refused> {
        match claim(database, mode, &fresh()).await.unwrap() {
            Claim::Ours(keys) => Ok(keys),
            Claim::Refused => Err(Refused),
        }
    }

    #[tokio::test]
    async fn looking_makes_no_file() {
        let (folder, database) = place();
        assert_eq!(look(&database).await.unwrap(), DatabaseState::New);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn the_keys_of_a_database_stay_the_same() {
        let (_folder, database) = place();
        let first = try_claim(&database, Mode::Development).await.unwrap();
        assert!(first.is_some());
        assert_eq!(try_claim(&database, Mode::Development).await.unwrap(), first);
        assert_eq!(look(&database).await.unwrap(), DatabaseState::Development);
    }

    #[tokio::test]
    async fn production_does_not_get_a_database_of_development() {
        let (_folder, database) = place();
        assert!(try_claim(&database, Mode::Development).await.is_ok());
        assert_eq!(try_claim(&database, Mode::Production).await, Err(Refused));
    }

    #[tokio::test]
    async fn development_does_not_get_a_database_of_production() {
        let (_folder, database) = place();
        assert_eq!(try_claim(&database, Mode::Production).await, Ok(None));
        assert_eq!(try_claim(&database, Mode::Development).await, Err(Refused));
        assert_eq!(try_claim(&database, Mode::Production).await, Ok(None));
    }

    #[tokio::test]
    async fn development_does_not_get_a_used_database_and_production_does() {
        let (_folder, database) = place();
        run(&database, "CREATE TABLE members (id INTEGER)").await;
        assert_eq!(try_claim(&database, Mode::Development).await, Err(Refused));
        assert_eq!(try_claim(&database, Mode::Production).await, Ok(None));
    }

    #[tokio::test]
    async fn what_a_killed_first_start_left_is_new() {
        let (_folder, database) = place();
        run(&database, TABLE).await;
        assert_eq!(look(&database).await.unwrap(), DatabaseState::New);
        assert!(try_claim(&database, Mode::Development).await.is_ok());
    }

    #[tokio::test]
    async fn of_two_first_starts_in_two_modes_one_gets_the_database() {
        for _ in 0..20 {
            let (_folder, database) = place();
            let (develop, produce) =
                tokio::join!(try_claim(&database, Mode::Development), try_claim(&database, Mode::Production));
            assert!(develop.is_ok() != produce.is_ok());
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_may_read_the_keys() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, database) = place();
        assert!(try_claim(&database, Mode::Development).await.is_ok());
        let mode = std::fs::metadata(folder.path().join("app.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
