//! What tests need: a clock to move, randomness that repeats, and the suite that every store must
//! pass. Behind the feature `testing`; not held stable between versions.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "test code: a broken promise of a store is a panic that names it"
)]

mod clock;
mod random;
pub mod store;

pub use clock::TestClock;
pub use random::SeededRandom;
