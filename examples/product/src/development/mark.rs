//! The mark in a database: which mode the first start was in, and in development its keys.

use std::fs::OpenOptions;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Acquire as _, ConnectOptions as _, Connection as _, Row as _};
use zeroize::Zeroizing;

use super::{DatabaseState, DevelopmentKeys};
use crate::settings::Mode;

const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS app_mark (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        mode TEXT NOT NULL CHECK (mode IN ('development', 'production')),
        jwt_secret TEXT,
        email_encrypt_key TEXT,
        mailbox_key TEXT
    ) STRICT";
const OBJECTS: &str = "SELECT count(*) FROM sqlite_schema";
const HAS_MARK: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'app_mark'";
const READ: &str = "SELECT mode, jwt_secret, email_encrypt_key, mailbox_key FROM app_mark WHERE id = 1";
const WRITE: &str =
    "INSERT INTO app_mark (id, mode, jwt_secret, email_encrypt_key, mailbox_key) VALUES (1, $1, $2, $3, $4)";

/// How the wish to run in a mode on a database ended.
#[must_use]
pub(crate) enum Claim {
    /// The database is marked with the mode; in development these are its keys.
    Ours(Option<DevelopmentKeys>),
    /// It is not for this mode, whatever it was a moment ago.
    Refused,
}

/// Looks at the database without making or changing anything.
pub(crate) async fn look(url: &str) -> Result<DatabaseState, sqlx::Error> {
    let options = options(url)?;
    if !options.get_filename().exists() {
        return Ok(DatabaseState::New);
    }
    let mut connection = options.connect().await?;
    let state = state(&mut connection).await;
    connection.close().await?;
    state
}

/// Marks the database for `mode` if it may be, and in development gives its keys: those of its
/// first start, else `fresh`. One transaction, so that of two first starts in different modes only
/// one gets it.
pub(crate) async fn claim(url: &str, mode: Mode, fresh: &DevelopmentKeys) -> Result<Claim, sqlx::Error> {
    let options = options(url)?;
    create(options.get_filename())?;
    let mut connection = options.connect().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let claim = decide(transaction.acquire().await?, mode, fresh).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(claim)
}

async fn decide(db: &mut SqliteConnection, mode: Mode, fresh: &DevelopmentKeys) -> Result<Claim, sqlx::Error> {
    match (mode, state(db).await?) {
        (Mode::Production, DatabaseState::Production) => Ok(Claim::Ours(None)),
        (Mode::Production, DatabaseState::New | DatabaseState::Used) => {
            write(db, "production", None).await?;
            Ok(Claim::Ours(None))
        }
        (Mode::Development, DatabaseState::New) => {
            write(db, "development", Some(fresh)).await?;
            Ok(Claim::Ours(Some(fresh.clone())))
        }
        (Mode::Development, DatabaseState::Development) => keys(db).await.map(|keys| Claim::Ours(Some(keys))),
        _ => Ok(Claim::Refused),
    }
}

async fn state(db: &mut SqliteConnection) -> Result<DatabaseState, sqlx::Error> {
    let objects: i64 = sqlx::query_scalar(OBJECTS).fetch_one(&mut *db).await?;
    if objects == 0 {
        return Ok(DatabaseState::New);
    }
    let has_mark: i64 = sqlx::query_scalar(HAS_MARK).fetch_one(&mut *db).await?;
    if has_mark == 0 {
        return Ok(DatabaseState::Used);
    }
    let marked = sqlx::query(READ).fetch_all(&mut *db).await?;
    match marked.first().map(|row| row.try_get::<String, _>("mode")).transpose()?.as_deref() {
        Some("development") => Ok(DatabaseState::Development),
        Some(_) => Ok(DatabaseState::Production),
        None => Ok(DatabaseState::Used),
    }
}

async fn write(db: &mut SqliteConnection, mode: &str, keys: Option<&DevelopmentKeys>) -> Result<(), sqlx::Error> {
    sqlx::query(TABLE).execute(&mut *db).await?;
    sqlx::query(WRITE)
        .bind(mode)
        .bind(keys.map(|keys| keys.jwt_secret.as_str()))
        .bind(keys.map(|keys| keys.email_encrypt_key.as_str()))
        .bind(keys.map(|keys| keys.mailbox.as_str()))
        .execute(&mut *db)
        .await?;
    Ok(())
}

async fn keys(db: &mut SqliteConnection) -> Result<DevelopmentKeys, sqlx::Error> {
    let row = sqlx::query(READ).fetch_one(&mut *db).await?;
    Ok(DevelopmentKeys {
        jwt_secret: Zeroizing::new(row.try_get("jwt_secret")?),
        email_encrypt_key: Zeroizing::new(row.try_get("email_encrypt_key")?),
        mailbox: Zeroizing::new(row.try_get("mailbox_key")?),
    })
}

fn options(url: &str) -> Result<SqliteConnectOptions, sqlx::Error> {
    Ok(url.parse::<SqliteConnectOptions>()?.create_if_missing(false).disable_statement_logging())
}

/// The keys lie in it, so only its owner may read it.
fn create(path: &Path) -> Result<(), sqlx::Error> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(sqlx::Error::Io)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::OsRandom;

    fn fresh() -> DevelopmentKeys {
        DevelopmentKeys::draw(&OsRandom).unwrap()
    }

    fn place() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/app.db", folder.path().display());
        (folder, url)
    }

    #[derive(Debug, PartialEq)]
    struct Refused;

    async fn try_claim(url: &str, mode: Mode) -> Result<Option<DevelopmentKeys>, Refused> {
        match claim(url, mode, &fresh()).await.unwrap() {
            Claim::Ours(keys) => Ok(keys),
            Claim::Refused => Err(Refused),
        }
    }

    #[tokio::test]
    async fn looking_makes_no_file() {
        let (folder, url) = place();
        assert_eq!(look(&url).await.unwrap(), DatabaseState::New);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn the_keys_of_a_database_stay_the_same() {
        let (_folder, url) = place();
        let first = try_claim(&url, Mode::Development).await.unwrap();
        assert!(first.is_some());
        assert_eq!(try_claim(&url, Mode::Development).await.unwrap(), first);
        assert_eq!(look(&url).await.unwrap(), DatabaseState::Development);
    }

    #[tokio::test]
    async fn production_does_not_get_a_database_of_development() {
        let (_folder, url) = place();
        assert!(try_claim(&url, Mode::Development).await.is_ok());
        assert_eq!(try_claim(&url, Mode::Production).await, Err(Refused));
    }

    #[tokio::test]
    async fn development_does_not_get_a_database_of_production() {
        let (_folder, url) = place();
        assert_eq!(try_claim(&url, Mode::Production).await, Ok(None));
        assert_eq!(try_claim(&url, Mode::Development).await, Err(Refused));
        assert_eq!(try_claim(&url, Mode::Production).await, Ok(None));
    }

    #[tokio::test]
    async fn development_does_not_get_a_used_database_and_production_does() {
        let (_folder, url) = place();
        create(options(&url).unwrap().get_filename()).unwrap();
        let mut connection = options(&url).unwrap().connect().await.unwrap();
        sqlx::query("CREATE TABLE members (id INTEGER)").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(try_claim(&url, Mode::Development).await, Err(Refused));
        assert_eq!(try_claim(&url, Mode::Production).await, Ok(None));
    }

    #[tokio::test]
    async fn of_two_first_starts_in_two_modes_one_gets_the_database() {
        for _ in 0..20 {
            let (_folder, url) = place();
            let (develop, produce) =
                tokio::join!(try_claim(&url, Mode::Development), try_claim(&url, Mode::Production));
            assert!(develop.is_ok() != produce.is_ok());
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_may_read_the_keys() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, url) = place();
        assert!(try_claim(&url, Mode::Development).await.is_ok());
        let mode = std::fs::metadata(folder.path().join("app.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
