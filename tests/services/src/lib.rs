//! Services outside Rust that some tests need: where they are on this machine, an empty place on
//! each of them, and servers that a test may stop.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test code: what does not hold is a panic that says so"
)]

mod own;
mod scratch;
mod service;

pub use own::{Identity, OwnServer};
pub use scratch::Scratch;
pub use service::{REQUIRE, Service};
