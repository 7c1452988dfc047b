use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;

use super::MemoryStore;
use crate::clock::Timestamp;
use crate::store::{AttemptStore, StoreError};
use crate::throttle::{self, AttemptKey, Counter, Held, Reservation, Rule, Tier, Verdict};

/// The most counters that are kept; with all they need, about 30 MiB.
const CAPACITY: usize = 131_072;

/// Counters, at most so many. When there is one too many the least recently used goes, but one that
/// refuses somebody or knows a client only after all others. So whoever wants to be forgotten must first
/// have as many other keys used as there is room for.
pub(super) struct Attempts {
    capacity: usize,
    rows: HashMap<AttemptKey, Row>,
    /// Who is forgotten first.
    order: BTreeMap<Rank, AttemptKey>,
    uses: u64,
}

struct Row {
    counter: Counter,
    expires_at: Timestamp,
    rank: Rank,
}

/// Whether the counter refuses somebody or knows a client, and when it was last used.
type Rank = (bool, u64);

impl Default for Attempts {
    fn default() -> Self {
        Self::with_room_for(CAPACITY)
    }
}

#[async_trait]
impl AttemptStore for MemoryStore {
    async fn reserve(&self, tiers: &[Tier], now: Timestamp) -> Result<Reservation, StoreError> {
        let mut attempts = self.attempts.lock();
        let mut counters: Vec<_> = tiers.iter().map(|tier| attempts.counter(&tier.key)).collect();
        let reservation = throttle::reserve(tiers, &mut counters, now);
        if let Reservation::Granted(_) = reservation {
            tiers.iter().zip(counters).for_each(|(tier, counter)| attempts.keep(tier.key, &tier.rule, counter));
        }
        Ok(reservation)
    }

    async fn settle(&self, held: Held, verdict: Verdict, now: Timestamp) -> Result<(), StoreError> {
        let mut attempts = self.attempts.lock();
        let mut counters: Vec<_> = held.tiers().iter().map(|(tier, _)| attempts.counter(&tier.key)).collect();
        throttle::settle(&held, &mut counters, verdict, now);
        let settled = held.tiers().iter().zip(counters);
        settled.for_each(|((tier, _), counter)| attempts.keep(tier.key, &tier.rule, counter));
        Ok(())
    }

    async fn forget(&self, keys: &[AttemptKey]) -> Result<(), StoreError> {
        let mut attempts = self.attempts.lock();
        for key in keys {
            attempts.forget(key);
        }
        Ok(())
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut attempts = self.attempts.lock();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let over = attempts.rows.iter().filter(|(_, row)| row.expires_at < now);
        let over: Vec<_> = over.map(|(key, _)| *key).take(limit).collect();
        for key in &over {
            attempts.remove(key);
        }
        Ok(over.len() as u64)
    }
}

impl Attempts {
    fn with_room_for(capacity: usize) -> Self {
        Self { capacity, rows: HashMap::new(), order: BTreeMap::new(), uses: 0 }
    }

    fn counter(&self, key: &AttemptKey) -> Counter {
        self.rows.get(key).map_or(Counter::FRESH, |row| row.counter)
    }

    fn keep(&mut self, key: AttemptKey, rule: &Rule, counter: Counter) {
        self.uses += 1;
        let rank = (counter.bites(rule) || counter.knows_a_client(), self.uses);
        let row = Row { counter, expires_at: counter.expires_at(rule), rank };
        if let Some(before) = self.rows.insert(key, row) {
            self.order.remove(&before.rank);
        }
        self.order.insert(rank, key);
        while self.rows.len() > self.capacity {
            let Some((_, first)) = self.order.pop_first() else { return };
            self.rows.remove(&first);
        }
    }

    fn forget(&mut self, key: &AttemptKey) {
        let Some(row) = self.rows.get_mut(key) else { return };
        self.order.remove(&row.rank);
        row.counter = row.counter.forgotten();
        row.rank = (row.counter.knows_a_client(), row.rank.1);
        self.order.insert(row.rank, *key);
    }

    fn remove(&mut self, key: &AttemptKey) {
        if let Some(row) = self.rows.remove(key) {
            self.order.remove(&row.rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::throttle::AtMost;
    use std::time::Duration;

    const TWICE: Rule = Rule::AtMost(AtMost::new(2, Duration::from_secs(60)));

    fn used(times: u32) -> Counter {
        Counter { failures: times, ..Counter::FRESH }
    }

    fn keep(attempts: &mut Attempts, keys: impl IntoIterator<Item = u128>, times: u32) {
        for key in keys {
            attempts.keep(AttemptKey::from_bits(key), &TWICE, used(times));
        }
    }

    fn kept(attempts: &Attempts) -> Vec<u128> {
        (0..10).filter(|key| attempts.counter(&AttemptKey::from_bits(*key)) != Counter::FRESH).collect()
    }

    #[test]
    fn the_least_recently_used_is_forgotten_first() {
        let mut attempts = Attempts::with_room_for(2);
        keep(&mut attempts, [0, 1, 0, 2], 1);
        assert_eq!(kept(&attempts), [0, 2]);
    }

    #[test]
    fn what_refuses_somebody_outlives_what_refuses_nobody() {
        let mut attempts = Attempts::with_room_for(2);
        keep(&mut attempts, [0], 2);
        keep(&mut attempts, [1, 2, 3], 1);
        assert_eq!(kept(&attempts), [0, 3]);
        keep(&mut attempts, [4, 5], 2);
        assert_eq!(kept(&attempts), [4, 5]);
    }

    #[test]
    fn a_known_client_outlives_what_refuses_nobody() {
        let mut attempts = Attempts::with_room_for(2);
        let known = Counter { known_until: Timestamp::from_unix_seconds(1), ..Counter::FRESH };
        attempts.keep(AttemptKey::from_bits(0), &TWICE, known);
        keep(&mut attempts, [1, 2, 3], 1);
        assert_eq!(kept(&attempts), [0, 3]);
    }

    #[test]
    fn a_million_keys_take_no_more_room_than_there_is() {
        let mut attempts = Attempts::default();
        keep(&mut attempts, 0..1_000_000, 1);
        assert_eq!((attempts.rows.len(), attempts.order.len()), (CAPACITY, CAPACITY));
        let row = size_of::<(AttemptKey, Row)>() + size_of::<(Rank, AttemptKey)>();
        assert!(attempts.rows.capacity() * row < 64 << 20, "{} rows of {row} bytes", attempts.rows.capacity());
    }
}
