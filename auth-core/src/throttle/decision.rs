use std::time::Duration;

use super::{Counter, Limit, Tier, Trust};
use crate::clock::Timestamp;

/// What a store said to one more attempt.
#[derive(Debug)]
#[must_use]
pub enum Reservation {
    /// It may begin, and is under way until it is settled.
    Granted(Held),
    /// It may not, and was counted nowhere.
    RetryAfter(Refusal),
}

/// Why an attempt may not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The first limit that refused.
    pub limit: Limit,
    /// When all of them would let it in, if nobody else comes first.
    pub retry_after: Duration,
}

/// An attempt that is under way. Whoever holds it settles it once; if nobody does, it has failed.
#[derive(Debug)]
#[must_use = "an attempt that is not settled has failed"]
pub struct Held {
    began: Timestamp,
    tiers: Vec<(Tier, Timestamp)>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It succeeded.
    Success,
    /// It failed.
    Failure,
    /// It was none, through no fault of the client: it is taken off every counter.
    Refund,
}

impl Held {
    /// An attempt that a store has let in under `tiers`. Each has its mark beside it: for an
    /// [`AtMost`](super::AtMost) the beginning of the window that it was counted in, for a
    /// [`Backoff`](super::Backoff) the `blocked_until` that it wrote, 1970 where it wrote none.
    pub fn granted(began: Timestamp, tiers: Vec<(Tier, Timestamp)>) -> Self {
        Self { began, tiers }
    }

    /// When it began.
    #[must_use]
    pub fn began(&self) -> Timestamp {
        self.began
    }

    /// What it is counted under, each with its mark.
    #[must_use]
    pub fn tiers(&self) -> &[(Tier, Timestamp)] {
        &self.tiers
    }
}

/// Decides about one more attempt. `counters` are those of the `tiers`, in the same order, and are
/// changed only where the attempt is granted.
///
/// ```
/// use auth_core::Timestamp;
/// use auth_core::throttle::{AtMost, AttemptKey, Counter, Limit, Reservation, Rule, Tier, Trust, reserve};
/// use std::time::Duration;
///
/// let once_a_minute = Rule::AtMost(AtMost::new(1, Duration::from_secs(60)));
/// let tier = Tier { limit: Limit::Client, key: AttemptKey::from_bits(1), rule: once_a_minute, trust: Trust::Ignored };
/// let mut counters = [Counter::FRESH];
/// let now = Timestamp::from_unix_seconds(1_700_000_000);
///
/// assert!(matches!(reserve(&[tier], &mut counters, now), Reservation::Granted(_)));
/// let Reservation::RetryAfter(refusal) = reserve(&[tier], &mut counters, now) else { panic!("let in twice") };
/// assert_eq!(refusal.retry_after, Duration::from_secs(60));
/// ```
pub fn reserve(tiers: &[Tier], counters: &mut [Counter], now: Timestamp) -> Reservation {
    let present: Vec<_> = tiers.iter().zip(&*counters).map(|(tier, counter)| counter.at(&tier.rule, now)).collect();
    if let Some(refusal) = refusal(tiers, &present, now) {
        return Reservation::RetryAfter(refusal);
    }
    let granted = tiers.iter().zip(counters).zip(present).map(|((tier, counter), present)| {
        let (taken, mark) = present.taken(&tier.rule, now);
        *counter = taken;
        (*tier, mark)
    });
    Reservation::Granted(Held { began: now, tiers: granted.collect() })
}

fn refusal(tiers: &[Tier], counters: &[Counter], now: Timestamp) -> Option<Refusal> {
    let known = tiers.iter().zip(counters).any(|(tier, counter)| tier.gives_trust() && counter.known_until > now);
    let refusals = tiers.iter().zip(counters).filter_map(|(tier, counter)| {
        let spared = known && tier.trust == Trust::Honoured;
        let retry_after = counter.refusal(&tier.rule, now).filter(|_| !spared)?;
        Some(Refusal { limit: tier.limit, retry_after })
    });
    refusals.reduce(|first, other| Refusal { retry_after: first.retry_after.max(other.retry_after), ..first })
}

/// What the counters of an attempt become when it has ended. `counters` are those of
/// [`Held::tiers`], in the same order.
pub fn settle(held: &Held, counters: &mut [Counter], verdict: Verdict, now: Timestamp) {
    for ((tier, mark), counter) in held.tiers.iter().zip(counters) {
        let present = counter.at(&tier.rule, now);
        *counter = match verdict {
            Verdict::Success => present.succeeded(&tier.rule, held.began, *mark),
            Verdict::Failure => present.failed(&tier.rule, held.began, now),
            Verdict::Refund => present.given_back(&tier.rule, held.began, *mark),
        };
        if let (Verdict::Success, Trust::Given(time)) = (verdict, tier.trust) {
            counter.known_until = now + time;
        }
    }
}

impl Tier {
    fn gives_trust(&self) -> bool {
        matches!(self.trust, Trust::Given(_))
    }
}
