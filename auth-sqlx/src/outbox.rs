use std::time::Duration;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::mail::MessageKind;
use auth_core::store::{Cas, Delivery, Job, JobId, NewJob, OutboxStore, Sealed, StoreError, WorkerId};

use crate::SqlStore;
use crate::driver::{Statement, Transaction};
use crate::row::{Inconsistent, Row};

const PUT: &str = "INSERT INTO auth_outbox (id, kind, job_group, sealed, created_at, due_at) \
    VALUES ($1, $2, $3, $4, $5, $5)";
/// Jobs of a kind that a later version knows stay for its workers.
const DUE: &str = "SELECT seq, job_group, id, kind, sealed, created_at, attempts FROM auth_outbox AS job \
    WHERE due_at <= $1 AND kind IN ($3, $4, $5, $6) \
    AND NOT EXISTS (SELECT 1 FROM auth_outbox AS newer WHERE newer.job_group = job.job_group \
        AND (newer.created_at, newer.seq) > (job.created_at, job.seq) AND newer.due_at IS NOT NULL) \
    AND NOT EXISTS (SELECT 1 FROM auth_outbox AS leased WHERE leased.job_group = job.job_group \
        AND leased.worker IS NOT NULL AND leased.due_at > $1) \
    ORDER BY due_at, created_at, seq LIMIT $2";
const KINDS: [MessageKind; 4] = MessageKind::ALL;
const LEASE: &str = "UPDATE auth_outbox SET worker = $1, due_at = $2, attempts = attempts + 1 WHERE seq = $3";
const DROP_OLDER: &str = "DELETE FROM auth_outbox WHERE job_group = $1 \
    AND (created_at, seq) < ($2, $3) AND due_at IS NOT NULL";
const DONE: &str = "DELETE FROM auth_outbox WHERE id = $1 AND worker = $2 AND due_at > $3";
const RETRY: &str = "UPDATE auth_outbox SET worker = NULL, due_at = $4 WHERE id = $1 AND worker = $2 AND due_at > $3";
const BURY: &str = "UPDATE auth_outbox SET worker = NULL, due_at = NULL, dead_reason = $4 \
    WHERE id = $1 AND worker = $2 AND due_at > $3";
const PURGE_DEAD: &str = "DELETE FROM auth_outbox WHERE id IN \
    (SELECT id FROM auth_outbox WHERE due_at IS NULL AND created_at < $1 ORDER BY due_at, created_at LIMIT $2)";

#[async_trait]
impl OutboxStore for SqlStore {
    async fn put(&self, job: NewJob) -> Result<(), StoreError> {
        let put = Statement::new(PUT)
            .bind(job.id.as_str())
            .bind(job.kind.as_str())
            .bind(job.group.as_str())
            .bind(job.sealed.as_str())
            .bind(job.created_at);
        self.driver.execute(put).await.map(drop)
    }

    async fn claim(
        &self,
        worker: &WorkerId,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let mut transaction = self.driver.begin().await?;
        let due =
            KINDS.into_iter().fold(Statement::new(DUE).bind(now).bind(limit), |due, kind| due.bind(kind.as_str()));
        let mut claimed = Vec::new();
        for row in transaction.fetch_locked(due).await? {
            let due = match due_job(row) {
                Ok(due) => due,
                Err(error) => {
                    tracing::error!(target: "auth", %error, "a mail job cannot be read and is passed over");
                    continue;
                }
            };
            due.lease(&mut *transaction, worker, now + lease).await?;
            claimed.push(due.job);
        }
        transaction.commit().await?;
        Ok(claimed)
    }

    async fn finish(&self, id: &JobId, worker: &WorkerId, how: Delivery, now: Timestamp) -> Result<Cas, StoreError> {
        let held = |sql| Statement::new(sql).bind(id.as_str()).bind(worker.as_str()).bind(now);
        let finish = match how {
            Delivery::Done => held(DONE),
            Delivery::RetryAt(due) => held(RETRY).bind(due),
            // It is what a mail server said, and PostgreSQL keeps no NUL.
            Delivery::Dead(reason) => held(BURY).bind(reason.replace('\0', "\u{fffd}")),
        };
        Ok(if self.driver.execute(finish).await? == 0 { Cas::Lost } else { Cas::Won })
    }

    async fn purge_dead(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.driver.execute(Statement::new(PURGE_DEAD).bind(before).bind(limit)).await
    }
}

/// A job that may be given, with this attempt counted.
struct DueJob {
    seq: i64,
    group: String,
    job: Job,
}

impl DueJob {
    /// Gives the job to `worker` and drops the older ones of its group.
    async fn lease(&self, on: &mut dyn Transaction, worker: &WorkerId, until: Timestamp) -> Result<(), StoreError> {
        on.execute(Statement::new(LEASE).bind(worker.as_str()).bind(until).bind(self.seq)).await?;
        let older = Statement::new(DROP_OLDER).bind(self.group.as_str()).bind(self.job.created_at).bind(self.seq);
        on.execute(older).await.map(drop)
    }
}

fn due_job(row: Row) -> Result<DueJob, Inconsistent> {
    let mut row = row.of("auth_outbox");
    let (seq, group) = (row.integer("seq")?, row.text("job_group")?);
    let id = JobId::stored(row.text("id")?);
    let kind = row.text("kind")?;
    let kind = MessageKind::from_stored(&kind).ok_or(row.fault("kind", "is no kind of job"))?;
    let sealed = Sealed::stored(row.text("sealed")?);
    let created_at = row.moment("created_at")?;
    let attempts = u32::try_from(row.integer("attempts")?).map_err(|_| row.fault("attempts", "is not a count"))?;
    Ok(DueJob { seq, group, job: Job { id, kind, sealed, created_at, attempts: attempts.saturating_add(1) } })
}
