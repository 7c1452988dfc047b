//! Who has a place, who is on the way to one, who waits for one, and the jobs of those who have.

mod approach;
mod patience;
mod place;

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::admission::{Admission, Capacity, Held, Refused};
use super::claimant::Purpose;
use super::estimate::Estimates;
use super::fair_queue::FairQueue;
use super::job::Job;
use crate::metrics::{self, JobState};

pub(crate) use approach::Approach;
use patience::Patience;
pub(super) use place::Place;

/// What the threads and the ticket holders share.
pub(super) struct Queue {
    state: Mutex<State>,
    /// Rung when there is a job, or the end.
    bell: Condvar,
    /// Told when a place is given back.
    freed: Notify,
}

struct State {
    admission: Admission,
    estimates: Estimates,
    waiting: FairQueue<Job>,
    running: usize,
    shed: u64,
    patience: Patience,
    open: bool,
}

/// The numbers of a [`Queue`] at one moment.
pub(super) struct Counts {
    pub(super) capacity: Capacity,
    pub(super) held: Held,
    pub(super) coming: Held,
    pub(super) queued: usize,
    pub(super) running: usize,
    pub(super) shed: u64,
}

impl Queue {
    /// With room for this much, in jobs that take as long as was measured.
    pub(super) fn new(capacity: Capacity, measured: Duration) -> Self {
        let state = State {
            admission: Admission::new(capacity),
            estimates: Estimates::new(measured),
            waiting: FairQueue::new(),
            running: 0,
            shed: 0,
            patience: Patience::default(),
            open: true,
        };
        Self { state: Mutex::new(state), bell: Condvar::new(), freed: Notify::new() }
    }

    /// Counts one refusal; how much work is before whoever comes again.
    pub(super) fn shed(&self, purpose: Purpose) -> Duration {
        metrics::refused(purpose.as_str());
        let mut state = self.lock();
        state.shed += 1;
        state.admission.held().with(state.admission.coming()).work
    }

    /// Learns what a job of this kind takes.
    pub(super) fn observe(&self, purpose: Purpose, took: Duration) {
        metrics::hashed(purpose.as_str(), took);
        self.lock().estimates.observe(purpose, took);
    }

    /// Queues a job; it is dropped when the queue is closed.
    pub(super) fn push(&self, job: Job) {
        let mut state = self.lock();
        if state.open {
            let client = job.place.client();
            state.waiting.push(client, job);
            metrics::job_in(JobState::Queued);
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
        (0..refused.len()).for_each(|_| metrics::job_out(JobState::Queued));
        self.bell.notify_all();
        self.freed.notify_waiters();
        drop(refused);
    }

    pub(super) fn counts(&self) -> Counts {
        let state = self.lock();
        Counts {
            capacity: state.admission.capacity(),
            held: state.admission.held(),
            coming: state.admission.coming(),
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
    /// What a job of this kind will take, while there are threads to take it.
    fn cost_of(&self, purpose: Purpose) -> Result<Duration, Refused> {
        if self.open { Ok(self.estimates.of(purpose)) } else { Err(Refused::Full) }
    }

    fn start_next(&mut self) -> Option<Job> {
        let mut job = self.waiting.pop()?;
        job.place.running = true;
        self.running += 1;
        metrics::job_out(JobState::Queued);
        metrics::job_in(JobState::Running);
        Some(job)
    }
}
