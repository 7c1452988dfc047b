use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use auth_core::account::{CanonicalEmail, Epoch, Login, NewUser, User, UserId};
use auth_core::password::PasswordHash;
use auth_core::restore::TokenDigest;
use auth_core::session::{NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor};
use auth_core::store::{
    AttemptStore, Cas, Delivery, EpochRule, Job, JobId, JointStore, NewJob, OutboxStore, PresentedRestore,
    RestoreProof, Revoke, SessionStore, StoreError, UserStore, WorkerId,
};
use auth_core::throttle::{AttemptKey, Held, Reservation, Tier, Verdict};
use auth_core::{Stores, Timestamp};
use tokio::sync::{Semaphore, watch};

/// What is done to a store from outside. Clones are the same rig.
#[derive(Debug, Clone, Default)]
pub struct Rig(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    calls: Vec<&'static str>,
    faults: HashMap<&'static str, Fault>,
    roles: HashMap<String, Vec<String>>,
    gone: HashSet<String>,
    digest: Option<String>,
    gates: HashMap<&'static str, Gate>,
    hits_take: Duration,
}

#[derive(Debug, Clone)]
struct Gate {
    arrived: watch::Sender<bool>,
    open: Arc<Semaphore>,
}

/// How a verb fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The store does not answer.
    Unavailable,
    /// The store answers nonsense.
    Backend,
    /// The store panics.
    Panic,
}

/// What a store says when it fails; no client may ever read it.
const SECRET_OF_THE_STORE: &str = "connection to 10.0.0.7 refused";

impl Rig {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a verb fail from now on.
    pub fn break_verb(&self, verb: &'static str, fault: Fault) {
        self.lock().faults.insert(verb, fault);
    }

    /// Everything works again.
    pub fn mend(&self) {
        self.lock().faults.clear();
    }

    /// Every look-up of an account that finds one takes so much longer from now on.
    pub fn hits_take(&self, longer: Duration) {
        self.lock().hits_take = longer;
    }

    /// The store gives this account a role.
    pub fn grant(&self, username: &str, role: &str) {
        self.lock().roles.entry(username.to_owned()).or_default().push(role.to_owned());
    }

    /// Deletes the account, as far as any look-up tells.
    pub fn delete(&self, username: &str) {
        self.lock().gone.insert(username.to_owned());
    }

    /// What was last written in the column of restoring tokens.
    #[must_use]
    pub fn restoring_token(&self) -> String {
        self.lock().digest.clone().expect("a restoring token")
    }

    /// Forgets the calls that were counted.
    pub fn forget_calls(&self) {
        self.lock().calls.clear();
    }

    /// The verbs that were called.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.lock().calls.clone()
    }

    /// Lets the next call of this verb wait until [`Rig::release`].
    pub fn hold(&self, verb: &'static str) {
        let (arrived, _) = watch::channel(false);
        self.lock().gates.insert(verb, Gate { arrived, open: Arc::new(Semaphore::new(0)) });
    }

    /// Returns when a call of this verb waits.
    pub async fn someone_waits_at(&self, verb: &'static str) {
        let gate = self.lock().gates.get(verb).cloned().expect("a verb that is held");
        let _ = gate.arrived.subscribe().wait_for(|arrived| *arrived).await;
    }

    /// Lets the one that waits go on.
    pub fn release(&self, verb: &'static str) {
        if let Some(gate) = self.lock().gates.remove(verb) {
            gate.open.close();
        }
    }

    async fn before(&self, verb: &'static str) -> Result<(), StoreError> {
        let (fault, gate) = {
            let mut state = self.lock();
            state.calls.push(verb);
            (state.faults.get(verb).copied(), state.gates.get(verb).cloned())
        };
        if let Some(gate) = gate.filter(|gate| !gate.arrived.send_replace(true)) {
            let _ = gate.open.acquire().await;
        }
        match fault {
            None => Ok(()),
            Some(Fault::Unavailable) => Err(StoreError::unavailable(SECRET_OF_THE_STORE)),
            Some(Fault::Backend) => Err(StoreError::backend(SECRET_OF_THE_STORE)),
            Some(Fault::Panic) => panic!("{SECRET_OF_THE_STORE}"),
        }
    }

    async fn seen(&self, user: Option<User>) -> Option<User> {
        let user = self.visible(user)?;
        let longer = self.lock().hits_take;
        if !longer.is_zero() {
            tokio::time::sleep(longer).await;
        }
        Some(user)
    }

    fn visible(&self, user: Option<User>) -> Option<User> {
        let state = self.lock();
        let mut user = user.filter(|user| !state.gone.contains(user.username.as_str()))?;
        if let Some(roles) = state.roles.get(user.username.as_str()) {
            user.roles.extend(roles.iter().cloned());
        }
        Some(user)
    }
}

/// Stores behind a [`Rig`].
#[derive(Debug, Clone)]
pub struct Rigged {
    stores: Stores,
    rig: Rig,
}

impl Rigged {
    /// Puts the rig before the stores.
    #[must_use]
    pub fn new(stores: Stores, rig: Rig) -> Self {
        Self { stores, rig }
    }
}

#[async_trait]
impl UserStore for Rigged {
    async fn insert(&self, new: NewUser) -> Result<User, StoreError> {
        self.rig.before("insert").await?;
        self.stores.users.insert(new).await
    }

    async fn by_id(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        self.rig.before("by_id").await?;
        Ok(self.rig.seen(self.stores.users.by_id(id).await?).await)
    }

    async fn by_login(&self, login: &Login) -> Result<Option<User>, StoreError> {
        self.rig.before("by_login").await?;
        Ok(self.rig.seen(self.stores.users.by_login(login).await?).await)
    }

    async fn by_email(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        self.rig.before("by_email").await?;
        Ok(self.rig.seen(self.stores.users.by_email(email).await?).await)
    }

    async fn by_restoring_token(&self, presented: &PresentedRestore) -> Result<Option<User>, StoreError> {
        self.rig.before("by_restoring_token").await?;
        Ok(self.rig.seen(self.stores.users.by_restoring_token(presented).await?).await)
    }

    async fn set_password(
        &self,
        id: &UserId,
        read: Option<&PasswordHash>,
        new: &PasswordHash,
        epoch: EpochRule,
    ) -> Result<Cas, StoreError> {
        self.rig.before("set_password").await?;
        self.stores.users.set_password(id, read, new, epoch).await
    }

    async fn set_restoring_token(&self, id: &UserId, digest: Option<&TokenDigest>) -> Result<(), StoreError> {
        self.rig.before("set_restoring_token").await?;
        self.rig.lock().digest = digest.map(|digest| digest.as_str().to_owned());
        self.stores.users.set_restoring_token(id, digest).await
    }

    async fn restore_password(
        &self,
        proof: &RestoreProof,
        new: &PasswordHash,
        epoch: Epoch,
    ) -> Result<Option<User>, StoreError> {
        self.rig.before("restore_password").await?;
        self.stores.users.restore_password(proof, new, epoch).await
    }

    async fn set_active(&self, id: &UserId, active: bool, epoch: Epoch) -> Result<(), StoreError> {
        self.rig.before("set_active").await?;
        self.stores.users.set_active(id, active, epoch).await
    }

    async fn set_epoch(&self, id: &UserId, epoch: Epoch) -> Result<Epoch, StoreError> {
        self.rig.before("set_epoch").await?;
        self.stores.users.set_epoch(id, epoch).await
    }

    async fn signed_in(&self, id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        self.rig.before("signed_in").await?;
        self.stores.users.signed_in(id, at).await
    }

    fn joint(&self) -> Option<&dyn JointStore> {
        Some(self)
    }
}

/// Two verbs to the rig, and whatever the stores make of it.
#[async_trait]
impl JointStore for Rigged {
    async fn session_and_user(&self, id: &SessionId) -> Result<Option<(Session, Option<User>)>, StoreError> {
        self.rig.before("get").await?;
        let Some((session, user)) = self.stores.session_and_user(id).await? else { return Ok(None) };
        self.rig.before("by_id").await?;
        Ok(Some((session, self.rig.seen(user).await)))
    }
}

#[async_trait]
impl SessionStore for Rigged {
    async fn open(&self, session: NewSession) -> Result<(), StoreError> {
        self.rig.before("open").await?;
        self.stores.sessions.open(session).await
    }

    async fn get(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        self.rig.before("get").await?;
        self.stores.sessions.get(id).await
    }

    async fn rotate(
        &self,
        presented: Presented,
        next: Successor,
        now: Timestamp,
        policy: &RotationPolicy,
    ) -> Result<Rotation, StoreError> {
        self.rig.before("rotate").await?;
        self.stores.sessions.rotate(presented, next, now, policy).await
    }

    async fn list(&self, user: &UserId) -> Result<Vec<Session>, StoreError> {
        self.rig.before("list").await?;
        self.stores.sessions.list(user).await
    }

    async fn revoke(&self, what: Revoke<'_>) -> Result<u64, StoreError> {
        self.rig.before("revoke").await?;
        self.stores.sessions.revoke(what).await
    }

    async fn purge_expired(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.rig.before("purge_expired").await?;
        self.stores.sessions.purge_expired(now, limit).await
    }
}

#[async_trait]
impl OutboxStore for Rigged {
    async fn put(&self, job: NewJob) -> Result<(), StoreError> {
        self.rig.before("put").await?;
        self.stores.outbox.put(job).await
    }

    async fn claim(
        &self,
        worker: &WorkerId,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        self.rig.before("claim").await?;
        self.stores.outbox.claim(worker, now, lease, limit).await
    }

    async fn finish(&self, id: &JobId, worker: &WorkerId, how: Delivery, now: Timestamp) -> Result<Cas, StoreError> {
        self.rig.before("finish").await?;
        self.stores.outbox.finish(id, worker, how, now).await
    }

    async fn purge_dead(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.rig.before("purge_dead").await?;
        self.stores.outbox.purge_dead(before, limit).await
    }
}

#[async_trait]
impl AttemptStore for Rigged {
    async fn reserve(&self, tiers: &[Tier], now: Timestamp) -> Result<Reservation, StoreError> {
        self.rig.before("reserve").await?;
        self.stores.attempts.reserve(tiers, now).await
    }

    async fn settle(&self, held: Held, verdict: Verdict, now: Timestamp) -> Result<(), StoreError> {
        self.rig.before("settle").await?;
        self.stores.attempts.settle(held, verdict, now).await
    }

    async fn forget(&self, keys: &[AttemptKey]) -> Result<(), StoreError> {
        self.rig.before("forget").await?;
        self.stores.attempts.forget(keys).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.rig.before("purge").await?;
        self.stores.attempts.purge(now, limit).await
    }
}
