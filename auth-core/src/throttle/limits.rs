use std::num::NonZeroU32;
use std::time::Duration;

use super::{AtMost, Backoff};

/// Every limit, as data. The defaults are those that a service of any size can begin with.
///
/// ```
/// use auth_core::throttle::{AtMost, Limits};
/// use std::time::Duration;
///
/// let mut limits = Limits::default();
/// limits.client = AtMost::new(300, Duration::from_secs(60)); // a school behind one address
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Failed tries of one client, whatever the login; 30 a minute.
    pub client: AtMost,
    /// Failures of one client at one login: five are free, then there is a pause of a second, which
    /// doubles up to 15 minutes.
    pub login_and_client: Backoff,
    /// Failures at one login, whoever tries: after 20 in a row there is one try a minute.
    pub login: Backoff,
    /// How long a client that has signed in is spared the limit of the login, so that a stranger
    /// cannot keep the owner out; 30 days.
    pub known_client: Duration,
    /// Failures in a row after which a login is locked until its password is restored (NIST SP
    /// 800-63B allows 100). Off by default: whoever knows a name could lock its owner out.
    pub lock_after: Option<NonZeroU32>,
    /// Sign-ups of one client; 60 an hour.
    pub signup: AtMost,
    /// Mails that one client asks for; 20 an hour.
    pub mail_client: AtMost,
    /// Mails of one kind to one address; three an hour.
    pub mail_address: AtMost,
    /// The shortest time between two mails of one kind to one address; a minute. Zero: none.
    pub mail_pause: Duration,
    /// All mails that anybody asked for, counted when they are sent; 1,000 an hour. What is too many
    /// waits in the outbox.
    pub mail: AtMost,
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A lock is for good, as far as anybody who waits can tell.
const FOR_GOOD: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Default for Limits {
    fn default() -> Self {
        Self {
            client: AtMost::new(30, MINUTE),
            login_and_client: Backoff { free: 5, first: SECOND, longest: 15 * MINUTE, memory: DAY },
            login: Backoff { free: 20, first: MINUTE, longest: MINUTE, memory: DAY },
            known_client: 30 * DAY,
            lock_after: None,
            signup: AtMost::new(60, HOUR),
            mail_client: AtMost::new(20, HOUR),
            mail_address: AtMost::new(3, HOUR),
            mail_pause: MINUTE,
            mail: AtMost::new(1_000, HOUR),
        }
    }
}

impl Limits {
    /// The rule of the hard lock, where there is one.
    pub(crate) fn lock(&self) -> Option<Backoff> {
        let free = self.lock_after?.get();
        Some(Backoff { free, first: FOR_GOOD, longest: FOR_GOOD, memory: FOR_GOOD })
    }
}
