//! From a row in the outbox to a mail that was sent.

mod compose;
mod pass;
mod shutdown;
mod worker;

pub use pass::DeliveryReport;

pub(crate) use worker::Worker;
