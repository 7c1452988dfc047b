//! What a host gets: extractors and guards, the same on both frameworks.

mod extract;
mod guard;
mod missing;
