use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::admission::{Admission, Capacity, ClientKey, Held, Purpose, Refused};
use super::estimate::Estimates;
use super::fair_queue::FairQueue;
use super::job::Job;
use crate::metrics::{self, JobState};

/// A front page that sends a few requests at once must not be refused on a small machine.
const LEAST_PATIENCE: usize = 16;

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
    /// Who waits how often for a share of the places to come free.
    patient: HashMap<ClientKey, usize>,
    open: bool,
}

/// The numbers of a [`Queue`] at one moment.
pub(super) struct Counts {
    pub(super) capacity: Capacity,
    pub(super) held: Held,
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
            patient: HashMap::new(),
            open: true,
        };
        Self { state: Mutex::new(state), bell: Condvar::new(), freed: Notify::new() }
    }

    /// Lets somebody ask a store first, if there is room now.
    pub(super) fn approach(self: &Arc<Self>, client: ClientKey, purpose: Purpose) -> Result<Approach, Refused> {
        let mut state = self.lock();
        if !state.open {
            return Err(Refused::Full);
        }
        let cost = state.estimates.of(purpose);
        let counts = state.admission.approach(client, purpose, cost)?;
        drop(state);
        Ok(Approach { queue: Arc::clone(self), client, purpose, counted: counts.then_some(cost) })
    }

    /// A place, if there is one now.
    pub(super) fn admit(self: &Arc<Self>, client: ClientKey, purpose: Purpose) -> Result<Place, Refused> {
        let mut state = self.lock();
        if !state.open {
            return Err(Refused::Full);
        }
        let cost = state.estimates.of(purpose);
        state.admission.admit(client, purpose, cost)?;
        drop(state);
        metrics::work_taken(cost);
        Ok(Place { queue: Arc::clone(self), client, purpose, cost, running: false })
    }

    /// A place as soon as this client and purpose have less than their share. Only a full pool, or
    /// too many who wait like this, refuses at once. Whoever waits is no longer on the way, and keeps
    /// nobody out.
    pub(super) async fn admit_in_turn(
        self: &Arc<Self>,
        (client, purpose): (ClientKey, Purpose),
        approach: Option<Approach>,
        patience: Duration,
    ) -> Result<Place, Refused> {
        let decided = self.admit(client, purpose);
        drop(approach);
        if !matches!(decided, Err(Refused::Share)) {
            return decided;
        }
        let _waiting = self.wait_patiently(client).ok_or(Refused::Share)?;
        tokio::time::timeout(patience, self.admit_when_freed(client, purpose)).await.unwrap_or(Err(Refused::Share))
    }

    async fn admit_when_freed(self: &Arc<Self>, client: ClientKey, purpose: Purpose) -> Result<Place, Refused> {
        loop {
            // Listening begins before the look, so that a place freed in between is not missed.
            let mut freed = std::pin::pin!(self.freed.notified());
            freed.as_mut().enable();
            match self.admit(client, purpose) {
                Ok(place) => return Ok(place),
                Err(_) if !self.lock().open => return Err(Refused::Full),
                Err(_) => freed.await,
            }
        }
    }

    /// Lets one client wait as often as half of the places, and sixteen times in any case; all
    /// clients together four times the places.
    fn wait_patiently(&self, client: ClientKey) -> Option<Patient<'_>> {
        let mut state = self.lock();
        let places = state.admission.places(state.estimates.of(Purpose::SignIn));
        let mine = state.patient.get(&client).copied().unwrap_or(0);
        if mine >= (places / 2).max(LEAST_PATIENCE) || state.patient.values().sum::<usize>() >= places.saturating_mul(4)
        {
            return None;
        }
        state.patient.insert(client, mine + 1);
        drop(state);
        Some(Patient { queue: self, client })
    }

    /// Counts one refusal; how much work is held by others.
    pub(super) fn shed(&self, purpose: Purpose) -> Duration {
        metrics::refused(purpose.as_str());
        let mut state = self.lock();
        state.shed += 1;
        state.admission.held().work
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
            let client = job.place.client;
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
        metrics::job_out(JobState::Queued);
        metrics::job_in(JobState::Running);
        Some(job)
    }
}

/// Somebody who asks a store before taking a place. In a flood most are refused, and at once: so
/// many may be on the way as there are places left, and nobody is refused late, after the store.
#[must_use = "dropping an approach gives up the way to a place"]
pub(crate) struct Approach {
    queue: Arc<Queue>,
    client: ClientKey,
    purpose: Purpose,
    /// What the job is expected to take, where it counts among those on the way.
    counted: Option<Duration>,
}

impl Approach {
    pub(super) fn whose(&self) -> (ClientKey, Purpose) {
        (self.client, self.purpose)
    }
}

impl Drop for Approach {
    fn drop(&mut self) {
        if let Some(cost) = self.counted {
            self.queue.lock().admission.arrive(self.client, self.purpose, cost);
        }
    }
}

/// One of the places, given back when dropped.
pub(super) struct Place {
    queue: Arc<Queue>,
    client: ClientKey,
    purpose: Purpose,
    /// What the job was expected to take when it was let in.
    cost: Duration,
    running: bool,
}

impl Place {
    pub(super) fn queue(&self) -> Arc<Queue> {
        Arc::clone(&self.queue)
    }

    pub(super) fn purpose(&self) -> Purpose {
        self.purpose
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.admission.release(self.client, self.purpose, self.cost);
        state.running = state.running.saturating_sub(usize::from(self.running));
        drop(state);
        metrics::work_given_back(self.cost);
        if self.running {
            metrics::job_out(JobState::Running);
        }
        self.queue.freed.notify_waiters();
    }
}

/// Somebody who waits for a share to come free.
struct Patient<'a> {
    queue: &'a Queue,
    client: ClientKey,
}

impl Drop for Patient<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        match state.patient.get_mut(&self.client) {
            Some(mine) if *mine > 1 => *mine -= 1,
            _ => drop(state.patient.remove(&self.client)),
        }
    }
}

/// When it is worth asking again, in whole seconds: as soon as what is held is done, and at least a
/// second.
pub(super) fn retry_after(held: Duration, threads: usize) -> Duration {
    let work = held / u32::try_from(threads).unwrap_or(u32::MAX).max(1);
    Duration::from_secs(work.as_secs().saturating_add(u64::from(work.subsec_nanos() > 0)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_refused_hears_when_the_held_work_is_done_in_whole_seconds() {
        let after = |millis| retry_after(Duration::from_millis(millis), 2);
        assert_eq!(after(960), Duration::from_secs(1));
        assert_eq!(after(2_560), Duration::from_secs(2));
        assert_eq!(after(0), Duration::from_secs(1));
    }
}
