use std::sync::Arc;

use auth_core::account::UserId;
use auth_core::http::{BodyFault, Problem, RequestHead, json_object};
use auth_core::store::StoreError;
use auth_core::{Clock as _, OsRandom, SystemClock};
use serde::Serialize;

use super::note::{Draft, Note, PublicNote};
use super::store::{Deleted, Inserted, MAX_NOTES, NoteStore};
use crate::Answer;

/// The routes under `/notes`, each for a user whom the framework's extractor has checked.
#[derive(Clone)]
pub struct Notes(Arc<dyn NoteStore>);

impl Notes {
    pub(crate) fn new(store: impl NoteStore) -> Self {
        Self(Arc::new(store))
    }

    /// `GET /notes`: all notes of `owner`, the newest first.
    pub async fn list(&self, owner: &UserId) -> Answer {
        match self.0.list(owner).await {
            Ok(notes) => {
                let notes = notes.iter().map(Note::public).collect();
                Answer::json(200, &Success::Notes { notes, status: 200 })
            }
            Err(error) => failed(&error),
        }
    }

    /// `POST /notes` with `title` and, where wanted, `body`.
    pub async fn create(&self, owner: &UserId, head: &RequestHead, body: Result<Vec<u8>, BodyFault>) -> Answer {
        let members = match json_object(head, body) {
            Ok(members) => members,
            Err(refusal) => return refusal.into(),
        };
        match Draft::read(members) {
            Ok(draft) => self.keep(owner, draft).await,
            Err(fault) => Answer::problem(400, "invalid_field", Some(fault.field()), &fault.to_string()),
        }
    }

    async fn keep(&self, owner: &UserId, draft: Draft) -> Answer {
        let note = match Note::new(owner, draft, SystemClock.now(), &OsRandom) {
            Ok(note) => note,
            Err(error) => return failed(&StoreError::unavailable(error)),
        };
        match self.0.insert(&note).await {
            Ok(Inserted::Kept) => Answer::json(201, &Success::Note { note: note.public(), status: 201 }),
            Ok(Inserted::Full) => {
                Answer::problem(409, "too_many_notes", None, &format!("You have {MAX_NOTES} notes: delete one first."))
            }
            Err(error) => failed(&error),
        }
    }

    /// `GET /notes/{id}`. Another's note is as absent as none.
    pub async fn read(&self, owner: &UserId, id: &str) -> Answer {
        match self.0.get(owner, id).await {
            Ok(Some(note)) => Answer::json(200, &Success::Note { note: note.public(), status: 200 }),
            Ok(None) => Problem::not_found().into_response().into(),
            Err(error) => failed(&error),
        }
    }

    /// `DELETE /notes/{id}`. Another's note is as absent as none.
    pub async fn delete(&self, owner: &UserId, id: &str) -> Answer {
        match self.0.delete(owner, id).await {
            Ok(Deleted::Gone) => Answer::json(200, &Success::Message { message: "Note deleted", status: 200 }),
            Ok(Deleted::NotThere) => Problem::not_found().into_response().into(),
            Err(error) => failed(&error),
        }
    }

    /// Any other method; `allow` names those that are.
    #[must_use]
    pub fn method_not_allowed(allow: &'static str) -> Answer {
        let message = format!("Use one of {allow} here.");
        Answer::problem(405, "method_not_allowed", None, &message).with_header("allow", allow)
    }
}

fn failed(error: &StoreError) -> Answer {
    tracing::error!(error = error as &dyn std::error::Error, "the notes could not be reached");
    Answer::problem(503, "unavailable", None, "This does not work at the moment. Try again soon.")
        .with_header("retry-after", "5")
}

#[derive(Serialize)]
#[serde(untagged)]
enum Success<'a> {
    Notes { notes: Vec<PublicNote<'a>>, status: u16 },
    Note { note: PublicNote<'a>, status: u16 },
    Message { message: &'a str, status: u16 },
}

impl std::fmt::Debug for Notes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notes(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notes::{MemoryNotes, SqlNotes};
    use crate::sql::Pool;
    use serde_json::Value;

    struct Place {
        notes: Notes,
        _folder: Option<tempfile::TempDir>,
    }

    async fn places() -> [Place; 2] {
        let folder = tempfile::tempdir().unwrap();
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("notes.db"));
        let options = options.create_if_missing(true).synchronous(sqlx::sqlite::SqliteSynchronous::Off);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let in_a_file = Notes::new(SqlNotes::open(Pool::Sqlite(pool)).await.unwrap());
        let memory = Notes::new(MemoryNotes::default());
        [Place { notes: memory, _folder: None }, Place { notes: in_a_file, _folder: Some(folder) }]
    }

    fn user(id: &str) -> UserId {
        UserId::stored(id)
    }

    fn json(answer: &Answer) -> Value {
        serde_json::from_slice(&answer.body).unwrap()
    }

    async fn write(notes: &Notes, owner: &str, body: &str) -> Answer {
        let head = RequestHead::read(None, []);
        notes.create(&user(owner), &head, Ok(body.as_bytes().to_vec())).await
    }

    async fn written(notes: &Notes, owner: &str, title: &str) -> String {
        let answer = write(notes, owner, &format!("{{\"title\":\"{title}\"}}")).await;
        assert_eq!(answer.status, 201);
        json(&answer)["note"]["id"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn an_owner_lists_reads_and_deletes() {
        for Place { notes, .. } in &places().await {
            let (ann, old) = (user("ann"), written(notes, "ann", "old").await);
            written(notes, "ann", "new").await;
            let list = json(&notes.list(&ann).await);
            assert_eq!((&list["notes"][0]["title"], &list["notes"][1]["title"]), (&"new".into(), &"old".into()));
            assert_eq!(json(&notes.read(&ann, &old).await)["note"]["title"], "old");
            assert_eq!(notes.delete(&ann, &old).await.status, 200);
            assert_eq!(notes.delete(&ann, &old).await.status, 404);
            assert_eq!(json(&notes.list(&ann).await)["notes"].as_array().unwrap().len(), 1);
        }
    }

    #[tokio::test]
    async fn for_anybody_else_a_note_does_not_exist() {
        for Place { notes, .. } in &places().await {
            let (ann, bob, id) = (user("ann"), user("bob"), written(notes, "ann", "secret").await);
            assert_eq!(notes.read(&bob, &id).await, notes.read(&bob, "no-such-note").await);
            assert_eq!(notes.delete(&bob, &id).await, notes.delete(&bob, "no-such-note").await);
            assert_eq!(notes.read(&bob, &id).await.status, 404);
            assert!(json(&notes.list(&bob).await)["notes"].as_array().unwrap().is_empty());
            assert_eq!(notes.read(&ann, &id).await.status, 200);
        }
    }

    #[tokio::test]
    async fn what_is_no_note_is_refused_in_the_envelope() {
        for Place { notes, .. } in &places().await {
            for (body, code) in [
                ("[]", "invalid_body"),
                (r#"{"title":"a","title":"b"}"#, "invalid_body"),
                ("{}", "invalid_field"),
                (r#"{"title":7}"#, "invalid_field"),
            ] {
                let answer = write(notes, "ann", body).await;
                assert_eq!((answer.status, &json(&answer)["error"]["code"]), (400, &code.into()), "{body}");
            }
        }
    }

    #[tokio::test]
    async fn the_number_of_notes_of_one_account_ends() {
        for Place { notes, .. } in &places().await {
            for _ in 0..MAX_NOTES {
                written(notes, "ann", "t").await;
            }
            assert_eq!(write(notes, "ann", r#"{"title":"t"}"#).await.status, 409);
            assert_eq!(write(notes, "bob", r#"{"title":"t"}"#).await.status, 201);
        }
    }
}
