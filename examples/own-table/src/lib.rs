//! An application that had members before it had this library: the accounts stay in its table
//! `members`, whose columns nobody changes. `docs/own-table.md` goes through it.
//!
//! - `members.rs` is the whole of the work: [`UserStore`](auth_core::store::UserStore) on the table.
//! - `adopt.rs` prepares the members who were there before.
//! - `member.rs` is what handlers see of one. `app.rs` puts it together.

mod adopt;
mod app;
mod member;
mod members;

pub use adopt::{Adopted, adopt};
pub use app::{app, auth, open};
pub use member::{Member, Plan};
pub use members::Members;
