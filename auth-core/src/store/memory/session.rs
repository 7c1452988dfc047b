use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use async_trait::async_trait;

use super::MemoryStore;
use crate::account::UserId;
use crate::clock::Timestamp;
use crate::session::{NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor, Verdict, judge};
use crate::store::{Revoke, SessionStore, StoreError};

pub(super) type Sessions = HashMap<SessionId, Session>;

#[async_trait]
impl SessionStore for MemoryStore {
    async fn open(&self, session: NewSession) -> Result<(), StoreError> {
        let session = session.into_record();
        let mut sessions = self.sessions.lock();
        if sessions.contains_key(&session.id) {
            return Err(StoreError::backend("the id of the new session exists already"));
        }
        sessions.insert(session.id.clone(), session);
        Ok(())
    }

    async fn get(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        Ok(self.sessions.lock().get(id).cloned())
    }

    async fn rotate(
        &self,
        presented: Presented,
        next: Successor,
        now: Timestamp,
        policy: &RotationPolicy,
    ) -> Result<Rotation, StoreError> {
        let mut sessions = self.sessions.lock();
        let Entry::Occupied(mut session) = sessions.entry(presented.session) else { return Ok(Rotation::Unknown) };
        Ok(match judge(session.get(), presented.generation, now, policy) {
            Verdict::Rotate => {
                let rotated = session.get().rotated(next, presented.client, now);
                session.insert(rotated.clone());
                Rotation::Rotated(rotated)
            }
            Verdict::Repeat => {
                let other_client = session.get().client != presented.client;
                Rotation::Repeated { session: session.get().clone(), other_client }
            }
            Verdict::Reuse => Rotation::Reused(session.remove()),
            Verdict::Expired => Rotation::Expired(session.remove()),
            Verdict::Foreign => Rotation::Unknown,
        })
    }

    async fn list(&self, user: &UserId) -> Result<Vec<Session>, StoreError> {
        let mut found: Vec<_> =
            self.sessions.lock().values().filter(|session| session.user == *user).cloned().collect();
        found.sort_by(|a, b| (Reverse(a.created_at), &a.id).cmp(&(Reverse(b.created_at), &b.id)));
        Ok(found)
    }

    async fn revoke(&self, what: Revoke<'_>) -> Result<u64, StoreError> {
        Ok(end(&mut self.sessions.lock(), u64::MAX, |session| match what {
            Revoke::One(user, id) => session.user == *user && session.id == *id,
            Revoke::All(user) => session.user == *user,
        }))
    }

    async fn purge_expired(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        Ok(end(&mut self.sessions.lock(), limit.into(), |session| session.absolute_end < now))
    }
}

fn end(sessions: &mut Sessions, limit: u64, which: impl Fn(&Session) -> bool) -> u64 {
    let mut ended = 0;
    sessions.retain(|_, session| {
        let ends = ended < limit && which(session);
        ended += u64::from(ends);
        !ends
    });
    ended
}
