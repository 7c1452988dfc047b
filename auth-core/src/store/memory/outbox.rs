use std::collections::{HashMap, HashSet};
use std::time::Duration;

use async_trait::async_trait;

use super::MemoryStore;
use crate::clock::Timestamp;
use crate::store::{Cas, Delivery, Job, JobGroup, JobId, NewJob, OutboxStore, StoreError, WorkerId};

/// The jobs in the order in which they were put.
#[derive(Default)]
pub(super) struct Outbox(Vec<Entry>);

#[derive(Clone)]
struct Entry {
    job: NewJob,
    attempts: u32,
    state: State,
}

#[derive(Clone)]
enum State {
    Waiting { due: Timestamp },
    Leased { to: WorkerId, until: Timestamp },
    Dead,
}

#[async_trait]
impl OutboxStore for MemoryStore {
    async fn put(&self, job: NewJob) -> Result<(), StoreError> {
        let mut outbox = self.outbox.lock();
        if outbox.0.iter().any(|entry| entry.job.id == job.id) {
            return Err(StoreError::backend("the id of the new job exists already"));
        }
        let state = State::Waiting { due: job.created_at };
        outbox.0.push(Entry { job, attempts: 0, state });
        Ok(())
    }

    async fn claim(
        &self,
        worker: &WorkerId,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let mut outbox = self.outbox.lock();
        let chosen = outbox.choose(now, usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(chosen.iter().filter_map(|id| outbox.lease(id, worker, now + lease)).collect())
    }

    async fn finish(&self, id: &JobId, worker: &WorkerId, how: Delivery, now: Timestamp) -> Result<Cas, StoreError> {
        let mut outbox = self.outbox.lock();
        let Some(at) = outbox.0.iter().position(|entry| entry.job.id == *id && entry.held_by(worker, now)) else {
            return Ok(Cas::Lost);
        };
        let mut entry = outbox.0.remove(at);
        entry.state = match how {
            Delivery::Done => return Ok(Cas::Won),
            Delivery::RetryAt(due) => State::Waiting { due },
            // The reason is for an operator, whom memory does not have.
            Delivery::Dead(_) => State::Dead,
        };
        outbox.0.insert(at, entry);
        Ok(Cas::Won)
    }

    async fn purge_dead(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut outbox = self.outbox.lock();
        let mut old: Vec<_> = outbox.0.iter().filter(|entry| !entry.is_alive()).map(|entry| &entry.job).collect();
        old.retain(|job| job.created_at < before);
        old.sort_by_key(|job| job.created_at);
        old.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let old: HashSet<_> = old.into_iter().map(|job| job.id.clone()).collect();
        outbox.0.retain(|entry| !old.contains(&entry.job.id));
        Ok(old.len() as u64)
    }
}

impl Outbox {
    /// The jobs that may be given at `now`, the longest due first.
    fn choose(&self, now: Timestamp, limit: usize) -> Vec<JobId> {
        let groups = self.groups(now);
        let mut due: Vec<_> = (self.0.iter().enumerate())
            .filter(|(put, entry)| groups.get(&entry.job.group).is_some_and(|group| group.gives(*put)))
            .filter_map(|(put, entry)| Some((entry.due_at(now)?, put, &entry.job.id)))
            .collect();
        due.sort_unstable();
        due.into_iter().take(limit).map(|(_, _, id)| id.clone()).collect()
    }

    fn groups(&self, now: Timestamp) -> HashMap<&JobGroup, Group> {
        let mut groups = HashMap::new();
        for (put, entry) in self.0.iter().enumerate().filter(|(_, entry)| entry.is_alive()) {
            let age = (entry.job.created_at, put);
            let group = groups.entry(&entry.job.group).or_insert(Group { newest: age, leased: false });
            group.newest = group.newest.max(age);
            group.leased |= entry.is_leased(now);
        }
        groups
    }

    /// Leases a job that is the newest of its group and drops the rest of the group.
    fn lease(&mut self, id: &JobId, to: &WorkerId, until: Timestamp) -> Option<Job> {
        let entry = self.0.iter_mut().find(|entry| entry.job.id == *id)?;
        entry.state = State::Leased { to: to.clone(), until };
        entry.attempts = entry.attempts.saturating_add(1);
        let leased = entry.clone();
        self.0.retain(|other| other.job.id == *id || other.job.group != leased.job.group || !other.is_alive());
        Some(leased.into_job())
    }
}

/// What the jobs of one group that still live say about each other.
struct Group {
    newest: (Timestamp, usize),
    leased: bool,
}

impl Group {
    fn gives(&self, put: usize) -> bool {
        !self.leased && self.newest.1 == put
    }
}

impl Entry {
    fn due_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self.state {
            State::Waiting { due } | State::Leased { until: due, .. } => (due <= now).then_some(due),
            State::Dead => None,
        }
    }

    fn is_leased(&self, now: Timestamp) -> bool {
        matches!(self.state, State::Leased { until, .. } if until > now)
    }

    fn held_by(&self, worker: &WorkerId, now: Timestamp) -> bool {
        matches!(&self.state, State::Leased { to, .. } if to == worker) && self.is_leased(now)
    }

    fn is_alive(&self) -> bool {
        !matches!(self.state, State::Dead)
    }

    fn into_job(self) -> Job {
        let NewJob { id, kind, sealed, created_at, .. } = self.job;
        Job { id, kind, sealed, created_at, attempts: self.attempts }
    }
}
