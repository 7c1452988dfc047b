use std::time::Duration;

use super::Settings;
use crate::throttle::{AtMost, Backoff, Limits};

impl Settings {
    /// How often somebody may try; on by default, with the values of [`Limits::default`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Counts nothing and refuses nobody: for a service whose limits are kept elsewhere. `build()`
    /// says so loudly.
    #[must_use]
    pub fn without_limits(mut self) -> Self {
        self.limits = None;
        self
    }
}

/// The longest window and pause: what a restored password does not end should end by itself.
const LONGEST: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// What is wrong with these limits.
pub(super) fn fault(limits: &Limits) -> Option<&'static str> {
    let windows = [limits.client, limits.signup, limits.mail_client, limits.mail_address, limits.mail];
    let backoffs = [limits.login_and_client, limits.login];
    let bounded = |time: Duration| !time.is_zero() && time <= LONGEST;
    let is_window = |window: &AtMost| window.most > 0 && bounded(window.per);
    let is_backoff = |backoff: &Backoff| {
        backoff.free > 0 && bounded(backoff.first) && bounded(backoff.memory) && backoff.first <= backoff.longest
    };
    if !windows.iter().all(is_window) || limits.mail_pause > LONGEST || !bounded(limits.known_client) {
        return Some("a limit lets nobody in, or lasts no time or over 31 days");
    }
    if !backoffs.iter().all(is_backoff) {
        return Some("a back-off has no free try, or a first pause that is none or longer than its longest");
    }
    let forgets_too_soon = backoffs.iter().any(|backoff| backoff.memory < backoff.longest);
    forgets_too_soon.then_some("a back-off forgets before its longest pause is over")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(change: impl Fn(&mut Limits)) -> bool {
        let mut limits = Limits::default();
        change(&mut limits);
        fault(&limits).is_some()
    }

    #[test]
    fn a_limit_that_lets_nobody_in_or_forgets_at_once_is_a_fault() {
        assert!(!broken(|_| {}));
        assert!(broken(|limits| limits.client.most = 0));
        assert!(broken(|limits| limits.mail.per = Duration::ZERO));
        assert!(broken(|limits| limits.mail_pause = 2 * LONGEST));
        assert!(broken(|limits| limits.login.free = 0));
        assert!(broken(|limits| limits.login_and_client.first = limits.login_and_client.longest * 2));
        assert!(broken(|limits| limits.login_and_client.memory = limits.login_and_client.longest / 2));
    }
}
