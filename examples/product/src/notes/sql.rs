use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::UserId;
use auth_core::store::StoreError;
use sqlx::{ColumnIndex, Decode, Error, Executor as _, Row};
use tokio::time::timeout;

use super::Note;
use super::store::{Deleted, Inserted, MAX_NOTES, NoteStore};
use crate::sql::{Dialect, Pool, on_each};

/// The condition and the write are one statement. In SQLite writers take turns, so that the limit
/// is exact; on a server it can be passed by as many as write at one moment, which a list can bear.
const INSERT: &str = "
    INSERT INTO app_notes (id, owner, title, body, created_at)
    SELECT $1, $2, $3, $4, $5 FROM (SELECT 1) AS always
    WHERE (SELECT count(*) FROM app_notes WHERE owner = $6) < $7";
const GET: &str = "SELECT id, owner, title, body, created_at FROM app_notes WHERE owner = $1 AND id = $2";
const DELETE: &str = "DELETE FROM app_notes WHERE owner = $1 AND id = $2";

/// How long a verb may take: 3 seconds for a connection and 5 for the answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// Notes in the database of the accounts, in a table of their own.
#[derive(Debug, Clone)]
pub(crate) struct SqlNotes(Pool);

impl SqlNotes {
    /// Makes the table where it is missing.
    pub(crate) async fn open(pool: Pool) -> Result<Self, Error> {
        for sql in table(pool.dialect()) {
            match on_each!(Pool, &pool, pool => pool.execute(*sql).await.map(drop)) {
                Err(error) if is_made_by_another(&error) => {}
                made => made?,
            }
        }
        Ok(Self(pool))
    }
}

/// What PostgreSQL says when two starts make one table at one moment.
fn is_made_by_another(error: &Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// `seq` is the order of arrival, and SQLite has one already.
const fn table(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite => &[
            "CREATE TABLE IF NOT EXISTS app_notes (
                id TEXT PRIMARY KEY,
                owner TEXT NOT NULL,
                title TEXT NOT NULL,
                body TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT",
            "CREATE INDEX IF NOT EXISTS app_notes_owner ON app_notes (owner, created_at)",
        ],
        Dialect::Postgres => &[
            "CREATE TABLE IF NOT EXISTS app_notes (
                seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
                id VARCHAR(64) PRIMARY KEY,
                owner VARCHAR(64) NOT NULL,
                title VARCHAR(200) NOT NULL,
                body TEXT NOT NULL,
                created_at BIGINT NOT NULL
            )",
            "CREATE INDEX IF NOT EXISTS app_notes_owner ON app_notes (owner, created_at, seq)",
        ],
        Dialect::MySql => &["CREATE TABLE IF NOT EXISTS app_notes (
                seq BIGINT NOT NULL AUTO_INCREMENT UNIQUE,
                id VARCHAR(64) PRIMARY KEY,
                owner VARCHAR(64) NOT NULL,
                title VARCHAR(200) NOT NULL,
                body TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                INDEX app_notes_owner (owner, created_at, seq)
            ) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"],
    }
}

const fn list(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "SELECT id, owner, title, body, created_at FROM app_notes WHERE owner = $1 \
             ORDER BY created_at DESC, rowid DESC"
        }
        Dialect::Postgres | Dialect::MySql => {
            "SELECT id, owner, title, body, created_at FROM app_notes WHERE owner = $1 \
             ORDER BY created_at DESC, seq DESC"
        }
    }
}

#[async_trait]
impl NoteStore for SqlNotes {
    async fn insert(&self, note: &Note) -> Result<Inserted, StoreError> {
        let sql = self.0.dialect().words(INSERT);
        let inserted = on_each!(Pool, &self.0, pool => {
            let query = sqlx::query(sql)
                .bind(&note.id)
                .bind(note.owner.as_str())
                .bind(&note.title)
                .bind(&note.body)
                .bind(note.created_at.as_millis())
                .bind(note.owner.as_str())
                .bind(i64::try_from(MAX_NOTES).unwrap_or(i64::MAX));
            within(query.execute(pool)).await?.rows_affected()
        });
        Ok(if inserted == 1 { Inserted::Kept } else { Inserted::Full })
    }

    async fn list(&self, owner: &UserId) -> Result<Vec<Note>, StoreError> {
        let dialect = self.0.dialect();
        let sql = dialect.words(list(dialect));
        on_each!(Pool, &self.0, pool => {
            let query = sqlx::query(sql).bind(owner.as_str());
            within(query.fetch_all(pool)).await?.iter().map(note).collect()
        })
    }

    async fn get(&self, owner: &UserId, id: &str) -> Result<Option<Note>, StoreError> {
        let sql = self.0.dialect().words(GET);
        on_each!(Pool, &self.0, pool => {
            let query = sqlx::query(sql).bind(owner.as_str()).bind(id);
            within(query.fetch_all(pool)).await?.first().map(note).transpose()
        })
    }

    async fn delete(&self, owner: &UserId, id: &str) -> Result<Deleted, StoreError> {
        let sql = self.0.dialect().words(DELETE);
        let deleted = on_each!(Pool, &self.0, pool => {
            let query = sqlx::query(sql).bind(owner.as_str()).bind(id);
            within(query.execute(pool)).await?.rows_affected()
        });
        Ok(if deleted == 0 { Deleted::NotThere } else { Deleted::Gone })
    }
}

async fn within<T>(verb: impl Future<Output = Result<T, Error>>) -> Result<T, StoreError> {
    timeout(PATIENCE, verb).await.map_err(StoreError::unavailable)?.map_err(StoreError::unavailable)
}

fn note<'r, R>(row: &'r R) -> Result<Note, StoreError>
where
    R: Row,
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database>,
    i64: Decode<'r, R::Database>,
{
    // MySQL calls a text of a binary collation bytes.
    let text = |column: &'static str| row.try_get_unchecked::<String, _>(column).map_err(StoreError::backend);
    Ok(Note {
        id: text("id")?,
        owner: UserId::stored(text("owner")?),
        title: text("title")?,
        body: text("body")?,
        created_at: Timestamp::from_millis(row.try_get_unchecked("created_at").map_err(StoreError::backend)?),
    })
}
