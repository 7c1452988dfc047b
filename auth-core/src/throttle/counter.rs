use std::time::Duration;

use super::{AtMost, Backoff, Rule};
use crate::clock::Timestamp;

/// How long an attempt may be under way: at least this, at most twice as long. If nobody has said by
/// then how it ended, it has failed.
pub const LEASE: Duration = Duration::from_secs(SLOT.unsigned_abs());

/// In seconds.
const SLOT: i64 = 30;

/// What is remembered of one key.
///
/// Attempts under way are counted by the slot of [`LEASE`] in which they began, so that a store keeps
/// no row for each of them: when the slot after the next begins, those that are left have failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    /// What was counted in the window, or failures in a row.
    pub failures: u32,
    /// When the window began, or the last failure happened.
    pub since: Timestamp,
    /// Until when nobody has a turn; only of a [`Backoff`].
    pub blocked_until: Timestamp,
    /// Attempts under way that began in the present slot; only of a [`Backoff`].
    pub open: u32,
    /// Attempts under way that began in the slot before; only of a [`Backoff`].
    pub open_before: u32,
    /// The present slot, by its number since 1970.
    pub slot: i64,
    /// Until when the key is one of a known client.
    pub known_until: Timestamp,
}

const NEVER: Timestamp = Timestamp::from_millis(0);

impl Counter {
    /// The counter of a key of which nothing is remembered.
    pub const FRESH: Self =
        Self { failures: 0, since: NEVER, blocked_until: NEVER, open: 0, open_before: 0, slot: 0, known_until: NEVER };

    /// From when on nothing of this counter means anything, so that a store may forget it.
    #[must_use]
    pub fn expires_at(&self, rule: &Rule) -> Timestamp {
        let (memory, under_way) = match rule {
            Rule::AtMost(rule) => (rule.per, NEVER),
            Rule::Backoff(rule) if self.open == 0 && self.open_before == 0 => (rule.memory, NEVER),
            Rule::Backoff(rule) => (rule.memory, leases_end(self.slot) + rule.memory),
        };
        let counted = if self.failures > 0 { self.since + memory } else { NEVER };
        counted.max(under_way).max(self.blocked_until).max(self.known_until)
    }

    /// Whether forgetting this counter would give somebody an attempt that the rule denies.
    #[must_use]
    pub fn bites(&self, rule: &Rule) -> bool {
        self.failures
            >= match rule {
                Rule::AtMost(rule) => rule.most,
                Rule::Backoff(rule) => rule.free,
            }
    }

    /// The counter when everything that was counted is forgotten, attempts under way included.
    #[must_use]
    pub fn forgotten(self) -> Self {
        Self { known_until: self.known_until, ..Self::FRESH }
    }

    /// Whether it says that a client is known, or was.
    pub(crate) fn knows_a_client(&self) -> bool {
        self.known_until > NEVER
    }

    /// The counter as time alone has changed it.
    pub(super) fn at(mut self, rule: &Rule, now: Timestamp) -> Self {
        // A clock that was set back must not keep anybody out for longer than the rule says.
        self.since = self.since.min(now);
        match rule {
            Rule::AtMost(rule) => {
                if now.since(self.since) >= rule.per {
                    self.failures = 0;
                }
            }
            Rule::Backoff(rule) => {
                self.blocked_until = self.blocked_until.min(now + rule.longest);
                self.end_leases(now);
                if now.since(self.since) >= rule.memory {
                    (self.failures, self.blocked_until) = (0, NEVER);
                }
            }
        }
        self
    }

    fn end_leases(&mut self, now: Timestamp) {
        let ended = match slot(now).saturating_sub(self.slot) {
            // Another server may be a moment ahead.
            -1..=0 => return,
            1 => std::mem::replace(&mut self.open_before, self.open),
            // Long ago, or the clock was set back: nobody can tell any more when they began.
            _ => std::mem::take(&mut self.open_before).saturating_add(self.open),
        };
        self.open = 0;
        self.slot = slot(now);
        if ended > 0 {
            self.failures = self.failures.saturating_add(ended);
            self.since = now;
        }
    }

    /// How long an attempt must wait, or `None` when it may begin.
    pub(super) fn refusal(&self, rule: &Rule, now: Timestamp) -> Option<Duration> {
        match rule {
            Rule::AtMost(AtMost { most, per }) => {
                (self.failures >= *most).then(|| (self.since + *per).since(now).max(Duration::from_millis(1)))
            }
            Rule::Backoff(_) => Some(self.blocked_until.since(now)).filter(|wait| !wait.is_zero()),
        }
    }

    /// The counter with one more attempt under way, and what a refund must know: the window that it
    /// was counted in, or the turn that it took.
    pub(super) fn taken(mut self, rule: &Rule, now: Timestamp) -> (Self, Timestamp) {
        match rule {
            Rule::AtMost(_) => {
                if self.failures == 0 {
                    self.since = now;
                }
                self.failures = self.failures.saturating_add(1);
                (self, self.since)
            }
            Rule::Backoff(rule) => {
                self.open = self.open.saturating_add(1);
                let Some(pause) = rule.pause(self.failures) else { return (self, NEVER) };
                self.blocked_until = now + pause;
                (self, self.blocked_until)
            }
        }
    }

    /// The attempt that began then failed.
    pub(super) fn failed(mut self, rule: &Rule, began: Timestamp, now: Timestamp) -> Self {
        let Rule::Backoff(rule) = rule else { return self };
        if self.close(began) {
            self.count(rule, now);
        }
        self
    }

    /// The attempt succeeded. `mark` is what [`Counter::taken`] gave.
    pub(super) fn succeeded(self, rule: &Rule, began: Timestamp, mark: Timestamp) -> Self {
        let mut closed = self.given_back(rule, began, mark);
        if let Rule::Backoff(_) = rule {
            (closed.failures, closed.blocked_until) = (0, NEVER);
        }
        closed
    }

    /// The attempt was none, through no fault of the client. The window or the turn is its own where it
    /// is not a later one: what began earlier and came after it has moved its beginning back.
    pub(super) fn given_back(mut self, rule: &Rule, began: Timestamp, mark: Timestamp) -> Self {
        match rule {
            Rule::AtMost(_) => {
                if self.since <= mark {
                    self.failures = self.failures.saturating_sub(1);
                }
            }
            Rule::Backoff(_) => {
                if !self.close(began) {
                    self.failures = self.failures.saturating_sub(1);
                }
                if self.blocked_until <= mark {
                    self.blocked_until = NEVER;
                }
            }
        }
        self
    }

    fn count(&mut self, rule: &Backoff, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.since = now;
        if let Some(pause) = rule.pause(self.failures) {
            self.blocked_until = self.blocked_until.max(now + pause);
        }
    }

    /// Takes one attempt off those under way; `false` when its lease is over, so that it was counted.
    fn close(&mut self, began: Timestamp) -> bool {
        let (its_own, other) = match self.slot.saturating_sub(slot(began)) {
            ..=0 => (&mut self.open, &mut self.open_before),
            1 => (&mut self.open_before, &mut self.open),
            _ => return false,
        };
        let open = if *its_own > 0 { its_own } else { other };
        let was_open = *open > 0;
        *open = open.saturating_sub(1);
        was_open
    }
}

fn slot(now: Timestamp) -> i64 {
    now.unix_seconds().div_euclid(SLOT)
}

/// When the lease of everything that began up to this slot has ended.
fn leases_end(slot: i64) -> Timestamp {
    Timestamp::from_unix_seconds(slot.saturating_add(2).saturating_mul(SLOT))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const RULE: Rule = Rule::Backoff(Backoff { free: 2, first: MINUTE, longest: MINUTE, memory: MINUTE });

    /// In the tenth slot, and this long after its beginning.
    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(10 * SLOT * 1_000 + millis)
    }

    fn under_way(began: Timestamp) -> Counter {
        Counter::FRESH.at(&RULE, began).taken(&RULE, began).0
    }

    #[test]
    fn a_failure_is_counted_once_on_either_side_of_a_slot() {
        for (began, ended) in [(at(0), at(1)), (at(-1), at(1)), (at(1), at(-1))] {
            let failed = under_way(began).at(&RULE, ended).failed(&RULE, began, ended);
            assert_eq!((failed.failures, failed.open + failed.open_before), (1, 0), "{began:?}, {ended:?}");
            assert_eq!(failed.at(&RULE, at(59_000)).failures, 1);
        }
    }

    #[test]
    fn an_attempt_that_nobody_settled_is_remembered_beyond_its_lease() {
        let counter = under_way(at(0));
        assert_eq!(counter.expires_at(&RULE), at(0) + 2 * LEASE + MINUTE);
        assert_eq!(counter.at(&RULE, at(0) + 2 * LEASE).failures, 1);
    }

    #[test]
    fn what_nobody_has_done_means_nothing_at_once() {
        assert_eq!(Counter::FRESH.expires_at(&RULE), NEVER);
        let settled = under_way(at(0)).succeeded(&RULE, at(0), NEVER);
        assert_eq!(settled.expires_at(&RULE), NEVER);
    }

    #[test]
    fn only_who_is_known_is_not_forgotten() {
        let counter = Counter { known_until: at(9), ..under_way(at(0)).failed(&RULE, at(0), at(1)) };
        assert_eq!(counter.forgotten(), Counter { known_until: at(9), ..Counter::FRESH });
    }
}
