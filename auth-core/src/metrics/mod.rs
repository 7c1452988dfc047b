//! Numbers for whoever runs a server, through the facade of the `metrics` crate.
//!
//! Without the feature `metrics` nothing is counted and nothing is asked for the time. Every label
//! has a value out of a fixed, small set: no name, address or id of anybody ever is one.

#[cfg(feature = "metrics")]
mod names;

use std::time::Duration;
#[cfg(feature = "metrics")]
use std::time::Instant;

/// Tells the recorder what the metrics mean.
pub(crate) fn describe() {
    #[cfg(feature = "metrics")]
    names::describe();
}

/// How long something takes, where that is counted.
pub(crate) struct Stopwatch {
    #[cfg(feature = "metrics")]
    begun: Instant,
}

impl Stopwatch {
    #[cfg_attr(
        feature = "metrics",
        expect(clippy::disallowed_methods, reason = "a duration is measured, not a moment asked for")
    )]
    pub(crate) fn start() -> Self {
        Self {
            #[cfg(feature = "metrics")]
            begun: Instant::now(),
        }
    }
}

/// An action has ended.
pub(crate) fn action(action: &'static str, outcome: &'static str, since: &Stopwatch) {
    #[cfg(feature = "metrics")]
    {
        metrics::counter!(names::ACTIONS, "action" => action, "outcome" => outcome).increment(1);
        metrics::histogram!(names::ACTION_SECONDS, "action" => action).record(since.begun.elapsed());
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (action, outcome, since);
}

/// A thread was busy with a job.
pub(crate) fn hashed(purpose: &'static str, took: Duration) {
    #[cfg(feature = "metrics")]
    metrics::histogram!(names::HASH_SECONDS, "purpose" => purpose).record(took);
    #[cfg(not(feature = "metrics"))]
    let _ = (purpose, took);
}

/// The pool had no room.
pub(crate) fn refused(purpose: &'static str) {
    #[cfg(feature = "metrics")]
    metrics::counter!(names::HASH_REFUSED, "purpose" => purpose).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = purpose;
}

/// Where a job is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum JobState {
    Queued,
    Running,
}

/// A job has come to this state.
pub(crate) fn job_in(state: JobState) {
    #[cfg(feature = "metrics")]
    metrics::gauge!(names::HASH_JOBS, "state" => state.as_str()).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = state;
}

/// A job has left this state.
pub(crate) fn job_out(state: JobState) {
    #[cfg(feature = "metrics")]
    metrics::gauge!(names::HASH_JOBS, "state" => state.as_str()).decrement(1);
    #[cfg(not(feature = "metrics"))]
    let _ = state;
}

#[cfg(feature = "metrics")]
impl JobState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
        }
    }
}

/// The pool holds so much more work.
pub(crate) fn work_taken(work: Duration) {
    #[cfg(feature = "metrics")]
    metrics::gauge!(names::HASH_WORK).increment(work);
    #[cfg(not(feature = "metrics"))]
    let _ = work;
}

/// The pool holds so much less work.
pub(crate) fn work_given_back(work: Duration) {
    #[cfg(feature = "metrics")]
    metrics::gauge!(names::HASH_WORK).decrement(work);
    #[cfg(not(feature = "metrics"))]
    let _ = work;
}
