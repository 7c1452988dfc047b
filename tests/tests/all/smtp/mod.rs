//! Mail by SMTP against a real server, from the request for a restoring link to the new password.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "what a test cannot set up is its failure; the table of failures is printed"
)]

mod delivery;
mod failures;
mod owner;
mod server;
