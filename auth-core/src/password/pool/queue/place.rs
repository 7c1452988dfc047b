use std::sync::Arc;
use std::time::Duration;

use super::Queue;
use crate::metrics::{self, JobState};
use crate::password::pool::admission::Refused;
use crate::password::pool::claimant::{Claimant, ClientKey, Purpose};

/// One of the places, given back when dropped.
pub(in crate::password::pool) struct Place {
    queue: Arc<Queue>,
    claimant: Claimant,
    /// What the job was expected to take when it was let in.
    cost: Duration,
    pub(super) running: bool,
}

impl Place {
    pub(in crate::password::pool) fn queue(&self) -> Arc<Queue> {
        Arc::clone(&self.queue)
    }

    pub(in crate::password::pool) fn purpose(&self) -> Purpose {
        self.claimant.purpose
    }

    pub(super) fn client(&self) -> ClientKey {
        self.claimant.client
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.admission.release(self.claimant, self.cost);
        state.running = state.running.saturating_sub(usize::from(self.running));
        drop(state);
        metrics::work_given_back(self.cost);
        if self.running {
            metrics::job_out(JobState::Running);
        }
        self.queue.freed.notify_waiters();
    }
}

impl Queue {
    /// A place, if there is one now. The one that was kept for this claimant is kept no longer.
    pub(in crate::password::pool) fn admit(
        self: &Arc<Self>,
        claimant: Claimant,
        kept: Option<Duration>,
    ) -> Result<Place, Refused> {
        let mut state = self.lock();
        if let Some(cost) = kept {
            state.admission.leave(claimant, cost);
        }
        let cost = state.cost_of(claimant.purpose)?;
        state.admission.admit(claimant, cost)?;
        drop(state);
        metrics::work_taken(cost);
        Ok(Place { queue: Arc::clone(self), claimant, cost, running: false })
    }
}
