use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use auth_core::account::UserId;
use auth_core::store::StoreError;

use super::Note;
use super::store::{Deleted, Inserted, MAX_NOTES, NoteStore};

/// Notes that are gone when the server stops.
#[derive(Debug, Default)]
pub(crate) struct MemoryNotes(Mutex<Vec<Note>>);

impl MemoryNotes {
    fn notes(&self) -> MutexGuard<'_, Vec<Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl NoteStore for MemoryNotes {
    async fn insert(&self, note: &Note) -> Result<Inserted, StoreError> {
        let mut notes = self.notes();
        if notes.iter().filter(|kept| kept.owner == note.owner).count() >= MAX_NOTES {
            return Ok(Inserted::Full);
        }
        notes.push(note.clone());
        Ok(Inserted::Kept)
    }

    async fn list(&self, owner: &UserId) -> Result<Vec<Note>, StoreError> {
        Ok(self.notes().iter().rev().filter(|note| note.owner == *owner).cloned().collect())
    }

    async fn get(&self, owner: &UserId, id: &str) -> Result<Option<Note>, StoreError> {
        Ok(self.notes().iter().find(|note| note.owner == *owner && note.id == id).cloned())
    }

    async fn delete(&self, owner: &UserId, id: &str) -> Result<Deleted, StoreError> {
        let mut notes = self.notes();
        let place = notes.iter().position(|note| note.owner == *owner && note.id == id);
        Ok(place.map_or(Deleted::NotThere, |place| {
            notes.remove(place);
            Deleted::Gone
        }))
    }
}
