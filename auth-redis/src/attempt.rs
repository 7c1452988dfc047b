use std::time::Duration;

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::store::{AttemptStore, StoreError};
use auth_core::throttle::{AttemptKey, Held, Refusal, Reservation, Tier, Verdict};
use redis::ScriptInvocation;

use crate::RedisStore;
use crate::script::{FORGET, PURGE, RESERVE, SETTLE, tell};

#[async_trait]
impl AttemptStore for RedisStore {
    async fn reserve(&self, tiers: &[Tier], now: Timestamp) -> Result<Reservation, StoreError> {
        let mut script = RESERVE.key(self.index());
        script.arg(now.as_millis());
        for tier in tiers {
            self.add(&mut script, tier, Timestamp::from_millis(0))?;
        }
        // If the answer alone was lost, one attempt too many has been counted, and none too few.
        let answer: Vec<i64> = self.run_again(&script).await?;
        reservation(tiers, now, &answer).ok_or_else(|| StoreError::backend("a reservation that is none"))
    }

    async fn settle(&self, held: Held, verdict: Verdict, now: Timestamp) -> Result<(), StoreError> {
        let mut script = SETTLE.key(self.index());
        script.arg(now.as_millis()).arg(held.began().as_millis()).arg(match verdict {
            Verdict::Success => 0,
            Verdict::Failure => 1,
            Verdict::Refund => 2,
        });
        for (tier, mark) in held.tiers() {
            self.add(&mut script, tier, *mark)?;
        }
        self.run(&script).await
    }

    async fn forget(&self, keys: &[AttemptKey]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut script = FORGET.key(self.index());
        for key in keys {
            script.key(self.key(*key));
        }
        self.run_again(&script).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.run(PURGE.key(self.index()).arg(now.as_millis()).arg(limit)).await
    }
}

impl RedisStore {
    fn add(&self, script: &mut ScriptInvocation<'_>, tier: &Tier, mark: Timestamp) -> Result<(), StoreError> {
        script.key(self.key(tier.key));
        tell(script, tier, mark).ok_or_else(|| StoreError::backend("a rule that this version does not know"))
    }
}

/// What the script answered: 1 and a mark for each tier, or 0, the tier that refused and the
/// milliseconds to wait.
fn reservation(tiers: &[Tier], now: Timestamp, answer: &[i64]) -> Option<Reservation> {
    match answer {
        [1, marks @ ..] if marks.len() == tiers.len() => {
            let marks = marks.iter().map(|mark| Timestamp::from_millis(*mark));
            Some(Reservation::Granted(Held::granted(now, tiers.iter().copied().zip(marks).collect())))
        }
        [0, tier, wait] => {
            let tier = tiers.get(usize::try_from(*tier).ok()?)?;
            let retry_after = Duration::from_millis(u64::try_from(*wait).ok()?);
            Some(Reservation::RetryAfter(Refusal { limit: tier.limit, retry_after }))
        }
        _ => None,
    }
}
