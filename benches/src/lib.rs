//! What the benches are written in: rounds and ratios, the machine, server processes and load.
//!
//! A bench starts everything that it compares, lets numerator and denominator take turns, and
//! prints the median and the range of the ratio.

pub mod accounts;
pub mod floor;
pub mod kernel;
pub mod load;
pub mod machine;
pub mod measure;
pub mod process;
pub mod scratch;
pub mod setup;

/// What a bench ends with when it cannot measure.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
