//! The user's own notes: what the product is for besides accounts. Only their owner reads them;
//! for everybody else they do not exist.

mod memory;
mod note;
mod routes;
mod sql;
mod store;

pub use note::{Draft, DraftFault, Note};
pub use routes::Notes;

pub(crate) use memory::MemoryNotes;
pub(crate) use sql::SqlNotes;
