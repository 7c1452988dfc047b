//! Mail jobs that are given twice, to the wrong worker, or lost.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::store::{Cas, Delivery, Job, JobId, MemoryStore, NewJob, OutboxStore, StoreError, WorkerId};
use tokio::task::yield_now;

use crate::WrongStore;
use crate::delegate::{Claim, Finish, OutboxFault, wrong};

pub(crate) fn all() -> Vec<WrongStore<dyn OutboxStore>> {
    vec![
        wrong!(SelectsThenLeases: "selects the due jobs, then leases them" lacks claims_of_the_same_jobs),
        wrong!(FinishesForAnybody: "lets any worker finish a job" lacks only_the_holder_of_a_lease_finishes),
        wrong!(PutsOverAnother: "replaces a job that has the same id" lacks a_job_is_never_overwritten),
        wrong!(RetriesAtOnce: "tries a failed job again at once"
            lacks a_job_is_tried_again_from_the_moment_named, a_dropped_finish_can_be_made_again),
        wrong!(KeepsTheDead: "keeps dead jobs without end"
            lacks a_purge_forgets_old_dead_jobs_and_nothing_else, a_dropped_purge_of_dead_jobs_can_be_made_again),
        wrong!(PurgesAllTheDead: "purges as many dead jobs as there are"
            lacks a_purge_forgets_old_dead_jobs_and_nothing_else),
        wrong!(PurgesWhatIsDue: "purges old jobs that nobody has tried, too"
            lacks a_purge_forgets_old_dead_jobs_and_nothing_else),
    ]
}

/// Whoever selects before another has leased selects the same jobs.
#[derive(Default)]
struct SelectsThenLeases(Mutex<(u64, Vec<Job>)>);

#[async_trait]
impl OutboxFault for SelectsThenLeases {
    async fn claim(
        &self,
        memory: &MemoryStore,
        (worker, now, lease, limit): Claim<'_>,
    ) -> Result<Vec<Job>, StoreError> {
        let (selected_at, _) = self.latest();
        yield_now().await;
        let (leased_at, jobs) = self.latest();
        if leased_at > selected_at {
            return Ok(jobs);
        }
        let jobs = memory.claim(worker, now, lease, limit).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (leased_at + 1, jobs.clone());
        Ok(jobs)
    }
}

impl SelectsThenLeases {
    fn latest(&self) -> (u64, Vec<Job>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Default)]
struct FinishesForAnybody(Mutex<HashMap<JobId, WorkerId>>);

#[async_trait]
impl OutboxFault for FinishesForAnybody {
    async fn claim(
        &self,
        memory: &MemoryStore,
        (worker, now, lease, limit): Claim<'_>,
    ) -> Result<Vec<Job>, StoreError> {
        let jobs = memory.claim(worker, now, lease, limit).await?;
        let held = jobs.iter().map(|job| (job.id.clone(), worker.clone()));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(held);
        Ok(jobs)
    }

    async fn finish(&self, memory: &MemoryStore, (id, worker, how, now): Finish<'_>) -> Result<Cas, StoreError> {
        let holder = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        memory.finish(id, &holder.unwrap_or_else(|| worker.clone()), how, now).await
    }
}

#[derive(Default)]
struct PutsOverAnother;

#[async_trait]
impl OutboxFault for PutsOverAnother {
    async fn put(&self, memory: &MemoryStore, job: NewJob) -> Result<(), StoreError> {
        let Err(refused) = memory.put(job.clone()).await else { return Ok(()) };
        let worker = WorkerId::stored("that which overwrites");
        for there in memory.claim(&worker, job.created_at, Duration::from_secs(1), u32::MAX).await? {
            let _ = memory.finish(&there.id, &worker, Delivery::Done, job.created_at).await?;
        }
        memory.put(job).await.map_err(|_| refused)
    }
}

#[derive(Default)]
struct RetriesAtOnce;

#[async_trait]
impl OutboxFault for RetriesAtOnce {
    async fn finish(&self, memory: &MemoryStore, (id, worker, how, now): Finish<'_>) -> Result<Cas, StoreError> {
        let how = match how {
            Delivery::RetryAt(_) => Delivery::RetryAt(now),
            other => other,
        };
        memory.finish(id, worker, how, now).await
    }
}

#[derive(Default)]
struct KeepsTheDead;

#[async_trait]
impl OutboxFault for KeepsTheDead {
    async fn purge_dead(&self, _: &MemoryStore, _: (Timestamp, u32)) -> Result<u64, StoreError> {
        Ok(0)
    }
}

#[derive(Default)]
struct PurgesAllTheDead;

#[async_trait]
impl OutboxFault for PurgesAllTheDead {
    async fn purge_dead(&self, memory: &MemoryStore, (before, _): (Timestamp, u32)) -> Result<u64, StoreError> {
        memory.purge_dead(before, u32::MAX).await
    }
}

#[derive(Default)]
struct PurgesWhatIsDue;

#[async_trait]
impl OutboxFault for PurgesWhatIsDue {
    async fn purge_dead(&self, memory: &MemoryStore, (before, limit): (Timestamp, u32)) -> Result<u64, StoreError> {
        let worker = WorkerId::stored("that which purges");
        for due in memory.claim(&worker, before, Duration::from_secs(1), u32::MAX).await? {
            let _ = memory.finish(&due.id, &worker, Delivery::Dead("old".to_owned()), before).await?;
        }
        memory.purge_dead(before, limit).await
    }
}
