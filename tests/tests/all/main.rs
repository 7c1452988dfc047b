//! Every behaviour of the contract, told in actors and sentences; one module for each action.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what does not hold is a panic that says so"
)]

mod authority;
mod debug;
mod faults;
mod flood;
mod foreign_hashes;
mod get_user;
mod goes_away;
mod host;
mod http;
mod limits;
mod log;
mod manage;
mod properties;
mod races;
mod read_cache;
mod redis;
mod refresh;
mod restore;
mod signin;
mod signout;
mod signup;
mod smtp;
mod sql;
mod straddle;
mod table;
mod validation;
