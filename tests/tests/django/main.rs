//! The user table of a Django project, served by us while Django may go on using it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what does not hold is a panic that says so"
)]

mod connection;
mod links;
mod minted;
mod names;
mod passwords;
mod project;
mod promises;
mod python;
mod replay;
mod side_by_side;
mod starts;
mod table;
mod tokens;
mod wire;
