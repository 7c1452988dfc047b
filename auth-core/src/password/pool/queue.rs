use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::admission::{Admission, ClientKey, Purpose};
use super::fair_queue::FairQueue;
use super::job::Job;

/// What the threads and the ticket holders share.
pub(super) struct Queue {
    state: Mutex<State>,
    /// Rung when there is a job, or the end.
    bell: Condvar,
}

struct State {
    admission: Admission,
    waiting: FairQueue<Job>,
    running: usize,
    shed: u64,
    open: bool,
}

/// The numbers of a [`Queue`] at one moment.
pub(super) struct Counts {
    pub(super) places: usize,
    pub(super) held: usize,
    pub(super) queued: usize,
    pub(super) running: usize,
    pub(super) shed: u64,
}

impl Queue {
    pub(super) fn new(places: usize) -> Self {
        let admission = Admission::new(places);
        let state = State { admission, waiting: FairQueue::new(), running: 0, shed: 0, open: true };
        Self { state: Mutex::new(state), bell: Condvar::new() }
    }

    /// A place, or how many are held by others.
    pub(super) fn admit(self: &Arc<Self>, client: ClientKey, purpose: Purpose) -> Result<Place, usize> {
        let mut state = self.lock();
        if state.open && state.admission.admit(client, purpose) {
            return Ok(Place { queue: Arc::clone(self), client, purpose, running: false });
        }
        state.shed += 1;
        Err(state.admission.held())
    }

    /// Queues a job; it is dropped when the queue is closed.
    pub(super) fn push(&self, job: Job) {
        let mut state = self.lock();
        if state.open {
            let client = job.place.client;
            state.waiting.push(client, job);
            self.bell.notify_one();
        } else {
            // The job's place locks this queue when it goes.
            drop(state);
            drop(job);
        }
    }

    /// The next job, if one waits now.
    pub(super) fn try_next(&self) -> Option<Job> {
        self.lock().start_next()
    }

    /// The next job; `None` once the queue is closed.
    pub(super) fn wait_next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.start_next() {
                return Some(job);
            }
            if !state.open {
                return None;
            }
            state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes no more jobs and drops those that wait.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.open = false;
        let refused = std::mem::replace(&mut state.waiting, FairQueue::new());
        drop(state);
        self.bell.notify_all();
        drop(refused);
    }

    pub(super) fn counts(&self) -> Counts {
        let state = self.lock();
        Counts {
            places: state.admission.places(),
            held: state.admission.held(),
            queued: state.waiting.len(),
            running: state.running,
            shed: state.shed,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn start_next(&mut self) -> Option<Job> {
        let mut job = self.waiting.pop()?;
        job.place.running = true;
        self.running += 1;
        Some(job)
    }
}

/// One of the places, given back when dropped.
pub(super) struct Place {
    queue: Arc<Queue>,
    client: ClientKey,
    purpose: Purpose,
    running: bool,
}

impl Place {
    pub(super) fn queue(&self) -> Arc<Queue> {
        Arc::clone(&self.queue)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.admission.release(self.client, self.purpose);
        state.running = state.running.saturating_sub(usize::from(self.running));
    }
}

/// When it is worth asking again: the work that is held, and at least a second.
pub(super) fn retry_after(held: usize, cost: Duration, threads: usize) -> Duration {
    let held = u32::try_from(held).unwrap_or(u32::MAX);
    let threads = u32::try_from(threads).unwrap_or(u32::MAX).max(1);
    let work = cost.saturating_mul(held) / threads;
    Duration::from_secs(work.as_secs().saturating_add(u64::from(work.subsec_nanos() > 0)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_refused_hears_when_the_held_work_is_done_in_whole_seconds() {
        let after = |held, millis| retry_after(held, Duration::from_millis(millis), 2);
        assert_eq!(after(64, 15), Duration::from_secs(1));
        assert_eq!(after(64, 40), Duration::from_secs(2));
        assert_eq!(after(0, 0), Duration::from_secs(1));
    }
}
