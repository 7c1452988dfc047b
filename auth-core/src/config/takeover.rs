use std::sync::Arc;
use std::time::Duration;

use super::{Fault, Settings, Validated};
use crate::clock::Timestamp;
use crate::store::{Stores, TakeoverStore};

/// How long after the takeover its tokens are honoured, where nothing else is said.
const DEFAULT_TERM: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long after that it is still known which of them were spent, at least: for an operator who then
/// allows some more days.
const REMEMBERED: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Settings {
    /// Whether tokens that name no session, of the service from which this one takes over, are good
    /// and refresh. By default only in the profile `django`, on stores that know of a takeover; on
    /// without such stores is a fault.
    #[must_use]
    pub fn legacy_tokens(mut self, on: bool) -> Self {
        self.choices.legacy_tokens = Some(on);
        self
    }

    /// Until when they are; 30 days after the takeover by default. It can be put off until it is
    /// forgotten which of them were signed out: the absolute life of a session after it has passed,
    /// at least a week, and never before the default has passed.
    #[must_use]
    pub fn legacy_tokens_until(mut self, until: Timestamp) -> Self {
        self.choices.legacy_tokens_until = Some(until);
        self
    }
}

/// A takeover whose tokens are honoured.
pub(crate) struct Takeover {
    pub(crate) store: Arc<dyn TakeoverStore>,
    pub(crate) until: Timestamp,
    /// From when on nobody needs to know which tokens were spent.
    forgotten_from: Timestamp,
}

impl Takeover {
    /// The takeover that settings and stores agree on, if any; told to the operator.
    pub(crate) fn agreed(settings: &Validated, stores: &Stores) -> Result<Option<Self>, Fault> {
        let legacy = &settings.legacy;
        let store = match (&stores.takeover, legacy.is_demanded) {
            (Some(store), _) if settings.conduct.legacy_tokens => store.clone(),
            (None, true) => {
                return Err(Fault::new(
                    "legacy_tokens",
                    "it is on, and the stores know of no takeover",
                    "Use the store of a Django table, or turn it off",
                ));
            }
            _ => return Ok(None),
        };
        let term = store.taken_at() + DEFAULT_TERM;
        let until = legacy.until.unwrap_or(term);
        // A session that began with such a token may still be ended by it. And a day that was put too
        // early by mistake must not be the last word.
        let forgotten_from = until.max(term) + settings.lifetimes.absolute.max(REMEMBERED);
        tracing::info!(target: "auth", until = until.to_rfc3339(), "tokens of the service before this one are honoured");
        Ok(Some(Self { store, until, forgotten_from }))
    }

    /// Whether nobody needs to know any more which tokens were spent.
    pub(crate) fn is_forgotten(&self, now: Timestamp) -> bool {
        now >= self.forgotten_from
    }
}

/// What the host said about them.
pub(crate) struct Legacy {
    /// By the setter: not only by the profile.
    is_demanded: bool,
    until: Option<Timestamp>,
}

impl Legacy {
    pub(super) fn of(settings: &Settings) -> Self {
        let choices = &settings.choices;
        Self { is_demanded: choices.legacy_tokens == Some(true), until: choices.legacy_tokens_until }
    }
}
