use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::auth::{Auth, Inner};
use crate::error::AuthError;
use crate::mail::MessageKind;
use crate::random::{Random, RandomError, id128};
use crate::store::{JobGroup, JobId, NewJob, WorkerId};

use super::compose::NOBODY;

/// How often the outbox is looked at without being asked: for jobs of other processes and for
/// those that were put off.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The background worker of one `Auth`.
pub(crate) struct Worker {
    pub(super) id: WorkerId,
    wanted: bool,
    wake: Arc<Notify>,
    /// Held while a pass is made in the background.
    passing: tokio::sync::Mutex<()>,
    task: Mutex<Option<JoinHandle<()>>>,
    /// The jobs that a pass has claimed and not finished.
    leased: Mutex<BTreeSet<JobId>>,
}

impl Worker {
    pub(crate) fn new(wanted: bool, random: &dyn Random) -> Result<Self, RandomError> {
        let id = WorkerId::stored(id128(random)?);
        Ok(Self {
            id,
            wanted,
            wake: Arc::new(Notify::new()),
            passing: <_>::default(),
            task: <_>::default(),
            leased: <_>::default(),
        })
    }

    fn wake(&self) {
        self.wake.notify_one();
    }

    /// Ends the background task once its present pass is over. Ended in the middle of one, it would
    /// leave mails leased that nobody sends until the lease runs out.
    pub(super) async fn finish(&self) {
        let _idle = self.passing.lock().await;
        self.stop();
    }

    /// Ends the background task at once; what it has leased stays leased.
    pub(super) fn stop(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.abort();
        }
    }

    pub(super) fn lease(&self, jobs: impl IntoIterator<Item = JobId>) {
        self.leased().extend(jobs);
    }

    pub(super) fn end_lease(&self, job: &JobId) {
        self.leased().remove(job);
    }

    /// What is still leased, for somebody who gives it back.
    pub(super) fn take_leased(&self) -> BTreeSet<JobId> {
        std::mem::take(&mut *self.leased())
    }

    fn leased(&self) -> MutexGuard<'_, BTreeSet<JobId>> {
        self.leased.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Auth {
    /// Starts the worker of the outbox if it does not run, on the runtime found here. `mount` and
    /// every action call it; a runtime that has ended took its worker along, and the next action
    /// starts a new one. Outside a runtime it does nothing.
    pub fn start_worker(&self) {
        let worker = &self.inner.worker;
        if !worker.wanted {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        let mut task = worker.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            let inner = Arc::downgrade(&self.inner);
            *task = Some(runtime.spawn(work(inner, worker.wake.clone())));
        }
    }

    /// Writes one row of the outbox and wakes the worker.
    pub(crate) async fn queue_mail(&self, kind: MessageKind, recipient: &str) -> Result<(), AuthError> {
        let group = self.inner.settings.restore_keys.group(kind, recipient);
        self.queue(JobId::stored(id128(self.random())?), kind, group, recipient).await
    }

    /// A row that is as long in the making as that of a mail, and becomes none. It is alone in its
    /// group: one group for all of them would grow with every request.
    pub(crate) async fn queue_no_mail(&self, kind: MessageKind) -> Result<(), AuthError> {
        let id = JobId::stored(id128(self.random())?);
        let group = self.inner.settings.restore_keys.group(kind, id.as_str());
        self.queue(id, kind, group, NOBODY).await
    }

    async fn queue(&self, id: JobId, kind: MessageKind, group: JobGroup, recipient: &str) -> Result<(), AuthError> {
        let now = self.now();
        let sealed = self.inner.settings.restore_keys.seal(recipient, now)?;
        let job = NewJob { id, kind, group, sealed, created_at: now };
        self.inner.stores.outbox.put(job).await?;
        self.inner.worker.wake();
        Ok(())
    }
}

/// Holds no strong reference between two passes, so that dropping the last `Auth` ends it.
async fn work(inner: Weak<Inner>, wake: Arc<Notify>) {
    while let Some(inner) = inner.upgrade() {
        let auth = Auth { inner };
        let passing = auth.inner.worker.passing.lock().await;
        if let Err(error) = auth.deliver_what_is_due().await {
            tracing::warn!(target: "auth", %error, "the outbox does not answer");
        }
        drop(passing);
        auth.forget_what_expired().await;
        drop(auth);
        // Either is a reason to look again, so neither result matters.
        let _ = tokio::time::timeout(LOOK_AGAIN, wake.notified()).await;
    }
}
