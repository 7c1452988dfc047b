//! Counters that are outrun, written in parts, or forgotten at the wrong time.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::store::{AttemptStore, MemoryStore, StoreError};
use auth_core::throttle::{self, AttemptKey, Counter, Reservation, Tier, Verdict};
use tokio::task::yield_now;

use crate::WrongStore;
use crate::delegate::{AttemptFault, Settle, wrong};

pub(crate) fn all() -> Vec<WrongStore<dyn AttemptStore>> {
    vec![
        wrong!(ReadsThenWrites: "reads the counters, then writes them" lacks a_pause_that_is_over,
            wrong_passwords_of_one_client, wrong_passwords_of_a_hundred_clients),
        wrong!(WritesOneByOne: "writes the counters of an attempt one by one"
            lacks a_dropped_reservation_is_whole_or_not_there),
        wrong!(CountsARefusal: "counts an attempt that was refused" lacks what_is_refused_is_counted_nowhere),
        wrong!(ForgetsOneByOne: "forgets the counters of an attempt one by one"
            lacks a_dropped_forgetting_is_whole_or_not_there),
        wrong!(ForgetsWhoIsKnown: "forgets who is known together with what was counted"
            lacks who_is_known_stays_known_when_all_is_forgotten),
        wrong!(PurgesTooEarly: "purges what still counts" lacks a_purge_forgets_what_is_over_and_nothing_else),
        wrong!(RemembersAfterASuccess: "takes a success for a refund" lacks a_success_forgets_failures,
            a_known_key_spares_what_honours_it_and_nothing_else, who_is_known_stays_known_when_all_is_forgotten),
    ]
}

type ReadsThenWrites = Apart<false>;
type WritesOneByOne = Apart<true>;

/// Counters of a store's own: either nothing keeps others out between the reading and the writing,
/// or each is written for itself.
#[derive(Default)]
struct Apart<const ONE_BY_ONE: bool> {
    counters: Mutex<HashMap<AttemptKey, (Tier, Counter)>>,
    turn: tokio::sync::Mutex<()>,
}

impl<const ONE_BY_ONE: bool> Apart<ONE_BY_ONE> {
    fn counters(&self) -> MutexGuard<'_, HashMap<AttemptKey, (Tier, Counter)>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<'a>(&self, tiers: impl Iterator<Item = &'a Tier>) -> Vec<Counter> {
        let counters = self.counters();
        tiers.map(|tier| counters.get(&tier.key).map_or(Counter::FRESH, |(_, counter)| *counter)).collect()
    }
}

#[async_trait]
impl<const ONE_BY_ONE: bool> AttemptFault for Apart<ONE_BY_ONE> {
    async fn reserve(&self, _: &MemoryStore, (tiers, now): (&[Tier], Timestamp)) -> Result<Reservation, StoreError> {
        let _turn = if ONE_BY_ONE { Some(self.turn.lock().await) } else { None };
        let mut counters = self.read(tiers.iter());
        yield_now().await;
        let reservation = throttle::reserve(tiers, &mut counters, now);
        if let Reservation::Granted(_) = reservation {
            for (tier, counter) in tiers.iter().zip(counters) {
                self.counters().insert(tier.key, (*tier, counter));
                if ONE_BY_ONE {
                    yield_now().await;
                }
            }
        }
        Ok(reservation)
    }

    async fn settle(&self, _: &MemoryStore, (held, verdict, now): Settle) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let tiers = held.tiers().iter().map(|(tier, _)| tier);
        let mut counters = self.read(tiers.clone());
        throttle::settle(&held, &mut counters, verdict, now);
        self.counters().extend(tiers.zip(counters).map(|(tier, counter)| (tier.key, (*tier, counter))));
        Ok(())
    }

    async fn forget(&self, _: &MemoryStore, keys: &[AttemptKey]) -> Result<(), StoreError> {
        let mut counters = self.counters();
        for (_, (_, counter)) in counters.iter_mut().filter(|(key, _)| keys.contains(key)) {
            *counter = counter.forgotten();
        }
        Ok(())
    }

    async fn purge(&self, _: &MemoryStore, (now, limit): (Timestamp, u32)) -> Result<u64, StoreError> {
        let mut purged = 0;
        self.counters().retain(|_, (tier, counter)| {
            let goes = purged < u64::from(limit) && counter.expires_at(&tier.rule) < now;
            purged += u64::from(goes);
            !goes
        });
        Ok(purged)
    }
}

#[derive(Default)]
struct CountsARefusal;

#[async_trait]
impl AttemptFault for CountsARefusal {
    async fn reserve(
        &self,
        memory: &MemoryStore,
        (tiers, now): (&[Tier], Timestamp),
    ) -> Result<Reservation, StoreError> {
        let reservation = memory.reserve(tiers, now).await?;
        if let Reservation::RetryAfter(_) = reservation {
            for tier in tiers {
                drop(memory.reserve(std::slice::from_ref(tier), now).await?);
            }
        }
        Ok(reservation)
    }
}

#[derive(Default)]
struct ForgetsOneByOne;

#[async_trait]
impl AttemptFault for ForgetsOneByOne {
    async fn forget(&self, memory: &MemoryStore, keys: &[AttemptKey]) -> Result<(), StoreError> {
        for key in keys {
            memory.forget(std::slice::from_ref(key)).await?;
            yield_now().await;
        }
        Ok(())
    }
}

#[derive(Default)]
struct ForgetsWhoIsKnown;

#[async_trait]
impl AttemptFault for ForgetsWhoIsKnown {
    async fn forget(&self, memory: &MemoryStore, keys: &[AttemptKey]) -> Result<(), StoreError> {
        let never = Timestamp::from_unix_seconds(1 << 40);
        if !keys.is_empty() {
            memory.purge(never, u32::MAX).await?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct PurgesTooEarly;

#[async_trait]
impl AttemptFault for PurgesTooEarly {
    async fn purge(&self, memory: &MemoryStore, (now, limit): (Timestamp, u32)) -> Result<u64, StoreError> {
        memory.purge(now + Duration::from_mins(1), limit).await
    }
}

#[derive(Default)]
struct RemembersAfterASuccess;

#[async_trait]
impl AttemptFault for RemembersAfterASuccess {
    async fn settle(&self, memory: &MemoryStore, (held, verdict, now): Settle) -> Result<(), StoreError> {
        let verdict = if verdict == Verdict::Success { Verdict::Refund } else { verdict };
        memory.settle(held, verdict, now).await
    }
}
