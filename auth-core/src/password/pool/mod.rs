//! Who computes hashes: a few threads of their own, fed by a bounded and fair queue.

mod admission;
mod claimant;
mod estimate;
mod fair_queue;
mod job;
mod queue;
mod settings;
mod ticket;
mod turned_away;

use std::fmt;
use std::iter;
use std::net::IpAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::watch;

use super::argon2id::PasswordHasher;
use super::error::HashError;
use super::hasher::{Hasher, HashingScheme, Prepared};
use crate::random::Random;
use claimant::Claimant;
use queue::Queue;

pub use claimant::Purpose;
pub(crate) use queue::Approach;
pub use settings::HashingSettings;
pub use ticket::{PoolFull, Ticket};

/// How long somebody waits for their own share of the places.
const PATIENCE: Duration = Duration::from_secs(2);

/// The threads that compute password hashes, each with memory of its own that it reuses.
///
/// Hashing is the one thing here that a stranger can make expensive. So its memory is fixed
/// (threads × the memory of one hash), the work that waits is bounded, a full pool refuses at once,
/// no client holds more than an eighth of it, and clients are served in turns.
///
/// What a job will cost is a running estimate for each [`Purpose`], which begins with what a hash
/// took when the pool was started. A job counts as its estimate from its ticket on until it ends.
///
/// Clones are the same pool. With the last of them the threads end.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::OsRandom;
/// use auth_core::password::*;
/// use std::sync::Arc;
///
/// let params = Argon2Params::danger_weak(8, 1, 1).unwrap(); // an example has no time to spare
/// let pool = HashingPool::start(&HashingSettings { params, ..Default::default() }, Arc::new(OsRandom))?;
/// let policy = PasswordPolicy::default();
///
/// let password = policy.accept(policy.bounded(Password::new("a tree house"))?, &PolicyContext::default())?;
/// # let hash = async move {
/// let ticket = pool.ticket(Purpose::SignUp, None).await.expect("a place"); // before the store is asked
/// let hash = ticket.hash(password).await?;
/// # Ok::<_, HashError>(hash) };
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HashingPool(Arc<Handle>);

struct Handle {
    queue: Arc<Queue>,
    scheme: Arc<HashingScheme>,
    threads: usize,
    /// Each thread holds a receiver; all gone, all threads are.
    ended: watch::Sender<()>,
}

/// What a pool is doing, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolState {
    /// Threads that compute.
    pub threads: usize,
    /// How much work may be held at once, in time of one thread.
    pub capacity: Duration,
    /// How much of it is held, as it was estimated when it was let in.
    pub work: Duration,
    /// Tickets that are held: waiting for the store, queued or running.
    pub held: usize,
    /// Tickets that are kept free for those whose attempt is being counted. Many beside few that are
    /// held: the store of attempts is slow.
    pub coming: usize,
    /// Jobs that wait for a thread.
    pub queued: usize,
    /// Jobs that a thread has begun.
    pub running: usize,
    /// Tickets refused since the start.
    pub shed: u64,
    /// Hashes computed since the start, the dummy's included.
    pub computed: u64,
}

impl HashingPool {
    /// Makes the dummy hash, measures what it costs, and starts the threads.
    ///
    /// Needs no async runtime. Takes as long as one hash.
    ///
    /// # Errors
    /// When the system has no entropy, memory or thread to give.
    pub fn start(settings: &HashingSettings, random: Arc<dyn Random>) -> Result<Self, HashError> {
        let Prepared { scheme, cost, kernel } = HashingScheme::prepare(settings, random)?;
        let threads = settings.computing_threads();
        let (ended, _) = watch::channel(());
        let (queue, scheme) = (Arc::new(Queue::new(settings.capacity(threads), cost)), Arc::new(scheme));
        let pool = Self(Arc::new(Handle { queue, scheme, threads, ended }));
        let kernels = iter::once(kernel).chain(iter::repeat_with(HashingScheme::kernel));
        (0..threads).zip(kernels).try_for_each(|(number, kernel)| pool.0.spawn(number, kernel))?;
        Ok(pool)
    }

    /// Takes a place, before the store is asked and before anything is hashed.
    ///
    /// A client (an IPv4 address or an IPv6 network of 64 bits) holds at most an eighth of the work,
    /// sign-up a quarter. Whoever asks for more waits, up to two seconds, for what it holds to come
    /// back; everybody else goes ahead.
    ///
    /// # Errors
    /// At once when the pool is full, or too many wait for their share already.
    pub async fn ticket(&self, purpose: Purpose, client: Option<IpAddr>) -> Result<Ticket, PoolFull> {
        self.ticket_of(Claimant { client: client.into(), purpose }, None).await
    }

    /// Lets somebody who must ask a store first go on, unless there is no room.
    pub(crate) fn approach(&self, purpose: Purpose, client: Option<IpAddr>) -> Result<Approach, PoolFull> {
        let claimant = Claimant { client: client.into(), purpose };
        self.0.queue.approach(claimant).map_err(|_| self.0.refuse(purpose))
    }

    /// Takes the place that an approach leads to, as [`HashingPool::ticket`] does.
    pub(crate) async fn arrive(&self, approach: Approach) -> Result<Ticket, PoolFull> {
        self.ticket_of(approach.claimant(), Some(approach)).await
    }

    async fn ticket_of(&self, claimant: Claimant, approach: Option<Approach>) -> Result<Ticket, PoolFull> {
        let admitted = self.0.queue.admit_in_turn(claimant, approach, PATIENCE).await;
        admitted.map(Ticket::new).map_err(|_| self.0.refuse(claimant.purpose))
    }

    /// What the pool is doing now.
    #[must_use]
    pub fn state(&self) -> PoolState {
        let counts = self.0.queue.counts();
        PoolState {
            threads: self.0.threads,
            capacity: counts.capacity.work,
            work: counts.held.work,
            held: counts.held.jobs,
            coming: counts.coming.jobs,
            queued: counts.queued,
            running: counts.running,
            shed: counts.shed,
            computed: self.0.scheme.computed(),
        }
    }

    /// Ends the pool: what runs ends and is answered, what waits and what comes is refused.
    /// Returns when every thread has ended; may be called twice.
    pub async fn shutdown(&self) {
        self.0.queue.close();
        self.0.ended.closed().await;
    }
}

impl fmt::Debug for HashingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HashingPool").field(&self.state()).finish()
    }
}

impl Handle {
    fn refuse(&self, purpose: Purpose) -> PoolFull {
        PoolFull { retry_after: ticket::retry_after(self.queue.shed(purpose), self.threads) }
    }

    fn spawn(&self, number: usize, kernel: Box<dyn PasswordHasher>) -> Result<(), HashError> {
        let (queue, hasher) = (Arc::clone(&self.queue), Hasher::new(Arc::clone(&self.scheme), kernel));
        let alive = self.ended.subscribe();
        let body = move || {
            work(&queue, hasher);
            drop(alive);
        };
        thread::Builder::new().name(format!("auth-hash-{number}")).spawn(body).map_err(HashError::Thread)?;
        Ok(())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// The life of one thread. Under load the next hash overwrites what the last one left in memory;
/// before the thread rests it is wiped.
fn work(queue: &Queue, mut hasher: Hasher) {
    loop {
        let job = queue.try_next().or_else(|| {
            hasher.wipe();
            queue.wait_next()
        });
        match job {
            Some(job) => job.run(&mut hasher),
            None => return,
        }
    }
}

#[cfg(test)]
mod tests;
