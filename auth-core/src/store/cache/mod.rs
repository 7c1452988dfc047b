//! Users and sessions kept in memory for a moment, so that checking a token asks no database.

mod sessions;
mod settings;
mod shelf;
#[cfg(test)]
mod tests;
mod users;

use std::sync::Arc;

use crate::clock::Clock;
use crate::store::Stores;
use sessions::CachedSessions;
use users::CachedUsers;

pub use settings::ReadCache;

impl Stores {
    /// The same stores behind a cache; all writes go through it.
    pub(crate) fn cached(self, settings: &ReadCache, clock: &Arc<dyn Clock>) -> Self {
        Self {
            users: Arc::new(CachedUsers::new(self.users, settings, clock)),
            sessions: Arc::new(CachedSessions::new(self.sessions, settings, clock)),
            ..self
        }
    }
}
