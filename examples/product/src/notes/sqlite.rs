use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::UserId;
use auth_core::store::StoreError;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqlitePool};

use super::Note;
use super::store::{Deleted, Inserted, MAX_NOTES, NoteStore};

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS app_notes (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT",
    "CREATE INDEX IF NOT EXISTS app_notes_owner ON app_notes (owner, created_at)",
];
/// The condition and the write are one statement, so that parallel inserts cannot outrun it.
const INSERT: &str = "
    INSERT INTO app_notes (id, owner, title, body, created_at)
    SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM app_notes WHERE owner = $2) < $6";
const LIST: &str = "
    SELECT id, owner, title, body, created_at FROM app_notes WHERE owner = $1 ORDER BY created_at DESC, rowid DESC";
const GET: &str = "SELECT id, owner, title, body, created_at FROM app_notes WHERE owner = $1 AND id = $2";
const DELETE: &str = "DELETE FROM app_notes WHERE owner = $1 AND id = $2";

/// Notes in the database of the accounts, in a table of their own.
#[derive(Debug, Clone)]
pub(crate) struct SqliteNotes(SqlitePool);

impl SqliteNotes {
    /// Makes the table where it is missing.
    pub(crate) async fn open(pool: SqlitePool) -> Result<Self, sqlx::Error> {
        for sql in TABLES {
            sqlx::query(sql).execute(&pool).await?;
        }
        Ok(Self(pool))
    }
}

#[async_trait]
impl NoteStore for SqliteNotes {
    async fn insert(&self, note: &Note) -> Result<Inserted, StoreError> {
        let query = sqlx::query(INSERT)
            .bind(&note.id)
            .bind(note.owner.as_str())
            .bind(&note.title)
            .bind(&note.body)
            .bind(note.created_at.as_millis())
            .bind(i64::try_from(MAX_NOTES).unwrap_or(i64::MAX));
        let inserted = query.execute(&self.0).await.map_err(StoreError::unavailable)?;
        Ok(if inserted.rows_affected() == 1 { Inserted::Kept } else { Inserted::Full })
    }

    async fn list(&self, owner: &UserId) -> Result<Vec<Note>, StoreError> {
        let rows = sqlx::query(LIST).bind(owner.as_str()).fetch_all(&self.0).await;
        rows.map_err(StoreError::unavailable)?.iter().map(note).collect()
    }

    async fn get(&self, owner: &UserId, id: &str) -> Result<Option<Note>, StoreError> {
        let rows = sqlx::query(GET).bind(owner.as_str()).bind(id).fetch_all(&self.0).await;
        rows.map_err(StoreError::unavailable)?.first().map(note).transpose()
    }

    async fn delete(&self, owner: &UserId, id: &str) -> Result<Deleted, StoreError> {
        let deleted = sqlx::query(DELETE).bind(owner.as_str()).bind(id).execute(&self.0).await;
        let rows = deleted.map_err(StoreError::unavailable)?.rows_affected();
        Ok(if rows == 0 { Deleted::NotThere } else { Deleted::Gone })
    }
}

fn note(row: &SqliteRow) -> Result<Note, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column).map_err(StoreError::backend);
    Ok(Note {
        id: text("id")?,
        owner: UserId::stored(text("owner")?),
        title: text("title")?,
        body: text("body")?,
        created_at: Timestamp::from_millis(row.try_get("created_at").map_err(StoreError::backend)?),
    })
}
