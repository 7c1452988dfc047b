//! Sessions that are rotated without comparing, kept or ended against the rules.

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::UserId;
use auth_core::session::{NewSession, Rotation, Session, Verdict, judge};
use auth_core::store::{MemoryStore, Revoke, SessionStore, StoreError};
use tokio::task::yield_now;

use crate::WrongStore;
use crate::delegate::{Rotate, SessionFault, wrong};

pub(crate) fn all() -> Vec<WrongStore<dyn SessionStore>> {
    vec![
        wrong!(RotatesWithoutComparing: "judges a token, then rotates without comparing"
            lacks rotations_of_one_token, a_sign_out_against_rotations),
        wrong!(KeepsAReusedSession: "tells of reuse and keeps the session" lacks a_replaced_token_ends_the_session),
        wrong!(OpensOverAnother: "opens a session over another" lacks a_session_is_never_overwritten),
        wrong!(RevokesForAnybody: "ends the session of another account" lacks a_session_is_revoked_only_by_its_owner),
        wrong!(EndsOneByOne: "ends the sessions of an account one by one"
            lacks a_dropped_sign_out_ends_all_sessions_or_none),
        wrong!(PurgesWithoutLimit: "purges without a limit" lacks expired_sessions_are_purged_in_portions),
        wrong!(ListsTheOldestFirst: "lists the oldest session first" lacks sessions_are_listed_newest_first),
    ]
}

/// Puts a session in the place of the one with its id.
async fn replace(memory: &MemoryStore, session: &Session) -> Result<(), StoreError> {
    memory.revoke(Revoke::One(&session.user, &session.id)).await?;
    memory.open(NewSession::unproven_for_tests(session.clone())).await
}

#[derive(Default)]
struct RotatesWithoutComparing;

#[async_trait]
impl SessionFault for RotatesWithoutComparing {
    async fn rotate(
        &self,
        memory: &MemoryStore,
        (presented, next, now, policy): Rotate<'_>,
    ) -> Result<Rotation, StoreError> {
        match memory.get(&presented.session).await? {
            Some(seen) if judge(&seen, presented.generation, now, policy) == Verdict::Rotate => {
                yield_now().await;
                let rotated = seen.rotated(next, presented.client, now);
                replace(memory, &rotated).await?;
                Ok(Rotation::Rotated(rotated))
            }
            _ => memory.rotate(presented, next, now, policy).await,
        }
    }
}

#[derive(Default)]
struct KeepsAReusedSession;

#[async_trait]
impl SessionFault for KeepsAReusedSession {
    async fn rotate(
        &self,
        memory: &MemoryStore,
        (presented, next, now, policy): Rotate<'_>,
    ) -> Result<Rotation, StoreError> {
        let rotation = memory.rotate(presented, next, now, policy).await?;
        if let Rotation::Reused(session) = &rotation {
            replace(memory, session).await?;
        }
        Ok(rotation)
    }
}

#[derive(Default)]
struct OpensOverAnother;

#[async_trait]
impl SessionFault for OpensOverAnother {
    async fn open(&self, memory: &MemoryStore, session: NewSession) -> Result<(), StoreError> {
        if let Some(there) = memory.get(&session.record().id).await? {
            memory.revoke(Revoke::One(&there.user, &there.id)).await?;
        }
        memory.open(session).await
    }
}

#[derive(Default)]
struct RevokesForAnybody;

#[async_trait]
impl SessionFault for RevokesForAnybody {
    async fn revoke(&self, memory: &MemoryStore, what: Revoke<'_>) -> Result<u64, StoreError> {
        match what {
            Revoke::One(_, id) => match memory.get(id).await? {
                Some(session) => memory.revoke(Revoke::One(&session.user, id)).await,
                None => Ok(0),
            },
            all @ Revoke::All(_) => memory.revoke(all).await,
        }
    }
}

#[derive(Default)]
struct EndsOneByOne;

#[async_trait]
impl SessionFault for EndsOneByOne {
    async fn revoke(&self, memory: &MemoryStore, what: Revoke<'_>) -> Result<u64, StoreError> {
        let Revoke::All(user) = what else { return memory.revoke(what).await };
        let mut ended = 0;
        for session in memory.list(user).await? {
            ended += memory.revoke(Revoke::One(user, &session.id)).await?;
            yield_now().await;
        }
        Ok(ended)
    }
}

#[derive(Default)]
struct PurgesWithoutLimit;

#[async_trait]
impl SessionFault for PurgesWithoutLimit {
    async fn purge_expired(&self, memory: &MemoryStore, (now, _): (Timestamp, u32)) -> Result<u64, StoreError> {
        memory.purge_expired(now, u32::MAX).await
    }
}

#[derive(Default)]
struct ListsTheOldestFirst;

#[async_trait]
impl SessionFault for ListsTheOldestFirst {
    async fn list(&self, memory: &MemoryStore, user: &UserId) -> Result<Vec<Session>, StoreError> {
        let mut sessions = memory.list(user).await?;
        sessions.reverse();
        Ok(sessions)
    }
}
