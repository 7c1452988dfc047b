//! The product that both example servers are: accounts, and notes that only their owner reads.
//! Everything but the framework lives here, so that each server is one short file.

mod answer;
pub mod development;
mod metrics;
pub mod notes;
pub mod pages;
mod run;
pub mod settings;
mod signals;
mod sql;
mod start;

pub use answer::Answer;
pub use run::{REQUEST_DEADLINE, STOP_GRACE, Server, run};
pub use signals::StopSignal;
pub use start::{Product, Started, start};
