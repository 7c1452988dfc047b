use async_trait::async_trait;

use super::StoreError;
use crate::clock::Timestamp;
use crate::throttle::{AttemptKey, Held, Reservation, Tier, Verdict};

/// What is remembered of attempts, so that there are not too many. A store keeps one
/// [`Counter`](crate::throttle::Counter) for each key, and nothing else.
///
/// # Contract
///
/// - Each verb is one atomic step over all its keys: two that share a key happen one after the
///   other, in whatever process.
/// - A key that the store does not have has the counter
///   [`Counter::FRESH`](crate::throttle::Counter::FRESH).
/// - A counter is kept until its [`expires_at`](crate::throttle::Counter::expires_at). A store whose
///   room is bounded may forget one earlier, but first those that
///   [bite](crate::throttle::Counter::bites) nobody.
/// - Time is the `now` that is handed in.
#[async_trait]
pub trait AttemptStore: Send + Sync + 'static {
    /// Lets one more attempt begin, or says how long to wait.
    ///
    /// # Contract
    /// As [`throttle::reserve`](crate::throttle::reserve) decides about the counters of all tiers
    /// together. What is granted is written before the answer; what is refused changes nothing, so a
    /// store may refuse what it has only read.
    async fn reserve(&self, tiers: &[Tier], now: Timestamp) -> Result<Reservation, StoreError>;

    /// Says how an attempt ended.
    ///
    /// # Contract
    /// As [`throttle::settle`](crate::throttle::settle) changes the counters of all its tiers.
    async fn settle(&self, held: Held, verdict: Verdict, now: Timestamp) -> Result<(), StoreError>;

    /// Forgets what was counted under these keys. A client that is known stays known.
    ///
    /// # Contract
    /// Each counter that is there becomes what
    /// [`Counter::forgotten`](crate::throttle::Counter::forgotten) says.
    async fn forget(&self, keys: &[AttemptKey]) -> Result<(), StoreError>;

    /// Forgets at most `limit` counters that have expired before `now`; how many there were.
    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
