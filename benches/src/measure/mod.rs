//! Figures: rounds in which the compared things take turns, ratios, and their table.

mod clock;
mod goal;
mod ratio;
mod report;
mod rounds;

pub use clock::{Stopwatch, nanoseconds_each};
pub use goal::Goal;
pub use ratio::{Ratio, median};
pub use report::Report;
pub use rounds::{ROUNDS, rounds};
