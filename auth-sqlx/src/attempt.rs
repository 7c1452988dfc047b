use std::collections::HashMap;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::store::{AttemptStore, StoreError};
use auth_core::throttle::{self, AttemptKey, Counter, Held, Reservation, Tier, Verdict};

use crate::SqlStore;
use crate::driver::{Statement, Transaction};
use crate::row::{Cells, Inconsistent};

macro_rules! columns {
    () => {
        "failures, since, blocked_until, open_now, open_before, slot, known_until"
    };
}

/// An attempt has rarely more keys than this; a shorter list is filled with its last one.
const AT_ONCE: usize = 4;
const READ: &str = concat!("SELECT id, ", columns!(), " FROM auth_attempts WHERE id IN ($1, $2, $3, $4)");
const OWN: &str = concat!("SELECT ", columns!(), " FROM auth_attempts WHERE id = $1");
const BEGIN: &str = concat!(
    "INSERT INTO auth_attempts (id, ",
    columns!(),
    ", expires_at) VALUES ($1, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING"
);
const WRITE: &str = "UPDATE auth_attempts SET failures = $2, since = $3, blocked_until = $4, open_now = $5, \
    open_before = $6, slot = $7, known_until = $8, expires_at = $9 WHERE id = $1";
/// [`Counter::forgotten`], in SQL.
const FORGET: &str = "UPDATE auth_attempts SET failures = 0, since = 0, blocked_until = 0, open_now = 0, \
    open_before = 0, slot = 0 WHERE id = $1";
const OVER: &str = "SELECT id FROM auth_attempts WHERE expires_at < $1 ORDER BY expires_at LIMIT $2";
/// Somebody may have used it meanwhile.
const FORGET_IF_OVER: &str = "DELETE FROM auth_attempts WHERE id = $1 AND expires_at < $2";

#[async_trait]
impl AttemptStore for SqlStore {
    async fn reserve(&self, tiers: &[Tier], now: Timestamp) -> Result<Reservation, StoreError> {
        // Under attack nearly everything is refused, and then no row is locked and none written.
        let mut seen = self.read(tiers).await?;
        let refused @ Reservation::RetryAfter(_) = throttle::reserve(tiers, &mut seen, now) else {
            return self.take(tiers, now).await;
        };
        Ok(refused)
    }

    async fn settle(&self, held: Held, verdict: Verdict, now: Timestamp) -> Result<(), StoreError> {
        let tiers: Vec<_> = held.tiers().iter().map(|(tier, _)| *tier).collect();
        let mut owned = Owned::begin(self, &tiers).await?;
        throttle::settle(&held, &mut owned.counters, verdict, now);
        owned.write().await
    }

    async fn forget(&self, keys: &[AttemptKey]) -> Result<(), StoreError> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        let mut transaction = self.driver.begin_beside().await?;
        for key in keys {
            transaction.execute(Statement::new(FORGET).bind(key.to_text())).await?;
        }
        transaction.commit().await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let over = self.driver.fetch(Statement::new(OVER).bind(now).bind(limit)).await?;
        let ids = over.into_iter().map(|row| row.of("auth_attempts").text("id"));
        let mut ids = ids.collect::<Result<Vec<_>, _>>()?;
        if ids.is_empty() {
            return Ok(0);
        }
        ids.sort_unstable();
        let mut transaction = self.driver.begin_beside().await?;
        let mut forgotten = 0;
        for id in ids {
            forgotten += transaction.execute(Statement::new(FORGET_IF_OVER).bind(id).bind(now)).await?;
        }
        transaction.commit().await?;
        Ok(forgotten)
    }
}

impl SqlStore {
    /// The counters as they are, which others may be changing.
    async fn read(&self, tiers: &[Tier]) -> Result<Vec<Counter>, StoreError> {
        let keys: Vec<_> = tiers.iter().map(|tier| tier.key).collect();
        let mut found = HashMap::new();
        for some in keys.chunks(AT_ONCE) {
            for row in self.driver.fetch(naming(READ, some)).await? {
                let mut cells = row.of("auth_attempts");
                found.insert(cells.text("id")?, counter(cells)?);
            }
        }
        Ok(keys.iter().map(|key| found.get(&key.to_text()).copied().unwrap_or(Counter::FRESH)).collect())
    }

    async fn take(&self, tiers: &[Tier], now: Timestamp) -> Result<Reservation, StoreError> {
        let mut owned = Owned::begin(self, tiers).await?;
        let reservation = throttle::reserve(tiers, &mut owned.counters, now);
        match reservation {
            Reservation::Granted(_) => owned.write().await?,
            Reservation::RetryAfter(_) => owned.transaction.commit().await?,
        }
        Ok(reservation)
    }
}

/// Counters that nobody else changes until they are written.
struct Owned<'a> {
    transaction: Box<dyn Transaction>,
    tiers: &'a [Tier],
    counters: Vec<Counter>,
}

impl<'a> Owned<'a> {
    async fn begin(store: &SqlStore, tiers: &'a [Tier]) -> Result<Self, StoreError> {
        let mut transaction = store.driver.begin_beside().await?;
        let mut counters = vec![Counter::FRESH; tiers.len()];
        let mut places: Vec<_> = tiers.iter().zip(&mut counters).collect();
        // Everywhere in the order of the keys, so that two transactions never wait for each other.
        places.sort_unstable_by_key(|(tier, _)| tier.key);
        for (tier, counter) in places {
            *counter = own(&mut *transaction, tier.key).await?;
        }
        Ok(Self { transaction, tiers, counters })
    }

    async fn write(mut self) -> Result<(), StoreError> {
        for (tier, counter) in self.tiers.iter().zip(&self.counters) {
            self.transaction.execute(writing(tier, counter)).await?;
        }
        self.transaction.commit().await
    }
}

/// A row must be there to be owned. A purge can take it away in between, but not for ever.
async fn own(transaction: &mut dyn Transaction, key: AttemptKey) -> Result<Counter, StoreError> {
    const TRIES: u32 = 3;
    for _ in 0..TRIES {
        if let Some(row) = transaction.find_owned(Statement::new(OWN).bind(key.to_text())).await? {
            return Ok(counter(row.of("auth_attempts"))?);
        }
        transaction.execute(Statement::new(BEGIN).bind(key.to_text())).await?;
    }
    Err(StoreError::unavailable("a counter was removed again and again"))
}

fn naming(sql: &'static str, keys: &[AttemptKey]) -> Statement {
    let last = keys.last().into_iter().cycle();
    keys.iter().chain(last).take(AT_ONCE).fold(Statement::new(sql), |statement, key| statement.bind(key.to_text()))
}

fn writing(tier: &Tier, counter: &Counter) -> Statement {
    Statement::new(WRITE)
        .bind(tier.key.to_text())
        .bind(counter.failures)
        .bind(counter.since)
        .bind(counter.blocked_until)
        .bind(counter.open)
        .bind(counter.open_before)
        .bind(counter.slot)
        .bind(counter.known_until)
        .bind(counter.expires_at(&tier.rule))
}

fn counter(mut cells: Cells) -> Result<Counter, Inconsistent> {
    Ok(Counter {
        failures: count(&mut cells, "failures")?,
        since: cells.moment("since")?,
        blocked_until: cells.moment("blocked_until")?,
        open: count(&mut cells, "open_now")?,
        open_before: count(&mut cells, "open_before")?,
        slot: cells.integer("slot")?,
        known_until: cells.moment("known_until")?,
    })
}

fn count(cells: &mut Cells, column: &'static str) -> Result<u32, Inconsistent> {
    u32::try_from(cells.integer(column)?).map_err(|_| cells.fault(column, "is not a count"))
}
