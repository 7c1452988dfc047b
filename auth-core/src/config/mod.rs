//! Settings: typed, set in code or read by their documented names, every fault reported at once.

mod fault;

pub use fault::{ConfigError, Fault};
