//! Development mode: one command for a newcomer, and not to be reached by losing a variable.
//!
//! [`Circumstances::decide`] is the rule, the mark in the database is its memory, and the mailbox
//! page stands in for a mail server.

mod banner;
mod decision;
mod keys;
mod mailbox;
mod mark;
mod stand_ins;

pub use decision::{Circumstances, DatabaseState};
pub use keys::DevelopmentKeys;
pub use mailbox::Mailbox;

pub(crate) use banner::banner;
pub(crate) use mark::{Claim, claim, look};
pub(crate) use stand_ins::StandIns;
