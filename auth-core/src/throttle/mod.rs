//! Limits as data, and the pure decisions about one more attempt.
//!
//! A [`Tier`] is one thing that is counted: a keyed digest and a [`Rule`]. What is remembered of it
//! is a [`Counter`] of seven integers, so that a store of any kind can decide about all tiers of an
//! attempt in one atomic step: read the counters, ask [`reserve`], write them back. Once the attempt
//! has ended, [`settle`] says what the counters become.

mod counter;
mod decision;
mod key;
mod limits;
mod rule;
mod throttling;
mod tier;

pub use counter::{Counter, LEASE};
pub use decision::{Held, Refusal, Reservation, Verdict, reserve, settle};
pub use key::AttemptKey;
pub use limits::Limits;
pub use rule::{AtMost, Backoff, Rule};
pub use tier::{Limit, Tier, Trust};

pub(crate) use key::AttemptKeys;
pub(crate) use throttling::Throttling;
